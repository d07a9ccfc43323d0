#pragma once

#include <span>
#include <string_view>

namespace revops::app {

/// A file of frontend/dist as it was when the program was built.
struct Asset {
  std::string_view path;  ///< "/assets/index-1a2b3c.js", also "….js.br" and "….js.gz"
  std::string_view bytes;
};

/// All of them; made by cmake/embed.cmake.
std::span<const Asset> Assets();

}  // namespace revops::app
