#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace revops::foreign {

/// How many of a file's first rows tell where its table begins.
inline constexpr std::size_t kHeadRowsMax = 100;

/// What a row at the beginning looks like.
struct RowForm {
  std::size_t fields = 0;  ///< 0: a blank one
  std::size_t filled = 0;  ///< fields that are not empty
};

/// Which of the first rows names the columns: the first that is not blank, unless it and those
/// after it are titles, as reports have them, over something wider. nullopt: all are blank.
std::optional<std::size_t> FindHeader(std::span<const RowForm> head);

/// Names as the columns are known by: trimmed, "Column 3" for none, "Amount (2)" for one that is
/// there twice, which adds to `findings`.
/// Errors: kInvalidArgument for more columns or longer names than a table has.
Result<std::vector<std::string>> NameColumns(
    std::span<const std::optional<std::string_view>> header, std::vector<std::string>& findings);

/// Holds back what reports write below a table: after a blank row, rows that are too short, up to
/// the end.
class FooterFilter {
 public:
  using Emit = std::function<Result<void>(std::uint64_t number,
                                          std::span<const std::optional<std::string_view>> values)>;

  FooterFilter(std::size_t column_count, Emit emit);

  void TakeBlank() { after_blank_ = true; }
  Result<void> Take(std::uint64_t number, std::span<const std::optional<std::string_view>> values);
  /// The footer, in one sentence; nullopt: there was none.
  std::optional<std::string> Finish() const;

 private:
  struct Held {
    std::uint64_t number = 0;
    std::vector<std::optional<std::string>> values;
  };
  bool is_short(std::span<const std::optional<std::string_view>> values) const;

  static constexpr std::size_t kHeldMax = 50;
  std::size_t column_count_;
  Emit emit_;
  bool after_blank_ = false;
  std::vector<Held> held_;
};

}  // namespace revops::foreign
