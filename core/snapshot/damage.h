#pragma once

#include "core/base/error.h"

namespace revops::snapshot {

/// What was stored is gone or not what was written: something else may serve instead. Every other
/// error says that the store cannot be asked now.
inline bool is_damage(const Error& error) {
  return error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kNotFound;
}

}  // namespace revops::snapshot
