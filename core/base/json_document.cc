#include "core/base/json_document.h"

#include <boost/json.hpp>

namespace revops {
namespace {

constexpr std::size_t kDepthMax = 16;
constexpr std::uint64_t kCountMax = std::uint64_t{1} << 53U;
constexpr Int128 kCentsMax = Int128{1} << 100U;  // as in a cube: sums of some cannot overflow

const boost::json::value* Member(const boost::json::value* object, std::string_view name) {
  const auto* members = object != nullptr ? object->if_object() : nullptr;
  const auto* value = members != nullptr ? members->if_contains(name) : nullptr;
  return value == nullptr || value->is_null() ? nullptr : value;
}

}  // namespace

struct JsonDocument::Impl {
  boost::json::value value;
};

JsonDocument::JsonDocument(std::string_view bytes, std::string name)
    : name_(std::move(name)), impl_(std::make_unique<Impl>()) {
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::error_code error;
  impl_->value = boost::json::parse(bytes, error, {}, options);
  if (error) {
    refusal_ = "is not JSON";
  } else if (!impl_->value.is_object()) {
    refusal_ = "is not an object";
  }
}

JsonDocument::~JsonDocument() = default;

JsonValue JsonDocument::root() { return {&impl_->value, this}; }

Result<void> JsonDocument::CheckFormat(int format_max) {
  const std::uint64_t format = root().Count("format");
  REVOPS_TRY(status());
  if (format > static_cast<std::uint64_t>(format_max)) {
    return Fail(ErrorCode::kUnsupported, name_ + " has format " + std::to_string(format) +
                                             ", written by a newer version: use that one");
  }
  return {};
}

Result<void> JsonDocument::status() const {
  if (!refusal_) return {};
  return Fail(ErrorCode::kCorrupt, name_ + " " + *refusal_);
}

const JsonValue::Node* JsonValue::Find(std::string_view name) const { return Member(node_, name); }

const JsonValue::Node* JsonValue::Require(std::string_view name) const {
  const Node* found = Find(name);
  if (found == nullptr) Refuse("lacks \"" + std::string(name) + "\"");
  return found;
}

void JsonValue::Refuse(std::string_view what) const {
  if (!document_->refusal_) document_->refusal_ = std::string(what);
}

std::string JsonValue::TextOf(const Node* node, std::string_view name) const {
  if (node == nullptr) return {};
  if (const auto* text = node->if_string()) return std::string(text->data(), text->size());
  Refuse("has no text in \"" + std::string(name) + "\"");
  return {};
}

std::uint64_t JsonValue::CountOf(const Node* node, std::string_view name) const {
  if (node == nullptr) return 0;
  const auto* count = node->if_int64();
  if (count != nullptr && *count >= 0 && static_cast<std::uint64_t>(*count) <= kCountMax) {
    return static_cast<std::uint64_t>(*count);
  }
  Refuse("has no count in \"" + std::string(name) + "\"");
  return 0;
}

std::string JsonValue::Text(std::string_view name) const { return TextOf(Require(name), name); }
std::string JsonValue::AsText() const { return TextOf(node_, "a list"); }
std::optional<std::string> JsonValue::AsMaybeText() const {
  return node_ == nullptr || node_->is_null() ? std::nullopt : std::optional(AsText());
}
std::uint64_t JsonValue::Count(std::string_view name) const { return CountOf(Require(name), name); }

Instant JsonValue::At(std::string_view name) const {
  const auto at = ParseInstant(Text(name));
  if (!at) Refuse("has no instant in \"" + std::string(name) + "\"");
  return at.value_or(Instant());
}

Date JsonValue::On(std::string_view name) const {
  const auto date = Date::Parse(Text(name));
  if (!date) Refuse("has no date in \"" + std::string(name) + "\"");
  return date.value_or(Date());
}

Money JsonValue::Amount(std::string_view name) const {
  const auto amount = Money::Parse(Text(name));
  if (amount && amount->cents() <= kCentsMax && amount->cents() >= -kCentsMax) return *amount;
  Refuse("has no amount in \"" + std::string(name) + "\"");
  return Money();
}

bool JsonValue::Flag(std::string_view name) const {
  const Node* node = Require(name);
  const bool* flag = node != nullptr ? node->if_bool() : nullptr;
  if (node != nullptr && flag == nullptr) {
    Refuse("has neither true nor false in \"" + std::string(name) + "\"");
  }
  return flag != nullptr && *flag;
}

std::vector<std::string> JsonValue::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  for (const JsonValue& item : Array(name)) texts.push_back(item.AsText());
  return texts;
}

JsonValue JsonValue::Object(std::string_view name) const {
  const Node* node = Require(name);
  if (node != nullptr && !node->is_object()) {
    Refuse("has no object in \"" + std::string(name) + "\"");
  }
  return {node, document_};
}

std::vector<JsonValue> JsonValue::Array(std::string_view name) const {
  const Node* node = Require(name);
  if (node == nullptr) return {};
  const auto* array = node->if_array();
  if (array == nullptr) {
    Refuse("has no list in \"" + std::string(name) + "\"");
    return {};
  }
  std::vector<JsonValue> values;
  values.reserve(array->size());
  for (const boost::json::value& value : *array) {
    values.push_back({&value, document_});
  }
  return values;
}

std::vector<std::pair<std::string, JsonValue>> JsonValue::Map(std::string_view name) const {
  const JsonValue object = Object(name);
  const auto* members = object.node_ != nullptr ? object.node_->if_object() : nullptr;
  if (members == nullptr) return {};
  std::vector<std::pair<std::string, JsonValue>> values;
  values.reserve(members->size());
  for (const auto& member : *members) {
    values.emplace_back(std::string(member.key().data(), member.key().size()),
                        JsonValue(&member.value(), document_));
  }
  return values;
}

std::optional<std::string> JsonValue::MaybeText(std::string_view name) const {
  const Node* node = Find(name);
  return node == nullptr ? std::nullopt : std::optional(TextOf(node, name));
}

std::optional<std::uint64_t> JsonValue::MaybeCount(std::string_view name) const {
  const Node* node = Find(name);
  return node == nullptr ? std::nullopt : std::optional(CountOf(node, name));
}

std::optional<Instant> JsonValue::MaybeAt(std::string_view name) const {
  return Find(name) == nullptr ? std::nullopt : std::optional(At(name));
}

std::optional<JsonValue> JsonValue::MaybeObject(std::string_view name) const {
  return Find(name) == nullptr ? std::nullopt : std::optional(Object(name));
}

}  // namespace revops
