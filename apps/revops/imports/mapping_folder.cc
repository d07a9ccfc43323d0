#include "apps/revops/imports/mapping_folder.h"

#include <algorithm>

#include "apps/revops/imports/durable_file.h"

namespace revops::app {
namespace {

constexpr std::size_t kNameMax = 48;

/// What a file's name gives for a mapping's: small letters, digits, and "-" for all between them.
std::string PlainName(std::string_view file_name) {
  std::string plain;
  for (const char c : file_name.substr(0, file_name.rfind('.'))) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool fits = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (fits && plain.size() < kNameMax) plain += lower;
    if (!fits && !plain.empty() && plain.back() != '-') plain += '-';
  }
  while (plain.ends_with('-')) plain.pop_back();
  return plain.empty() || plain == mapping::kOwnColumnsName ? "file" : plain;
}

}  // namespace

std::filesystem::path MappingFolder::File(std::string_view name) const {
  return folder_ / (std::string(name) + ".toml");
}

MappingFolder::Contents MappingFolder::Read() const {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder_, error)) {
    if (item.path().extension() == ".toml") files.push_back(item.path());
  }
  std::sort(files.begin(), files.end());
  Contents contents;
  for (const std::filesystem::path& file : files) {
    const auto text = ReadWholeFile(file);
    auto mapping = text ? mapping::ParseToml(text->value_or(""), file.stem().string())
                        : Result<mapping::Mapping>(Fail(text.error()));
    if (mapping) {
      contents.mappings.push_back(*std::move(mapping));
    } else {
      contents.errors.push_back(mapping.error());
    }
  }
  return contents;
}

std::string MappingFolder::NameFor(std::string_view file_name, std::string_view shape) const {
  const std::string plain = PlainName(file_name);
  const std::vector<mapping::Mapping> taken = Read().mappings;
  for (int number = 1;; ++number) {
    const std::string name = number == 1 ? plain : plain + "-" + std::to_string(number);
    const bool is_free = std::none_of(taken.begin(), taken.end(), [&](const auto& mapping) {
      return mapping.name == name && mapping.shape != shape;
    });
    if (is_free) return name;
  }
}

Result<std::optional<std::string>> MappingFolder::Text(std::string_view name) const {
  return ReadWholeFile(File(name));
}

Result<std::string> MappingFolder::SaveDraft(const mapping::Mapping& mapping) const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  std::filesystem::path file = File(mapping.name);
  file += ".draft";
  REVOPS_TRY(ReplaceFile(file, mapping::ToToml(mapping)));
  return file.string();
}

Result<void> MappingFolder::Save(const mapping::Mapping& mapping) const {
  return PutBack(mapping.name, mapping::ToToml(mapping));
}

Result<void> MappingFolder::PutBack(std::string_view name,
                                    const std::optional<std::string>& text) const {
  std::error_code error;
  if (!text) {
    std::filesystem::remove(File(name), error);
    if (!error) return {};
    return Fail(ErrorCode::kUnavailable,
                "cannot remove " + File(name).string() + ": " + error.message());
  }
  std::filesystem::create_directories(folder_, error);
  return ReplaceFile(File(name), *text);
}

}  // namespace revops::app
