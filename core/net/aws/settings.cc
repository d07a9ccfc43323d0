#include "core/net/aws/settings.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::size_t kFileBytesMax = std::size_t{1024} * 1024;
constexpr std::size_t kRegionBytesMax = 32;

using Sections = std::map<std::string, std::map<std::string, std::string>>;

/// `profile "a b"` → `profile a b`.
std::string SectionName(std::string_view header) {
  std::string name;
  for (const char c : header) {
    const bool is_blank = c == ' ' || c == '\t';
    if (is_blank && !name.empty() && name.back() != ' ') name += ' ';
    if (!is_blank && c != '"' && c != '\'') name += c;
  }
  return std::string(Trim(name));
}

Sections ReadFile(const AwsSettings& settings, const std::string& variable,
                  const std::string& usual) {
  auto path = settings.Variable(variable);
  if (!path) {
    const auto home = settings.Variable("HOME");
    if (!home) return {};
    path = *home + usual;
  }
  if (path->starts_with("~/")) {
    path = settings.Variable("HOME").value_or("") + path->substr(1);
  }
  return ReadSections(settings.read_file(*path).value_or(""));
}

void Merge(AwsProfile& profile, Sections& sections, const std::string& name) {
  const auto section = sections.find(name);
  if (section == sections.end()) return;
  profile.is_found = true;
  profile.values.merge(section->second);
}

bool IsRegion(std::string_view text) {
  return !text.empty() && text.size() <= kRegionBytesMax &&
         std::all_of(
             text.begin(), text.end(),
             [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }) &&
         text.front() != '-' && text.back() != '-';
}

}  // namespace

std::string_view Stripped(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::optional<std::string> ReadSmallFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kFileBytesMax + 1, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof()) {
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kFileBytesMax) return std::nullopt;
  return text;
}

std::optional<std::string> AwsSettings::Variable(const std::string& name) const {
  const auto value = environment(name);
  if (!value || Stripped(*value).empty()) return std::nullopt;
  return std::string(Stripped(*value));
}

std::optional<std::string> AwsProfile::value(const std::string& key) const {
  const auto found = values.find(key);
  if (found == values.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

Sections ReadSections(std::string_view text) {
  Sections sections;
  std::map<std::string, std::string>* section = nullptr;
  while (!text.empty()) {
    const std::string_view whole = TakeUntil(text, '\n');
    const std::string_view line = Stripped(whole);
    const bool is_nested = whole.starts_with(' ') || whole.starts_with('\t');
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      const std::size_t end = line.find(']');
      const bool is_whole = end != std::string_view::npos;
      section = is_whole ? &sections[SectionName(line.substr(1, end - 1))] : nullptr;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (section == nullptr || is_nested || equals == std::string_view::npos) continue;
    (*section)[std::string(Trim(line.substr(0, equals)))] = Trim(line.substr(equals + 1));
  }
  return sections;
}

AwsProfile ReadProfile(const AwsSettings& settings) {
  AwsProfile profile;
  const auto named = settings.Variable("AWS_PROFILE");
  profile.name = named.value_or("default");
  profile.is_named = named.has_value();
  Sections credentials = ReadFile(settings, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  Merge(profile, credentials, profile.name);
  Sections config = ReadFile(settings, "AWS_CONFIG_FILE", "/.aws/config");
  Merge(profile, config, "profile " + profile.name);
  if (profile.name == "default") Merge(profile, config, profile.name);
  return profile;
}

Result<std::optional<std::string>> FindAwsRegion(const AwsSettings& settings) {
  auto region = settings.Variable("AWS_REGION");
  if (!region) region = settings.Variable("AWS_DEFAULT_REGION");
  if (!region) region = ReadProfile(settings).value("region");
  if (region && !IsRegion(*region)) {
    return Fail(ErrorCode::kInvalidArgument,
                "what AWS_REGION, AWS_DEFAULT_REGION or the profile names is no AWS region");
  }
  return region;
}

}  // namespace revops::net
