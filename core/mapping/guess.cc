#include "core/mapping/guess.h"

#include <set>
#include <utility>

#include "core/mapping/amount_text.h"
#include "core/mapping/column_facts.h"
#include "core/mapping/deduction.h"
#include "core/mapping/refused_columns.h"
#include "core/mapping/text_pieces.h"
#include "core/mapping/vocabulary.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
struct Guesser::Impl {
  const RateTable* rates = nullptr;
  std::vector<ColumnFacts> columns;
  std::vector<std::size_t> places;  ///< by column of the file; those that are looked at
  std::vector<std::size_t> stages;
  std::optional<std::size_t> probability;
  std::optional<std::size_t> closed;
  std::optional<std::size_t> won;
  std::optional<std::size_t> lost;

  void CheckCurrencies(const Mapping& mapping, const ColumnFacts& facts,
                       std::vector<Finding>& findings) const;
  static void CheckWords(const Mapping& mapping, const ColumnFacts& facts,
                         std::vector<Finding>& findings);

  using Values = std::span<const std::optional<std::string_view>>;

  std::optional<std::string_view> ValueOf(const std::optional<std::size_t>& column,
                                          Values values) const {
    const auto value = column ? values[places[*column]] : std::nullopt;
    return value ? std::optional(TrimBlanks(*value)) : std::nullopt;
  }

  void AddEvidence(Values values) {
    for (const std::size_t stage : stages) {
      const auto value = ValueOf(stage, values);
      if (!value || value->empty() || !columns[stage].values) continue;
      Evidence& beside = columns[stage].beside[Shortened(*value)];
      ++beside.rows;
      if (is_yes(ValueOf(closed, values).value_or(""))) ++beside.closed;
      if (is_yes(ValueOf(won, values).value_or(""))) ++beside.won;
      if (is_yes(ValueOf(lost, values).value_or(""))) ++beside.lost;
      std::string_view percent = ValueOf(probability, values).value_or("");
      if (percent.ends_with('%')) percent.remove_suffix(1);
      AmountFault fault = AmountFault::kNone;
      const auto likely = ReadAmountText(percent, DecimalMark::kPoint, fault);
      if (!likely) continue;
      beside.probability_sum += static_cast<double>(likely->amount.cents());
      ++beside.probabilities;
    }
  }
};

void Guesser::Impl::CheckCurrencies(const Mapping& mapping, const ColumnFacts& facts,
                                    std::vector<Finding>& findings) const {
  if (mapping.currency || rates != nullptr) return;
  const bool has_several =
      (mapping.column(Field::kAmount) == facts.name && facts.currencies.size() > 1) ||
      (mapping.currency_column == facts.name && (!facts.values || facts.values->size() > 1));
  if (!has_several) return;
  findings.push_back({true, "The amounts are in several currencies, as " + facts.name +
                                " says, and are never added to each other: choose one, or "
                                "configure a table of dated rates (import.rates)."});
}

void Guesser::Impl::CheckWords(const Mapping& mapping, const ColumnFacts& facts,
                               std::vector<Finding>& findings) {
  if (!facts.values) {
    findings.push_back({true, facts.name + " has too many different words to be a status."});
    return;
  }
  Counted unknown;
  const sales::Definitions defaults;
  for (const auto& [word, rows] : MostFrequent(*facts.values)) {
    const std::string folded = sales::Fold(sales::Trim(word));
    if (mapping.statuses.contains(folded) || defaults.statuses.contains(folded)) continue;
    unknown.emplace_back(word, rows);
  }
  if (unknown.empty()) return;
  findings.push_back({false, "These words of " + facts.name +
                                 " count as unknown: " + Listed(unknown) +
                                 ". Say whether they are open, closed, won or lost."});
}

Guesser::Guesser(std::vector<std::string> file_columns, const RateTable* rates)
    : impl_(std::make_unique<Impl>()) {
  impl_->rates = rates;
  for (std::size_t i = 0; i < file_columns.size(); ++i) {
    if (is_refused_column(file_columns[i])) continue;
    ColumnFacts facts;
    facts.plain_name = PlainName(file_columns[i]);
    facts.name = std::move(file_columns[i]);
    if (is_probability(facts.plain_name)) impl_->probability = impl_->columns.size();
    switch (FlagNamed(facts.plain_name)) {
      case Flag::kNone:
        break;
      case Flag::kClosed:
        impl_->closed = impl_->columns.size();
        break;
      case Flag::kWon:
        impl_->won = impl_->columns.size();
        break;
      case Flag::kLost:
        impl_->lost = impl_->columns.size();
        break;
    }
    if (NameScore(facts.plain_name, Field::kStage) > 0) {
      impl_->stages.push_back(impl_->columns.size());
    }
    impl_->places.push_back(i);
    impl_->columns.push_back(std::move(facts));
  }
}

Guesser::~Guesser() = default;
Guesser::Guesser(Guesser&&) noexcept = default;

void Guesser::Add(std::span<const std::optional<std::string_view>> values) {
  for (std::size_t i = 0; i < impl_->columns.size(); ++i) {
    if (const auto& value = values[impl_->places[i]]) impl_->columns[i].Add(*value);
  }
  impl_->AddEvidence(values);
}

Guesser::Guess Guesser::MakeGuess() const { return Deduce(impl_->columns, impl_->rates); }

std::vector<FileColumn> Guesser::Columns() const {
  std::vector<FileColumn> columns;
  for (const ColumnFacts& facts : impl_->columns) {
    FileColumn column{facts.name, facts.filled, facts.samples, std::nullopt};
    if (facts.values && facts.values->size() <= FileColumn::kValuesMax) {
      column.values = MostFrequent(*facts.values);
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<Finding> Guesser::FindingsFor(const Mapping& mapping) const {
  std::vector<Finding> findings;
  CheckTarget(mapping, impl_->rates, findings);
  for (const ColumnFacts& facts : impl_->columns) {
    impl_->CheckCurrencies(mapping, facts, findings);
  }
  for (const ColumnFacts& facts : impl_->columns) {
    if (facts.is_unique || mapping.column(Field::kId) != facts.name) continue;
    findings.push_back({false, facts.name +
                                   " has the same id in several rows: each of them counts as a "
                                   "deal, also in an update by id."});
  }
  for (const ColumnFacts& facts : impl_->columns) {
    if (mapping.column(Field::kStatus) == facts.name) Impl::CheckWords(mapping, facts, findings);
  }
  return findings;
}

std::optional<std::string> Guesser::CurrencyNamedFor(const Mapping& mapping) const {
  if (mapping.currency || impl_->rates != nullptr) return std::nullopt;
  for (const ColumnFacts& facts : impl_->columns) {
    if (mapping.currency_column != facts.name || !facts.values) continue;
    std::set<std::string> codes;
    for (const auto& [text, rows] : *facts.values) codes.insert(CurrencyCode(text));
    if (codes.size() == 1 && codes.begin()->size() == 3) return *codes.begin();
  }
  return std::nullopt;
}

}  // namespace revops::mapping
