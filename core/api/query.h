#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::api {

/// The parameters of a query string, each to be taken by whoever understands it; what nobody takes
/// is refused. Names and values are decoded ("+" is a space) and are valid UTF-8 without NUL.
class Query {
 public:
  /// Errors: kInvalidArgument naming the parameter that is malformed.
  static Result<Query> Parse(std::string_view text);

  /// nullopt when it is absent. Errors: kInvalidArgument when it occurs more than once.
  Result<std::optional<std::string>> TakeSingle(std::string_view name);
  /// Every value, in order.
  std::vector<std::string> TakeAll(std::string_view name);
  /// Errors: kInvalidArgument naming the first parameter that was not taken.
  Result<void> RefuseRest() const;

  bool empty() const { return parameters_.empty(); }

 private:
  struct Parameter {
    std::string name;
    std::string value;
    bool taken = false;
  };

  std::vector<Parameter> parameters_;
};

/// kInvalidArgument: "Parameter 'limit' must be …".
Unexpected RefuseParameter(std::string_view name, std::string_view why);

/// A whole number from 1 to `max`. Errors: kInvalidArgument naming the parameter.
Result<std::optional<std::uint64_t>> TakeLimit(Query& query, std::uint64_t max);

}  // namespace revops::api
