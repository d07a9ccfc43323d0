#include "core/api/filter_question.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/json.h"
#include "core/base/date.h"
#include "core/base/logging.h"
#include "core/sales/normalize.h"

namespace revops::api {
namespace {

using Labels = std::vector<std::optional<std::string>>;

/// Unlike in the table, a status that no definition knows is not the unknown one: nothing has it.
std::string StatusLabel(std::string_view text, const sales::Definitions& definitions) {
  const std::string folded = sales::Fold(sales::Trim(text));
  if (folded.empty()) return std::string(ToString(sales::Status::kUnknown));
  if (sales::ParseStatus(folded)) return folded;
  const auto known = definitions.statuses.find(folded);
  return known == definitions.statuses.end() ? folded : std::string(ToString(known->second));
}

class Labeller {
 public:
  Labeller(const sales::Schema& schema, const sales::Definitions& definitions)
      : schema_(schema), definitions_(definitions), normalizer_(schema, definitions) {}

  Labels Apply(std::size_t dimension, const std::vector<std::string>& values) {
    Labels labels;
    for (const std::string& value : values) {
      std::optional<std::string> label = Apply(dimension, value);
      if (std::find(labels.begin(), labels.end(), label) == labels.end()) {
        labels.push_back(std::move(label));
      }
    }
    return labels;
  }

 private:
  std::optional<std::string> Apply(std::size_t dimension, const std::string& value) {
    if (dimension == schema_.status_dimension()) return StatusLabel(value, definitions_);
    const auto label = normalizer_.Label(dimension, value);
    return label ? std::optional<std::string>(*label) : std::nullopt;
  }

  const sales::Schema& schema_;
  const sales::Definitions& definitions_;
  sales::Normalizer normalizer_;
};

Result<std::optional<Date>> TakeDate(Query& query, std::string_view name) {
  REVOPS_TRY_ASSIGN(const std::optional<std::string> text, query.TakeSingle(name));
  if (!text) return std::optional<Date>();
  const std::optional<Date> date = Date::Parse(*text);
  if (!date) return RefuseParameter(name, "must be a date such as 2026-11-22");
  return date;
}

void AppendLabels(std::string& out, const std::string& name, const Labels& labels) {
  if (labels.empty()) return;
  AppendName(out, name);
  out += '[';
  for (const auto& label : labels) {
    AppendItem(out);
    if (label) {
      AppendJsonString(out, *label);
    } else {
      out += "null";
    }
  }
  out += ']';
}

}  // namespace

Result<sales::Filter> TakeFilter(Query& query, const sales::Schema& schema,
                                 const sales::Definitions& definitions) {
  sales::Filter filter;
  if (query.empty()) return filter;
  REVOPS_TRY_ASSIGN(filter.from, TakeDate(query, "from"));
  REVOPS_TRY_ASSIGN(filter.to, TakeDate(query, "to"));
  if (filter.from && filter.to && *filter.to < *filter.from) {
    return RefuseParameter("to", "must not be before 'from'");
  }
  Labeller labeller(schema, definitions);
  filter.selections.resize(schema.dimension_count());
  for (std::size_t i = 0; i < schema.dimension_count(); ++i) {
    const std::string& name = schema.dimension_name(i);
    filter.selections[i].include = labeller.Apply(i, query.TakeAll(name));
    filter.selections[i].exclude = labeller.Apply(i, query.TakeAll("not_" + name));
  }
  return filter;
}

void AppendFilter(std::string& out, const sales::Filter& filter, const sales::Schema& schema) {
  out += '{';
  for (std::size_t i = 0; i < filter.selections.size(); ++i) {
    AppendLabels(out, schema.dimension_name(i), filter.selections[i].include);
    AppendLabels(out, "not_" + schema.dimension_name(i), filter.selections[i].exclude);
  }
  if (filter.from) AppendDate(out, "from", filter.from);
  if (filter.to) AppendDate(out, "to", filter.to);
  out += '}';
}

}  // namespace revops::api
