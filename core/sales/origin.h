#pragma once

#include <string_view>

namespace revops::sales {

/// Whose rows a table or a snapshot holds: those of somebody's own, or made-up ones by what they
/// are called ("demo", "sample"). Figures are compared within one origin.
inline constexpr std::string_view kOwnRows = "own";

}  // namespace revops::sales
