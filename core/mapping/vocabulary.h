#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/mapping/mapping.h"

namespace revops::mapping {

/// A column's name as it is compared: folded, without blanks, marks and the prefixes that systems
/// put before all of theirs ("Deal - ").
std::string PlainName(std::string_view name);

/// How well a column's name tells that it is the field: 0 is not at all, 100 is the best.
int NameScore(std::string_view plain_name, Field field);

/// The further dimension that a column's name tells of: "OWNER"; empty: none.
std::string_view DimensionNamed(std::string_view plain_name);

/// A column that says how likely a deal is won, in percent.
bool is_probability(std::string_view plain_name);
bool is_currency_column(std::string_view plain_name);
/// By its whole name: amounts that the system has turned into the company's currency.
bool is_converted_amount(std::string_view name);

/// A column that says yes or no: "Is Won".
enum class Flag { kNone, kClosed, kWon, kLost };
Flag FlagNamed(std::string_view plain_name);
/// "true", "1", "ja".
bool is_yes(std::string_view word);

/// What a word of a status or stage column means in the systems that people sell with, in several
/// languages; nullopt: it is none of theirs.
std::optional<sales::Status> StatusOfWord(std::string_view folded_word);

/// Where a stage usually stands on the way to a deal, rising; nullopt: nobody knows it.
std::optional<int> StageRank(std::string_view folded_word);

}  // namespace revops::mapping
