#include "core/base/logging.h"

#include <array>
#include <cstddef>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/base/clock.h"

namespace revops {
namespace {

spdlog::logger& Logger() {
  static spdlog::logger logger = [] {
    spdlog::logger made("revops", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made.set_pattern("%v");
    made.flush_on(spdlog::level::trace);
    return made;
  }();
  return logger;
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

std::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      break;
  }
  return "error";
}

/// Well-formed UTF-8 sequences by their first byte; the second byte's bounds keep out overlong
/// forms, surrogates and what lies beyond U+10FFFF (Unicode 15, table 3-7).
struct Utf8Sequence {
  unsigned char first_min;
  unsigned char first_max;
  unsigned char second_min;
  unsigned char second_max;
  std::size_t length;
};
constexpr std::array kUtf8Sequences = {
    Utf8Sequence{0xC2, 0xDF, 0x80, 0xBF, 2}, Utf8Sequence{0xE0, 0xE0, 0xA0, 0xBF, 3},
    Utf8Sequence{0xE1, 0xEC, 0x80, 0xBF, 3}, Utf8Sequence{0xED, 0xED, 0x80, 0x9F, 3},
    Utf8Sequence{0xEE, 0xEF, 0x80, 0xBF, 3}, Utf8Sequence{0xF0, 0xF0, 0x90, 0xBF, 4},
    Utf8Sequence{0xF1, 0xF3, 0x80, 0xBF, 4}, Utf8Sequence{0xF4, 0xF4, 0x80, 0x8F, 4},
};

bool starts_with(std::string_view text, const Utf8Sequence& sequence) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.size() < sequence.length) return false;
  if (byte(1) < sequence.second_min || byte(1) > sequence.second_max) return false;
  for (std::size_t i = 2; i < sequence.length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

/// Length of the well-formed UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t Utf8Length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  for (const Utf8Sequence& sequence : kUtf8Sequences) {
    if (first < sequence.first_min || first > sequence.first_max) continue;
    return starts_with(text, sequence) ? sequence.length : 0;
  }
  return 0;
}

void AppendControl(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(c);
  out += "\\u00";
  out.push_back(kHex[value >> 4U]);
  out.push_back(kHex[value & 15U]);
}

void AppendField(std::string& line, const LogField& field) {
  line += ',';
  AppendJsonString(line, field.name);
  line += ':';
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    AppendJsonString(line, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
    line += std::to_string(*number);
  } else {
    line += std::get<bool>(field.value) ? "true" : "false";
  }
}

std::string Head(LogLevel level, std::string_view event) {
  std::string line = "{\"ts\":\"" + ToString(SystemClock().Now()) + "\",\"level\":\"";
  line += Name(level);
  line += "\",\"event\":";
  AppendJsonString(line, event);
  return line;
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out.push_back('"');
  while (!text.empty()) {
    const char c = text.front();
    if (const std::size_t length = Utf8Length(text); length != 1) {
      out += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
      text.remove_prefix(length == 0 ? 1 : length);
      continue;
    }
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      AppendControl(out, c);
    } else {
      out.push_back(c);
    }
    text.remove_prefix(1);
  }
  out.push_back('"');
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (!Logger().should_log(ToSpdlog(level))) return;
  std::string line = Head(level, event);
  for (const LogField& field : fields) AppendField(line, field);
  line += '}';
  Logger().log(ToSpdlog(level), line);
}

void LogError(std::string_view event, const Error& error, std::initializer_list<LogField> fields) {
  std::string line = Head(LogLevel::kError, event);
  const std::string description = Describe(error);
  AppendField(line, {"code", ToString(error.code)});
  AppendField(line, {"error", std::string_view(description)});
  for (const LogField& field : fields) AppendField(line, field);
  line += '}';
  Logger().log(spdlog::level::err, line);
}

void SetLogLevel(LogLevel least) { Logger().set_level(ToSpdlog(least)); }

}  // namespace revops
