#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/cube/cube.h"
#include "core/sales/definitions.h"
#include "core/sales/schema.h"

namespace revops::snapshot {

/// The ways in which totals are grouped: "by-" + region, product, stage, status, month, or a
/// further dimension's name.
std::vector<std::string> ViewNames(const sales::Schema& schema);

/// What a grouping needs besides the answer.
struct ViewContext {
  const sales::Schema& schema;
  const sales::Definitions& definitions;
  const cube::Cube& cube;
};

/// Appends canonical JSON `{"data":[…],"totals":{…}}` of one grouping of the answer; only selected
/// groups. Order: amount descending, null amounts after, then name bytewise, unknown last; stages
/// in their order; all five statuses; months ascending, undated last.
void AppendView(std::string& out, std::string_view view, const cube::CubeAnswer& answer,
                const ViewContext& context);

/// Appends the members of one group or of totals without braces:
/// "deals":…,"priced":…,"amount":…,"average":…,"by_status":{…}[,"reasons":{…}].
void AppendTotals(std::string& out, const cube::StatusTotals& totals);

/// Codes of a dimension's groups in the order of answers.
std::vector<const cube::Group*> OrderedGroups(std::size_t dimension, const cube::CubeAnswer& answer,
                                              const ViewContext& context);

}  // namespace revops::snapshot
