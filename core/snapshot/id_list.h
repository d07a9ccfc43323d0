#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/money.h"
#include "core/sales/schema.h"

namespace revops::snapshot {

/// Collects the ids of one month for its ids object: each id once, ascending as the schema orders
/// ids, one a line, escaped as in the rows.
class IdList {
 public:
  explicit IdList(const sales::Schema& schema) : is_numeric_(schema.has_numeric_ids()) {}

  /// An id once for each date that it occurs on.
  /// False when the schema's ids are numbers and this is none in shortest decimal of 38 digits.
  bool Add(std::string_view id);

  struct Content {
    std::string lines;
    std::vector<std::string> repeated;  ///< ids that were added several times
  };
  /// Empties the list.
  Content Finish();

 private:
  template <class Value, class AppendValue>
  static Content Write(std::vector<Value>& values, AppendValue append);

  bool is_numeric_;
  std::vector<Int128> numbers_;
  std::string texts_;
  std::vector<std::pair<std::size_t, std::size_t>> text_places_;  ///< offset and size in texts_
};

}  // namespace revops::snapshot
