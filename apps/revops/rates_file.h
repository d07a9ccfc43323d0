#pragma once

#include <optional>
#include <string>

#include "apps/revops/settings.h"
#include "core/base/result.h"
#include "core/mapping/rates.h"

namespace revops::app {

/// The file of the key import.rates, for the import worker.
struct RatesFile {
  std::string name;    ///< without its folder
  std::string target;  ///< the report currency
  std::string text;
};

/// Read anew for every import, so that a new day's rates need no restart. nullopt: none is
/// configured. Errors: kInvalidArgument naming the key, and the line that cannot be read.
Result<std::optional<RatesFile>> ReadRates(const Settings& settings);

}  // namespace revops::app
