#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads three lines as a query string, an Accept-Encoding and an If-None-Match field, and aborts
/// when a promise is broken: nothing but kInvalidArgument refuses a query; a filter that was
/// accepted, written as a query again, is the same filter; fields never choose what was not
/// offered.
void CheckQuery(std::string_view bytes);

}  // namespace revops::fuzz
