#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "core/base/result.h"

namespace revops::mapping {

/// Members of a JSON object that came from outside. The first that does not fit is kept, and
/// reading goes on with empty values.
class JsonFields {
 public:
  explicit JsonFields(const boost::json::object& object) : object_(object) {}

  std::string Text(std::string_view name);
  std::optional<std::string> MaybeText(std::string_view name);
  std::uint64_t Count(std::string_view name);
  bool Flag(std::string_view name);
  /// It is absent or null.
  bool is_null(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name);
  /// Empty ones where they are missing.
  const boost::json::object& Object(std::string_view name);
  const boost::json::array& Array(std::string_view name);

  void Refuse(std::string_view name, std::string_view what);
  const std::optional<std::string>& problem() const { return problem_; }

 private:
  const boost::json::value* Find(std::string_view name) const;

  const boost::json::object& object_;
  std::optional<std::string> problem_;
};

/// The object that `text` is; nullopt: it is none, or nested deeper than ours are.
std::optional<boost::json::object> ParseJsonObject(std::string_view text);

/// A list of strings.
void AppendTexts(std::string& out, const std::vector<std::string>& texts);
/// A string, or null.
void AppendText(std::string& out, const std::optional<std::string>& text);

}  // namespace revops::mapping
