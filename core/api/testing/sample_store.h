#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/sales/definitions.h"
#include "core/sales/sale.h"
#include "core/store/object_store.h"

namespace revops::api {

/// A row of FCT_SALES; nullopt is NULL.
struct SampleRow {
  std::optional<std::string> id;
  std::optional<std::string> product;
  std::optional<std::string> region;
  std::optional<std::string> amount;
  std::optional<std::string> stage;
  std::optional<std::string> customer;
  std::optional<Date> sold_on;
  std::optional<std::string> status;
  std::vector<std::optional<std::string>> further = {};  ///< as SampleSnapshot::further
};

/// The eight rows of contracts/sample_sales.sql, their dates relative to `today`.
std::vector<SampleRow> SampleRows(Date today);

sales::Sale ToSale(const SampleRow& row);

struct SampleSnapshot {
  std::vector<SampleRow> rows;
  Date business_date;
  Instant data_as_of;
  Instant computed_at;
  sales::Definitions definitions;
  std::vector<std::string> further = {};  ///< names of further dimensions
  std::optional<std::string> origin = std::nullopt;
};

/// Publishes the rows as the nightly job would. Returns the snapshot's id; fails the test when it
/// cannot.
std::string PublishSample(store::ObjectStore& store, const SampleSnapshot& sample);

/// Confirms the current snapshot: the pointer's clocks move, nothing else.
void ConfirmSample(store::ObjectStore& store, Instant data_as_of, Instant computed_at);

}  // namespace revops::api
