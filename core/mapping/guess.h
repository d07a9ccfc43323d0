#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/mapping/inspection.h"
#include "core/mapping/mapping.h"
#include "core/mapping/rates.h"

namespace revops::mapping {

/// Looks at the rows of a file, one after the other, and says in the end what its columns mean.
/// Memory does not grow with the number of rows.
class Guesser {
 public:
  /// `rates`: what amounts that name their currency are turned into another one by; may be nullptr.
  explicit Guesser(std::vector<std::string> file_columns, const RateTable* rates = nullptr);
  ~Guesser();
  Guesser(Guesser&&) noexcept;

  /// By column of the file.
  void Add(std::span<const std::optional<std::string_view>> values);

  struct Guess {
    Mapping mapping;
    std::vector<Question> questions;
    std::vector<Finding> findings;
  };
  Guess MakeGuess() const;

  /// For Inspection::columns.
  std::vector<FileColumn> Columns() const;
  /// What is still open under a mapping that a person has chosen or that was remembered.
  std::vector<Finding> FindingsFor(const Mapping& mapping) const;
  /// The currency that the mapping's currency_column names in every row, if the mapping names none:
  /// without it the next file could be in another one.
  std::optional<std::string> CurrencyNamedFor(const Mapping& mapping) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops::mapping
