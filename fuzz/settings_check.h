#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as a configuration file and, after a NUL, lines NAME=VALUE of an environment, and
/// aborts when a promise is broken: nothing but kInvalidArgument with a message refuses them; what
/// was accepted lies within the bounds of contracts/config.schema.json.
void CheckSettings(std::string_view bytes);

}  // namespace revops::fuzz
