#include "core/snapshot/views.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/base/json_writer.h"

namespace revops::snapshot {
namespace {

constexpr std::string_view kViewPrefix = "by-";
constexpr std::string_view kMonth = "month";
constexpr std::string_view kNoPricedRows = "no_priced_rows";

void WriteAmount(JsonWriter& json, const std::optional<Money>& amount) {
  amount ? json.Amount(*amount) : json.Null();
}

void WriteTally(JsonWriter& json, const cube::Tally& tally) {
  const auto amount = tally.known_amount();
  json.Begin('{');
  json.Key("deals").Count(tally.deals);
  json.Key("priced").Count(tally.priced);
  WriteAmount(json.Key("amount"), amount);
  if (!amount) {
    json.Key("reasons").Begin('{');
    json.Key("amount").Text(kNoPricedRows);
    json.End('}');
  }
  json.End('}');
}

/// One group with its name as the first member.
void WriteGroup(std::string& out, std::string_view dimension,
                const std::optional<std::string_view>& name, const cube::StatusTotals& totals) {
  JsonWriter json(out);
  json.Begin('{');
  json.Key(dimension);
  name ? json.Text(*name) : json.Null();
  AppendTotals(out, totals);
  json.End('}');
}

/// All five, those that the filter leaves out with zeros.
void WriteStatuses(std::string& out, const cube::CubeAnswer& answer, const ViewContext& context) {
  const std::size_t dimension = context.schema.status_dimension();
  for (const sales::Status status : sales::kStatuses) {
    cube::StatusTotals totals;
    for (const cube::Group& group : answer.dimensions[dimension]) {
      const auto label = context.cube.label(dimension, group.code);
      if (group.selected && label == sales::ToString(status)) totals += group.totals;
    }
    WriteGroup(out, "status", sales::ToString(status), totals);
  }
}

void WriteMonths(std::string& out, const cube::CubeAnswer& answer) {
  for (const cube::CubeAnswer::Month& month : answer.months) {
    const std::string name = month.first_on ? month.first_on->ToMonth() : std::string();
    WriteGroup(out, kMonth, month.first_on ? std::optional<std::string_view>(name) : std::nullopt,
               month.totals);
  }
}

void WriteDimension(std::string& out, std::size_t dimension, const cube::CubeAnswer& answer,
                    const ViewContext& context) {
  for (const cube::Group* group : OrderedGroups(dimension, answer, context)) {
    if (!group->selected) continue;
    WriteGroup(out, context.schema.dimension_name(dimension),
               context.cube.label(dimension, group->code), group->totals);
  }
}

/// Position of a label among the values that have an order of their own; those come first.
std::size_t RankOf(std::size_t dimension, std::string_view label, const ViewContext& context) {
  if (dimension == context.schema.stage_dimension()) {
    const auto& stages = context.definitions.stages;
    return static_cast<std::size_t>(std::find(stages.begin(), stages.end(), label) -
                                    stages.begin());
  }
  if (dimension == context.schema.status_dimension()) {
    return static_cast<std::size_t>(sales::ParseStatus(label).value_or(sales::Status::kUnknown));
  }
  return 0;
}

/// What a group is ordered by.
struct GroupKey {
  const cube::Group* group;
  std::optional<std::string_view> label;
  std::size_t rank = 0;
  std::optional<Money> amount;  ///< only where it decides

  bool operator<(const GroupKey& other) const {
    if (label.has_value() != other.label.has_value()) return label.has_value();
    if (rank != other.rank) return rank < other.rank;
    if (amount.has_value() != other.amount.has_value()) return amount.has_value();
    if (amount != other.amount) return *amount > *other.amount;
    return label < other.label;
  }
};

}  // namespace

std::vector<std::string> ViewNames(const sales::Schema& schema) {
  std::vector<std::string> names;
  const std::size_t first[] = {schema.region_dimension(), schema.product_dimension(),
                               schema.stage_dimension(), schema.status_dimension()};
  for (const std::size_t dimension : first) {
    names.push_back(std::string(kViewPrefix) + schema.dimension_name(dimension));
  }
  names.push_back(std::string(kViewPrefix) + std::string(kMonth));
  for (std::size_t i = 0; i < schema.dimension_count(); ++i) {
    if (std::find(std::begin(first), std::end(first), i) != std::end(first)) continue;
    names.push_back(std::string(kViewPrefix) + schema.dimension_name(i));
  }
  return names;
}

void AppendView(std::string& out, std::string_view view, const cube::CubeAnswer& answer,
                const ViewContext& context) {
  REVOPS_CHECK(view.starts_with(kViewPrefix));
  const std::string_view name = view.substr(kViewPrefix.size());
  const auto dimension = context.schema.FindDimension(name);
  REVOPS_CHECK(dimension || name == kMonth);
  JsonWriter json(out);
  json.Begin('{');
  json.Key("data").Begin('[');
  if (!dimension) {
    WriteMonths(out, answer);
  } else if (*dimension == context.schema.status_dimension()) {
    WriteStatuses(out, answer, context);
  } else {
    WriteDimension(out, *dimension, answer, context);
  }
  json.End(']');
  json.Key("totals").Begin('{');
  AppendTotals(out, answer.totals);
  json.End('}');
  json.End('}');
}

void AppendTotals(std::string& out, const cube::StatusTotals& totals) {
  JsonWriter json(out);
  const cube::Tally total = totals.total();
  const auto amount = total.known_amount();
  const auto average = total.average();
  json.Key("deals").Count(total.deals);
  json.Key("priced").Count(total.priced);
  WriteAmount(json.Key("amount"), amount);
  WriteAmount(json.Key("average"), average);
  json.Key("by_status").Begin('{');
  for (const sales::Status status : sales::kStatuses) {
    WriteTally(json.Key(sales::ToString(status)), totals[status]);
  }
  json.End('}');
  if (amount && average) return;
  json.Key("reasons").Begin('{');
  if (!amount) json.Key("amount").Text(kNoPricedRows);
  if (!average) json.Key("average").Text(kNoPricedRows);
  json.End('}');
}

std::vector<const cube::Group*> OrderedGroups(std::size_t dimension, const cube::CubeAnswer& answer,
                                              const ViewContext& context) {
  const bool is_ranked = dimension == context.schema.stage_dimension() ||
                         dimension == context.schema.status_dimension();
  std::vector<GroupKey> keys;
  for (const cube::Group& group : answer.dimensions[dimension]) {
    GroupKey key{&group, context.cube.label(dimension, group.code), 0, std::nullopt};
    if (key.label) key.rank = RankOf(dimension, *key.label, context);
    if (!is_ranked) key.amount = group.totals.total().known_amount();
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<const cube::Group*> groups;
  groups.reserve(keys.size());
  for (const GroupKey& key : keys) groups.push_back(key.group);
  return groups;
}

}  // namespace revops::snapshot
