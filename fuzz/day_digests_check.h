#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as a day digests object and aborts when a promise is broken: nothing but kCorrupt
/// refuses one; what was accepted is written as the same bytes and differs from itself in no day.
void CheckDayDigests(std::string_view bytes);

}  // namespace revops::fuzz
