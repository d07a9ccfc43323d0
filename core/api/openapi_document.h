#pragma once

#include <string_view>

namespace revops::api {

/// contracts/openapi.json, embedded when the program is built.
std::string_view OpenApiDocument();

}  // namespace revops::api
