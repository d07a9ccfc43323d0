#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `csv` as the canonical rows of parts and aborts when a promise is broken: nothing but
/// kCorrupt refuses them; what was accepted is what the writer of parts makes of these rows, byte
/// for byte, and the objects of those parts decode.
void CheckPart(std::string_view csv);

/// Reads `bytes` as a stored object and aborts when a promise is broken: nothing but kCorrupt
/// refuses it, and it is accepted under no other size and hash than those of its content.
void CheckObject(std::string_view bytes);

/// Reads `bytes` as a cube object and aborts when a promise is broken: nothing but kCorrupt refuses
/// one; what was accepted is written as the same bytes, and answers, merges and cells of it add up
/// to its totals.
void CheckCube(std::string_view bytes);

}  // namespace revops::fuzz
