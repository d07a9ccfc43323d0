#include "core/mapping/deduction.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "core/mapping/amount_text.h"
#include "core/mapping/column_facts.h"
#include "core/mapping/refused_columns.h"
#include "core/mapping/status_words.h"
#include "core/mapping/text_pieces.h"
#include "core/mapping/vocabulary.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

constexpr std::size_t kDimensionValuesMax = 200;

using Guess = Guesser::Guess;

/// "Amount (EUR)": the code in the brackets; empty: there is none.
std::string CurrencyInName(std::string_view name) {
  const auto open = name.rfind('(');
  if (open == std::string_view::npos || !name.ends_with(')')) return {};
  const std::string_view code = name.substr(open + 1, name.size() - open - 2);
  const bool is_code = code.size() == 3 && std::all_of(code.begin(), code.end(),
                                                       [](char c) { return c >= 'A' && c <= 'Z'; });
  return is_code ? std::string(code) : std::string();
}

/// Which system names its columns so, for the mapping's name.
std::string_view SystemOf(const std::vector<ColumnFacts>& columns) {
  constexpr std::pair<std::string_view, std::string_view> kTells[] = {
      {"opportunity name", "salesforce"}, {"opportunity owner", "salesforce"},
      {"opportunity id", "salesforce"},   {"record id", "hubspot"},
      {"deal stage", "hubspot"},          {"est. revenue", "dynamics"},
      {"est. close date", "dynamics"},    {"potential customer", "dynamics"},
      {"deal - title", "pipedrive"},      {"deal - id", "pipedrive"}};
  for (const auto& [name, system] : kTells) {
    for (const ColumnFacts& column : columns) {
      if (sales::Fold(sales::Trim(column.name)) == name) return system;
    }
  }
  return "file";
}

/// One guess in the making.
class Deduction {
 public:
  Deduction(const std::vector<ColumnFacts>& columns, const RateTable* rates)
      : columns_(columns), rates_(rates) {}

  Guess Make() {
    guess_.mapping.shape = ShapeOf(Names());
    guess_.mapping.name =
        std::string(SystemOf(columns_)) + "-" + guess_.mapping.shape.substr(0, kShapeShown);
    ChooseNamed(Field::kAmount,
                [](const ColumnFacts& c) { return are_half(c.most_decimals(), c.filled); });
    ChooseNamed(Field::kDate,
                [](const ColumnFacts& c) { return are_half(c.most_dates(), c.filled); });
    ChooseNamed(Field::kId, [](const ColumnFacts& c) { return c.is_unique; });
    const auto is_text = [](const ColumnFacts& c) {
      return c.filled == 0 || !are_most(c.most_dates(), c.filled);
    };
    ChooseNamed(Field::kStage, is_text);
    ChooseNamed(Field::kStatus, [](const ColumnFacts& c) { return c.values.has_value(); });
    ChooseNamed(Field::kProduct, is_text);
    ChooseNamed(Field::kRegion, is_text);
    ChooseNamed(Field::kCustomer, is_text);
    ChooseByValues();
    ChooseDimensions();
    ChooseIds();
    ChooseDates();
    ChooseAmounts();
    CheckNames();
    ChooseWords();
    if (chosen(Field::kAmount) == nullptr && chosen(Field::kDate) == nullptr &&
        chosen(Field::kStage) == nullptr && chosen(Field::kStatus) == nullptr) {
      Find("Nothing in it looks like deals: no amount, no date, no stage. Say which columns are.",
           true);
    }
    return std::move(guess_);
  }

 private:
  static constexpr std::size_t kShapeShown = 6;

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const ColumnFacts& column : columns_) names.push_back(column.name);
    return names;
  }

  bool is_taken(const ColumnFacts& column) const { return taken_.contains(&column); }

  void Take(Field field, const ColumnFacts& column) {
    guess_.mapping.columns[static_cast<std::size_t>(field)] = column.name;
    chosen_[static_cast<std::size_t>(field)] = &column;
    taken_.insert(&column);
  }

  const ColumnFacts* chosen(Field field) const { return chosen_[static_cast<std::size_t>(field)]; }

  void Find(std::string text, bool is_problem = false) {
    guess_.findings.push_back({is_problem, std::move(text)});
  }

  /// The column whose name tells best, among those whose values fit.
  template <class Fits>
  void ChooseNamed(Field field, Fits fits) {
    const ColumnFacts* best = nullptr;
    int best_score = 0;
    for (const ColumnFacts& column : columns_) {
      const int score = NameScore(column.plain_name, field);
      if (score <= best_score || is_taken(column) || !fits(column)) continue;
      best = &column;
      best_score = score;
    }
    if (best != nullptr) Take(field, *best);
  }

  /// Where no name tells, the one column that looks like it.
  void ChooseByValues() {
    const auto only = [&](auto fits) -> const ColumnFacts* {
      const ColumnFacts* found = nullptr;
      for (const ColumnFacts& column : columns_) {
        if (is_taken(column) || column.filled == 0 || !fits(column)) continue;
        if (found != nullptr) return nullptr;
        found = &column;
      }
      return found;
    };
    if (chosen(Field::kDate) == nullptr) {
      const auto* found = only([](const ColumnFacts& c) {
        return are_most(c.most_dates(), c.filled) && !are_most(c.most_amounts(), c.filled);
      });
      if (found != nullptr) Take(Field::kDate, *found);
    }
    if (chosen(Field::kAmount) == nullptr) {
      const auto* found = only([](const ColumnFacts& c) {
        return are_most(c.most_amounts(), c.filled) && !are_most(c.most_dates(), c.filled) &&
               !is_probability(c.plain_name) &&
               (!c.currencies.empty() || c.whole_numbers < c.filled);
      });
      if (found != nullptr) Take(Field::kAmount, *found);
    }
    if (chosen(Field::kStage) == nullptr && chosen(Field::kStatus) == nullptr) {
      const auto* found = only([](const ColumnFacts& c) { return is_mostly_words(c); });
      if (found != nullptr) Take(Field::kStage, *found);
    }
  }

  void ChooseDimensions() {
    std::set<std::string_view> used;
    for (const ColumnFacts& column : columns_) {
      const std::string_view name = DimensionNamed(column.plain_name);
      if (name.empty() || is_taken(column) || !column.values || column.filled == 0) continue;
      if (column.values->size() > kDimensionValuesMax) continue;
      if (guess_.mapping.dimensions.size() == sales::kFurtherDimensionsMax) break;
      if (!used.insert(name).second) continue;
      guess_.mapping.dimensions.push_back({std::string(name), column.name});
      taken_.insert(&column);
    }
  }

  void ChooseIds() {
    const ColumnFacts* ids = chosen(Field::kId);
    if (ids == nullptr) {
      Find(
          "No column tells rows apart. They can replace what is there, or be added to it; a later "
          "file cannot update them.");
      return;
    }
    guess_.mapping.text_ids = ids->whole_numbers < ids->filled || ids->has_padded_numbers;
  }

  void ChooseDates() {
    const ColumnFacts* dates = chosen(Field::kDate);
    if (dates == nullptr) {
      Find("No column is a date: nothing will show in the last 30 days or by month.");
      return;
    }
    TellOtherDates(*dates);
    const auto& [iso, day_first, month_first] = dates->dates;
    // "22.11.26" may begin with a year too, and does so only where nothing else fits.
    const bool are_told = iso == day_first && iso == month_first && dates->ambiguous_date.empty();
    if (are_told || (iso > day_first && iso > month_first)) return;
    guess_.mapping.date_order =
        month_first > day_first ? DateOrder::kMonthDayYear : DateOrder::kDayMonthYear;
    if (day_first != month_first || dates->ambiguous_date.empty()) return;
    guess_.questions.push_back(
        {"date_order",
         "Does " + dates->ambiguous_date + " in " + dates->name +
             " begin with the day or with the month? Every date of the file can be read both ways.",
         {std::string(ToString(DateOrder::kDayMonthYear)),
          std::string(ToString(DateOrder::kMonthDayYear))}});
  }

  void TellOtherDates(const ColumnFacts& taken) {
    for (const ColumnFacts& column : columns_) {
      if (&column == &taken || NameScore(column.plain_name, Field::kDate) == 0) continue;
      if (!are_most(column.most_dates(), column.filled)) continue;
      Find("The date of a sale is " + taken.name + "; " + column.name + " is a date as well.");
      return;
    }
  }

  void ChooseAmounts() {
    if (chosen(Field::kAmount) == nullptr) {
      Find("No column is an amount: deals will be counted, not summed.");
      return;
    }
    const Currencies currencies = CurrenciesOf(*chosen(Field::kAmount));
    const ColumnFacts* converted =
        rates_ == nullptr && currencies.rows.size() > 1 ? Converted() : nullptr;
    if (converted != nullptr) TakeConverted(*converted, currencies);
    const ColumnFacts* amounts = chosen(Field::kAmount);
    const auto& [as_point, as_comma] = amounts->only_as_amount;
    if (as_comma > as_point) guess_.mapping.decimal_mark = DecimalMark::kComma;
    if (as_point == as_comma && !amounts->ambiguous_amount.empty()) {
      guess_.questions.push_back({"decimal_mark",
                                  "Is the comma or the point the decimal mark of " +
                                      amounts->ambiguous_amount + " in " + amounts->name + "?",
                                  {std::string(ToString(DecimalMark::kPoint)),
                                   std::string(ToString(DecimalMark::kComma))}});
    }
    if (converted == nullptr) ChooseCurrency(currencies);
    if (rates_ == nullptr) return;
    if (currencies.are_in_rows) guess_.mapping.currency = rates_->target();
    CheckTarget(guess_.mapping, rates_, guess_.findings);
  }

  /// A file without a line of names would lose its first row without a word.
  void CheckNames() {
    for (const ColumnFacts* column : {chosen(Field::kAmount), chosen(Field::kDate)}) {
      if (column == nullptr) continue;
      ColumnFacts name;
      name.Add(column->name);
      if (name.most_amounts() == 0 && name.most_dates() == 0) continue;
      Find("The first line looks like a row of the table, not like names of columns: " +
               column->name + " is no name. Put a line of names above it.",
           true);
      return;
    }
  }

  struct Currencies {
    const ColumnFacts* column = nullptr;  ///< where each row names its own
    std::map<std::string, std::uint64_t> rows;
    bool are_in_rows = false;

    std::string Told() const {
      return "The amounts are in several currencies: " + Listed({rows.begin(), rows.end()});
    }
  };

  Currencies CurrenciesOf(const ColumnFacts& amounts) const {
    Currencies found;
    for (const ColumnFacts& column : columns_) {
      if (is_taken(column) || !is_currency_column(column.plain_name) || !column.values) continue;
      found.column = &column;
      for (const auto& [code, rows] : *column.values) found.rows[CurrencyCode(code)] += rows;
      break;
    }
    if (found.rows.empty()) found.rows = amounts.currencies;
    found.are_in_rows = !found.rows.empty();
    if (found.rows.empty()) {
      const std::string code = CurrencyInName(amounts.name);
      if (!code.empty()) found.rows[code] = amounts.filled;
    }
    return found;
  }

  /// The column in which the system has turned all amounts into one currency.
  const ColumnFacts* Converted() const {
    for (const ColumnFacts& column : columns_) {
      if (is_taken(column) && chosen(Field::kAmount) != &column) continue;
      if (is_converted_amount(column.name) && column.filled > 0 &&
          are_half(column.most_amounts(), column.filled)) {
        return &column;
      }
    }
    return nullptr;
  }

  void TakeConverted(const ColumnFacts& converted, const Currencies& currencies) {
    Find(currencies.Told() + ". " + converted.name +
         " has all of them in one, and is what is added up.");
    taken_.erase(chosen(Field::kAmount));
    Take(Field::kAmount, converted);
    const std::string its_currency = sales::Fold(converted.name + " Currency");
    for (const ColumnFacts& column : columns_) {
      if (sales::Fold(column.name) != its_currency || !column.values) continue;
      if (column.values->size() != 1) continue;
      guess_.mapping.currency_column = column.name;
      guess_.mapping.currency = CurrencyCode(column.values->begin()->first);
    }
  }

  void ChooseCurrency(const Currencies& currencies) {
    if (currencies.column != nullptr) guess_.mapping.currency_column = currencies.column->name;
    if (currencies.rows.empty()) return;
    const auto most =
        std::max_element(currencies.rows.begin(), currencies.rows.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most->first.size() == 3) guess_.mapping.currency = most->first;
    if (rates_ != nullptr) return;
    if (currencies.rows.size() == 1) {
      if (most->first.size() != 3) ChooseCurrencyBySign(most->first);
      return;
    }
    Find(currencies.Told() +
             ". They are never added to each other: export one currency, choose one and leave the "
             "other rows out, or configure a table of dated rates (import.rates).",
         true);
  }

  /// Amounts without a currency would be added to those of any other import.
  void ChooseCurrencyBySign(const std::string& sign) {
    if (sign == "$") {
      guess_.mapping.currency = "USD";
      Find(
          "Amounts are written with $ and taken for USD: choose another currency if they are not.");
      return;
    }
    const std::vector<std::string> choices = CurrenciesWritten(sign);
    if (choices.empty()) return;
    guess_.mapping.currency = choices.front();
    guess_.questions.push_back({"currency", "Which currency is " + sign + "?", choices});
  }

  void ChooseWords() {
    const ColumnFacts* stages = chosen(Field::kStage);
    if (stages == nullptr) {
      Find("No column is a stage: the pipeline will not be split by stage.");
    } else {
      OrderStages(*stages, guess_);
    }
    const ColumnFacts* statuses = chosen(Field::kStatus);
    const bool stage_tells = stages != nullptr && stages->values && is_telling(*stages);
    if (stage_tells && (statuses == nullptr || !is_mostly_words(*statuses))) {
      guess_.mapping.columns[static_cast<std::size_t>(Field::kStatus)] = stages->name;
      MapWords(*stages, true, guess_);
    } else if (statuses != nullptr) {
      MapWords(*statuses, false, guess_);
    } else if (stages != nullptr && stages->values) {
      guess_.mapping.columns[static_cast<std::size_t>(Field::kStatus)] = stages->name;
      MapWords(*stages, true, guess_);
    } else if (!ChooseFlag()) {
      Find("No column says which deals are open, won or lost: all of them will count as unknown.");
    }
  }

  /// A column that only says whether a deal is over.
  bool ChooseFlag() {
    for (const ColumnFacts& column : columns_) {
      if (FlagNamed(column.plain_name) != Flag::kClosed || !column.values) continue;
      Take(Field::kStatus, column);
      for (const auto& [word, rows] : *column.values) {
        guess_.mapping.statuses[sales::Fold(word)] =
            is_yes(word) ? sales::Status::kClosed : sales::Status::kOpen;
      }
      Find("Only " + column.name +
           " says how deals stand: what is closed is neither won nor lost.");
      return true;
    }
    return false;
  }

  const std::vector<ColumnFacts>& columns_;
  const RateTable* rates_;
  std::array<const ColumnFacts*, kFieldCount> chosen_{};
  std::set<const ColumnFacts*> taken_;
  Guess guess_;
};

}  // namespace

void CheckTarget(const Mapping& mapping, const RateTable* rates, std::vector<Finding>& findings) {
  if (rates == nullptr || !mapping.currency || *mapping.currency == rates->target()) return;
  findings.push_back({true, "The mapping says " + *mapping.currency + ", but " + rates->name() +
                                " turns amounts into " + rates->target() +
                                ", the report currency: choose " + rates->target() +
                                " if each row names its own currency. Amounts that name none "
                                "cannot be converted: give the file a column that says it."});
}

Guesser::Guess Deduce(const std::vector<ColumnFacts>& columns, const RateTable* rates) {
  return Deduction(columns, rates).Make();
}

}  // namespace revops::mapping
