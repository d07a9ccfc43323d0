#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/error.h"

namespace revops {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, bool> value;
};

/// One JSON object a line on stderr: {"ts":…,"level":…,"event":…, fields}.
/// `event` is a stable snake_case noun phrase. Never payloads, row values, headers, credentials.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

/// The same with the error's code and description.
void LogError(std::string_view event, const Error& error,
              std::initializer_list<LogField> fields = {});

void SetLogLevel(LogLevel least);

/// Appends `text` as a JSON string literal; bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace revops
