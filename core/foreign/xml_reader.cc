#include "core/foreign/xml_reader.h"

#include <memory>
#include <string>
#include <type_traits>

#include <expat.h>

namespace revops::foreign {
namespace {

struct ParserDeleter {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};
using Parser = std::unique_ptr<std::remove_pointer_t<XML_Parser>, ParserDeleter>;

std::string_view WithoutPrefix(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

struct Reading {
  XML_Parser parser = nullptr;
  XmlHandler* handler = nullptr;
};

void OnStart(void* data, const char* name, const char** pairs) {
  static_cast<Reading*>(data)->handler->Start(WithoutPrefix(name), XmlAttributes(pairs));
}
void OnEnd(void* data, const char* name) {
  static_cast<Reading*>(data)->handler->End(WithoutPrefix(name));
}
void OnText(void* data, const char* text, int size) {
  static_cast<Reading*>(data)->handler->Text({text, static_cast<std::size_t>(size)});
}
void OnDocumentType(void* data, const char* /*name*/, const char* /*system*/,
                    const char* /*is_public*/, int /*has_subset*/) {
  XML_StopParser(static_cast<Reading*>(data)->parser, XML_FALSE);
}

Unexpected Damaged() {
  return Fail(ErrorCode::kInvalidArgument, "the workbook is damaged; open it and save it anew");
}

}  // namespace

std::optional<std::string_view> XmlAttributes::Find(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (WithoutPrefix(pair[0]) == name) return pair[1];
  }
  return std::nullopt;
}

Result<void> ReadXml(ZipArchive& archive, std::string_view member, XmlHandler& handler) {
  const Parser parser(XML_ParserCreate(nullptr));
  if (!parser) return Fail(ErrorCode::kResourceExhausted, "there is no memory for XML");
  Reading reading{parser.get(), &handler};
  XML_SetUserData(parser.get(), &reading);
  XML_SetElementHandler(parser.get(), OnStart, OnEnd);
  XML_SetCharacterDataHandler(parser.get(), OnText);
  XML_SetStartDoctypeDeclHandler(parser.get(), OnDocumentType);
  bool is_stopped = false;
  REVOPS_TRY(archive.Read(member, [&](std::string_view piece) -> Result<bool> {
    const auto state =
        XML_Parse(parser.get(), piece.data(), static_cast<int>(piece.size()), XML_FALSE);
    if (state != XML_STATUS_OK) return Damaged();
    auto goes_on = handler.Continue();
    is_stopped = goes_on && !*goes_on;
    return goes_on;
  }));
  if (is_stopped) return {};
  if (XML_Parse(parser.get(), "", 0, XML_TRUE) != XML_STATUS_OK) return Damaged();
  const auto goes_on = handler.Continue();
  return goes_on ? Result<void>() : Fail(goes_on.error());
}

}  // namespace revops::foreign
