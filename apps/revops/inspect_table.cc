#include "apps/revops/inspect_table.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "apps/revops/table_rows.h"
#include "core/mapping/guess.h"
#include "core/sales/normalize.h"

namespace revops::app {
namespace {

constexpr std::size_t kPreviewBytesMax = 200;

std::optional<std::string> Shortened(const std::optional<std::string_view>& value) {
  if (!value) return std::nullopt;
  if (value->size() <= kPreviewBytesMax) return std::string(*value);
  std::size_t end = kPreviewBytesMax;
  while (end > 0 && (static_cast<unsigned char>((*value)[end]) & 0xC0U) == 0x80U) --end;
  return std::string(value->substr(0, end)) + "…";
}

/// "the sheet Deals is read" → "The sheet Deals is read."
std::string Sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text.ends_with('.') || text.ends_with("…") ? text : text + ".";
}

/// By column of the schema, as texts.
std::vector<std::optional<std::string>> Becomes(const sales::Schema& schema,
                                                const sales::Sale& sale) {
  std::vector<std::optional<std::string>> values;
  std::size_t text = 0;
  for (std::size_t i = 0; i < schema.columns().size(); ++i) {
    if (i == schema.id_column()) {
      values.push_back(Shortened(sale.id));
    } else if (i == schema.date_column()) {
      values.push_back(sale.sold_on ? std::optional(sale.sold_on->ToString()) : std::nullopt);
    } else if (i == schema.amount_column()) {
      values.push_back(sale.amount ? std::optional(sale.amount->ToString()) : std::nullopt);
    } else {
      values.push_back(Shortened(sale.texts[text++]));
    }
  }
  return values;
}

/// Goes through the rows under a mapping and notes what they become.
class Outcome {
 public:
  Outcome(TableRows rows, const sales::Definitions& definitions, mapping::Inspection& inspection)
      : rows_(std::move(rows)),
        normalizer_(rows_.schema(), definitions),
        status_(rows_.schema().status_dimension()),
        inspection_(inspection) {}

  void Take(const foreign::FileRow& row) {
    if (rows_.is_left_out(row)) return;
    mapping::PreviewRow shown;
    shown.number = row.number;
    if (const auto refusal = rows_.Read(row, sale_)) {
      ++inspection_.refused;
      shown.refused_column = refusal->column;
      shown.refused_because = refusal->reason;
    } else {
      ++inspection_.taken;
      if (sale_.amount) inspection_.amount += *sale_.amount;
      shown.counts_as = StatusOf(sale_);
      ++inspection_.by_status[shown.counts_as];
    }
    if (inspection_.preview.size() == mapping::Inspection::kPreviewRowsMax) return;
    for (const auto& value : row.values) shown.values.push_back(Shortened(value));
    if (shown.refused_because.empty()) shown.becomes = Becomes(rows_.schema(), sale_);
    inspection_.preview.push_back(std::move(shown));
  }

  const std::map<std::string, std::uint64_t>& converted() const { return rows_.converted(); }

 private:
  sales::Status StatusOf(const sales::Sale& sale) {
    const auto& text = sale.texts[rows_.schema().dimensions()[status_]];
    const auto label =
        normalizer_.Label(status_, text ? std::optional<std::string_view>(*text) : std::nullopt);
    return sales::ParseStatus(label.value_or("")).value_or(sales::Status::kUnknown);
  }

  TableRows rows_;
  sales::Normalizer normalizer_;
  std::size_t status_;
  mapping::Inspection& inspection_;
  sales::Sale sale_;
};

/// "Amounts are turned into USD by rates.csv, at the rate of the day of each sale: EUR (2 rows)."
std::string DescribeConversion(const std::map<std::string, std::uint64_t>& rows,
                               const mapping::RateTable& rates) {
  std::string listed;
  for (const auto& [currency, count] : rows) {
    listed += (listed.empty() ? "" : ", ") + currency + " (" + std::to_string(count) +
              (count == 1 ? " row)" : " rows)");
  }
  return "Amounts are turned into " + rates.target() + " by " + rates.name() +
         ", at the rate of the day of each sale: " + listed + ".";
}

/// The first reading: what the columns hold, and what they mean if nobody has said it.
Result<void> LookAtColumns(foreign::TableFile& file, const std::optional<mapping::Mapping>& wanted,
                           const mapping::RateTable* rates, mapping::Inspection& inspection) {
  mapping::Guesser guesser(file.description().columns, rates);
  REVOPS_TRY(file.Read([&](const foreign::FileRow& row) -> Result<void> {
    ++inspection.rows;
    if (row.fault.empty()) guesser.Add(row.values);
    return {};
  }));
  inspection.columns = guesser.Columns();
  // FCT_SALES's own names mean what they say; nothing is guessed.
  const auto known = wanted ? wanted : mapping::OwnColumns(file.description().columns);
  if (known) {
    inspection.mapping = *known;
    inspection.findings = guesser.FindingsFor(*known);
    if (auto currency = guesser.CurrencyNamedFor(*known)) {
      inspection.mapping.currency = std::move(currency);
    }
  } else {
    auto guess = guesser.MakeGuess();
    inspection.mapping = std::move(guess.mapping);
    inspection.questions = std::move(guess.questions);
    inspection.findings = std::move(guess.findings);
  }
  for (std::string& finding : file.findings()) {
    inspection.findings.push_back({false, Sentence(std::move(finding))});
  }
  return {};
}

}  // namespace

Result<mapping::Inspection> InspectTable(foreign::TableFile& file,
                                         const std::optional<mapping::Mapping>& wanted,
                                         const mapping::RateTable* rates) {
  const foreign::FileDescription& table = file.description();
  mapping::Inspection inspection;
  inspection.format = table.format;
  inspection.encoding = table.encoding;
  inspection.delimiter = table.delimiter;
  inspection.sheet = table.sheet;
  inspection.header_line = table.header_line;
  REVOPS_TRY(LookAtColumns(file, wanted, rates, inspection));
  auto rows = TableRows::Make(table, inspection.mapping, rates);
  auto definitions = mapping::Apply({}, {inspection.mapping});
  if (!rows || !definitions) {
    // A person mends the mapping, so what is wrong with it is shown beside the columns.
    inspection.findings.push_back({true, (rows ? definitions.error() : rows.error()).message});
    return inspection;
  }
  Outcome outcome(*std::move(rows), *definitions, inspection);
  REVOPS_TRY(file.Read([&outcome](const foreign::FileRow& row) -> Result<void> {
    outcome.Take(row);
    return {};
  }));
  if (!outcome.converted().empty()) {
    inspection.findings.push_back({false, DescribeConversion(outcome.converted(), *rates)});
  }
  return inspection;
}

}  // namespace revops::app
