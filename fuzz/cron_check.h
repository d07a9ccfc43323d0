#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads an expression, the name of a zone and an instant, a line each, and aborts when a promise
/// is broken: nothing but kInvalidArgument refuses an expression, and whatever parses gives
/// instants that agree with one another.
void CheckCron(std::string_view bytes);

}  // namespace revops::fuzz
