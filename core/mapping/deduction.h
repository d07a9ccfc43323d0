#pragma once

#include <vector>

#include "core/mapping/column_facts.h"
#include "core/mapping/guess.h"

namespace revops::mapping {

/// Rates turn amounts into their own currency alone: a mapping that wants another is a problem.
void CheckTarget(const Mapping& mapping, const RateTable* rates, std::vector<Finding>& findings);
/// What columns of these names and values mean, as far as they tell. `rates`: as in Guesser.
Guesser::Guess Deduce(const std::vector<ColumnFacts>& columns, const RateTable* rates);

}  // namespace revops::mapping
