#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/logging.h"
#include "core/base/money.h"

namespace revops {

/// Appends compact JSON in the order of the calls: equal calls give equal bytes. Commas are set by
/// what the text ends with, so that it can go on where somebody else stopped.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& Key(std::string_view name) {
    Separate();
    AppendJsonString(out_, name);
    out_.push_back(':');
    return *this;
  }

  void Begin(char bracket) {
    Separate();
    out_.push_back(bracket);
  }
  void End(char bracket) { out_.push_back(bracket); }

  void Text(std::string_view value) {
    Separate();
    AppendJsonString(out_, value);
  }
  void Count(std::uint64_t value) { Raw(std::to_string(value)); }
  void Bool(bool value) { Raw(value ? "true" : "false"); }
  void Null() { Raw("null"); }
  /// Amounts and instants need no escapes.
  void Amount(Money value) { Raw('"' + value.ToString() + '"'); }
  void At(Instant value) { Raw('"' + revops::ToString(value) + '"'); }

  void Text(const std::optional<std::string>& value) { value ? Text(*value) : Null(); }
  void Text(const std::string& value) { Text(std::string_view(value)); }
  void Text(const char* value) { Text(std::string_view(value)); }
  void Count(const std::optional<std::uint64_t>& value) { value ? Count(*value) : Null(); }
  void At(const std::optional<Instant>& value) { value ? At(*value) : Null(); }

  void Texts(const std::vector<std::string>& values) {
    Begin('[');
    for (const std::string& value : values) Text(value);
    End(']');
  }
  /// A finished JSON value.
  void Raw(std::string_view json) {
    Separate();
    out_ += json;
  }

 private:
  void Separate() {
    constexpr std::string_view kOpening = "{[:,";
    if (!out_.empty() && kOpening.find(out_.back()) == std::string_view::npos) out_.push_back(',');
  }

  std::string& out_;
};

}  // namespace revops
