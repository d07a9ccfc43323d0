#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string_view>

namespace revops::fuzz {

/// Hands every file below the folder to `check`, in the order of their names, each named on
/// standard output beforehand: a check that fails aborts. Returns how many there were.
std::size_t Replay(const std::filesystem::path& folder,
                   const std::function<void(std::string_view bytes)>& check);

}  // namespace revops::fuzz
