#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as an answer of Snowflake's SQL API and aborts when a promise of the reader is
/// broken: what it accepts, an independent parser (Boost.JSON's DOM) reads alike, value for value;
/// what is no JSON it refuses; rows that are well-formed it accepts.
void CheckSnowflakeAnswer(std::string_view bytes);

}  // namespace revops::fuzz
