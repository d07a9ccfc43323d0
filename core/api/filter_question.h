#pragma once

#include <string>

#include "core/api/query.h"
#include "core/base/result.h"
#include "core/sales/definitions.h"
#include "core/sales/filter.h"
#include "core/sales/schema.h"

namespace revops::api {

/// Takes the parameters that choose sales: every dimension's name (repeatable), the same with
/// "not_", `from` and `to`. Values become labels as the snapshot's definitions have it; a value
/// that cannot occur selects nothing.
/// Errors: kInvalidArgument naming the parameter.
Result<sales::Filter> TakeFilter(Query& query, const sales::Schema& schema,
                                 const sales::Definitions& definitions);

/// Appends the filter as `meta.filter` shows it: an object of what was given, labels as matched,
/// null for the unknown group.
void AppendFilter(std::string& out, const sales::Filter& filter, const sales::Schema& schema);

}  // namespace revops::api
