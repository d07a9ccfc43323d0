#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/money.h"
#include "core/base/result.h"

namespace boost::json {
class value;
}

namespace revops {

class JsonDocument;

/// One value of a document. Reads members by name and says what they must be; the first one that
/// does not fit is kept in the document, and reading goes on with empty values. Members that are
/// not asked for are ignored. Valid as long as the document.
class JsonValue {
 public:
  /// Required members.
  std::string Text(std::string_view name) const;
  std::uint64_t Count(std::string_view name) const;  ///< 0 … 2^53
  Instant At(std::string_view name) const;
  Date On(std::string_view name) const;
  Money Amount(std::string_view name) const;
  bool Flag(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;
  JsonValue Object(std::string_view name) const;
  std::vector<JsonValue> Array(std::string_view name) const;
  /// The members of an object that maps names to values, in their order.
  std::vector<std::pair<std::string, JsonValue>> Map(std::string_view name) const;

  /// It is there, and not null.
  bool has(std::string_view name) const { return Find(name) != nullptr; }
  /// nullopt: absent or null.
  std::optional<std::string> MaybeText(std::string_view name) const;
  std::optional<std::uint64_t> MaybeCount(std::string_view name) const;
  std::optional<Instant> MaybeAt(std::string_view name) const;
  std::optional<JsonValue> MaybeObject(std::string_view name) const;

  /// This value itself.
  std::string AsText() const;
  std::optional<std::string> AsMaybeText() const;

  /// Records that the document does not fit.
  void Refuse(std::string_view what) const;

 private:
  friend class JsonDocument;
  using Node = boost::json::value;

  JsonValue(const Node* node, JsonDocument* document) : node_(node), document_(document) {}
  const Node* Find(std::string_view name) const;
  const Node* Require(std::string_view name) const;
  std::string TextOf(const Node* node, std::string_view name) const;
  std::uint64_t CountOf(const Node* node, std::string_view name) const;

  const Node* node_;  ///< nullptr: something that was missing
  JsonDocument* document_;
};

/// A parsed document and whether everything read from it fitted.
class JsonDocument {
 public:
  /// `name` is what errors call it: "the pointer".
  JsonDocument(std::string_view bytes, std::string name);
  ~JsonDocument();
  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  JsonValue root();
  /// Checks the member "format": kUnsupported when it is newer than `format_max`.
  Result<void> CheckFormat(int format_max);
  /// kCorrupt with the first thing that did not fit.
  Result<void> status() const;

 private:
  friend class JsonValue;
  struct Impl;

  std::string name_;
  std::unique_ptr<Impl> impl_;
  std::optional<std::string> refusal_;
};

}  // namespace revops
