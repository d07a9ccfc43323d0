#pragma once

#include <string_view>

#include "core/base/result.h"

namespace revops::store {

/// The error for an errno of the operating system; `doing` says what failed, e.g. "write".
Unexpected FailWithErrno(int number, std::string_view doing);

}  // namespace revops::store
