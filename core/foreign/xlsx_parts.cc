#include "core/foreign/xlsx_parts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/foreign/number_format.h"
#include "core/foreign/text_encoding.h"
#include "core/foreign/xml_reader.h"

namespace revops::foreign {
namespace {

constexpr std::size_t kListMax = 100'000;
constexpr const char* kWorkbook = "xl/workbook.xml";
constexpr const char* kSaveAs = "; open it in the spreadsheet program and save it as .xlsx or CSV";

bool is_true(std::string_view text) { return text == "1" || text == "true"; }

class WorkbookHandler final : public XmlHandler {
 public:
  struct Sheet {
    std::string name;
    std::string id;
    bool is_hidden = false;
  };
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr") counts_from_1904 = is_true(attributes.Get("date1904"));
    if (name != "sheet" || sheets.size() == kListMax) return;
    const std::string_view state = attributes.Get("state");
    sheets.push_back({std::string(attributes.Get("name")), std::string(attributes.Get("id")),
                      !state.empty() && state != "visible"});
  }
  void End(std::string_view /*name*/) override {}
  void Text(std::string_view /*text*/) override {}

  std::vector<Sheet> sheets;
  bool counts_from_1904 = false;
};

/// What the workbook refers to: id → kind and member.
class RelationsHandler final : public XmlHandler {
 public:
  struct Target {
    std::string kind;  ///< the last part of its type: "worksheet"
    std::string member;
  };
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || targets.size() == kListMax) return;
    const std::string_view type = attributes.Get("Type");
    const std::string_view target = attributes.Get("Target");
    const std::string member =
        target.starts_with('/') ? std::string(target.substr(1)) : "xl/" + std::string(target);
    targets[std::string(attributes.Get("Id"))] = {std::string(type.substr(type.rfind('/') + 1)),
                                                  member};
  }
  void End(std::string_view /*name*/) override {}
  void Text(std::string_view /*text*/) override {}

  std::map<std::string, Target> targets;
};

class StylesHandler final : public XmlHandler {
 public:
  void Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "cellXfs") is_in_cells_ = true;
    if (name == "numFmt" && own_.size() < kListMax) {
      const std::string_view code = attributes.Get("formatCode");
      own_[std::string(attributes.Get("numFmtId"))] = {is_date_format(code),
                                                       CurrencyOfFormat(code)};
    }
    if (name != "xf" || !is_in_cells_ || styles.are_dates.size() == kListMax) return;
    const std::string id(attributes.Get("numFmtId"));
    const auto own = own_.find(id);
    const Format format =
        own != own_.end()
            ? own->second
            : Format{is_date_format(static_cast<unsigned>(ParseIndex(id).value_or(0))), {}};
    styles.are_dates.push_back(format.is_date);
    styles.currencies.push_back(format.is_date ? std::string() : format.currency);
  }
  void End(std::string_view name) override {
    if (name == "cellXfs") is_in_cells_ = false;
  }
  void Text(std::string_view /*text*/) override {}

  CellStyles styles;

 private:
  struct Format {
    bool is_date = false;
    std::string currency;
  };
  std::map<std::string, Format> own_;
  bool is_in_cells_ = false;
};

Result<void> CheckKind(const ZipArchive& archive) {
  const auto refuse = [](std::string what) {
    return Fail(ErrorCode::kInvalidArgument, std::move(what) + kSaveAs);
  };
  if (archive.has("xl/vbaProject.bin")) return refuse("it is a workbook with macros");
  if (archive.has(kWorkbook)) return {};
  if (archive.has("xl/workbook.bin")) return refuse("it is a binary workbook (.xlsb)");
  if (archive.has("content.xml")) return refuse("it is an OpenDocument sheet (.ods)");
  if (archive.has("word/document.xml")) return refuse("it is a text document, not a workbook");
  return Fail(ErrorCode::kInvalidArgument, "it is a .zip archive, not a workbook; unpack it first");
}

}  // namespace

std::optional<std::size_t> ParseIndex(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  std::size_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

void AppendUnescaped(std::string& out, std::string_view text) {
  for (;;) {
    const auto at = text.find("_x");
    if (at == std::string_view::npos) break;
    out += text.substr(0, at);
    text.remove_prefix(at);
    std::uint32_t character = 0;
    bool is_escape = text.size() >= 7 && text[6] == '_';
    for (std::size_t i = 2; is_escape && i < 6; ++i) {
      const char c = text[i];
      const bool is_digit = c >= '0' && c <= '9';
      const char lower = static_cast<char>(c | 0x20);
      const bool is_letter = lower >= 'a' && lower <= 'f';
      is_escape = is_digit || is_letter;
      character =
          character * 16 + static_cast<std::uint32_t>(is_digit ? c - '0' : lower - 'a' + 10);
    }
    is_escape = is_escape && character != 0 && (character < 0xD800 || character > 0xDFFF);
    if (is_escape) {
      AppendUtf8(out, character);
    } else {
      out += "_x";
    }
    text.remove_prefix(is_escape ? 7 : 2);
  }
  out += text;
}

Result<WorkbookParts> ReadWorkbook(ZipArchive& archive) {
  REVOPS_TRY(CheckKind(archive));
  WorkbookHandler workbook;
  REVOPS_TRY(ReadXml(archive, kWorkbook, workbook));
  RelationsHandler relations;
  REVOPS_TRY(ReadXml(archive, "xl/_rels/workbook.xml.rels", relations));
  WorkbookParts parts;
  parts.counts_from_1904 = workbook.counts_from_1904;
  for (const auto& [id, target] : relations.targets) {
    if (!archive.has(target.member)) continue;
    if (target.kind == "sharedStrings") parts.texts_member = target.member;
    if (target.kind == "styles") parts.styles_member = target.member;
  }
  for (const auto& sheet : workbook.sheets) {
    const auto target = relations.targets.find(sheet.id);
    const bool is_sheet = target != relations.targets.end() && target->second.kind == "worksheet" &&
                          archive.has(target->second.member);
    if (is_sheet) parts.sheets.push_back({sheet.name, target->second.member, sheet.is_hidden});
  }
  return parts;
}

Result<CellStyles> ReadCellStyles(ZipArchive& archive, const std::string& member) {
  StylesHandler handler;
  if (!member.empty()) REVOPS_TRY(ReadXml(archive, member, handler));
  return std::move(handler.styles);
}

/// <si> is one text, in runs <r> or plain; <rPh> says how it is spoken and is no part of it.
class SharedTextsHandler final : public XmlHandler {
 public:
  explicit SharedTextsHandler(SharedTexts& texts) : texts_(texts) {}

  void Start(std::string_view name, const XmlAttributes& /*attributes*/) override {
    if (name == "si") raw_.clear();
    if (name == "rPh") ++spoken_;
    if (name == "t") is_text_ = spoken_ == 0;
  }
  void End(std::string_view name) override {
    if (name == "rPh" && spoken_ > 0) --spoken_;
    if (name == "t") is_text_ = false;
    if (name != "si" || is_full_) return;
    AppendUnescaped(texts_.bytes_, raw_);
    is_full_ = texts_.bytes_.size() > SharedTexts::kBytesMax ||
               texts_.ends_.size() > SharedTexts::kBytesMax / 8;
    if (!is_full_) texts_.ends_.push_back(static_cast<std::uint32_t>(texts_.bytes_.size()));
  }
  void Text(std::string_view text) override {
    if (!is_text_) return;
    raw_ += text;
    is_full_ = is_full_ || raw_.size() > SharedTexts::kBytesMax;
  }
  Result<bool> Continue() override {
    if (!is_full_) return true;
    return Fail(ErrorCode::kInvalidArgument,
                "the workbook holds more than 256 MB of texts; split it or save it as CSV");
  }

 private:
  SharedTexts& texts_;
  std::string raw_;
  int spoken_ = 0;
  bool is_text_ = false;
  bool is_full_ = false;
};

Result<SharedTexts> SharedTexts::Read(ZipArchive& archive, const std::string& member) {
  SharedTexts texts;
  SharedTextsHandler handler(texts);
  if (!member.empty()) REVOPS_TRY(ReadXml(archive, member, handler));
  return texts;
}

}  // namespace revops::foreign
