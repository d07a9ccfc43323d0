#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/api/edition.h"
#include "core/cube/tally.h"
#include "core/sales/filter.h"

namespace revops::api {

/// Whether the edition can be grouped in that way: "by-region" ….
bool has_view(const Edition& edition, std::string_view view);

/// {"data":[…],"totals":{…},"meta":{…}} of one view that the edition has. Unfiltered: the stored
/// view; else from the cube. Whichever it is must have been loaded; the others need the cube.
std::string GroupedJson(const Edition& edition, std::string_view view, const sales::Filter& filter);

/// The same groups as CSV, without totals. `raw`: texts exactly as they are.
std::string GroupedCsv(const Edition& edition, std::string_view view, const sales::Filter& filter,
                       bool raw);

/// "meta":{…} of an answer from the edition; `rows`: how many the filter selects.
void AppendMeta(std::string& out, const Edition& edition, const sales::Filter& filter,
                std::uint64_t rows);

/// {"data":{totals, open_average, windows, facets, ledger},"meta":{…}}.
std::string SummaryJson(const Edition& edition, const sales::Filter& filter);

}  // namespace revops::api
