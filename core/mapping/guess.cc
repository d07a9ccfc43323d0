#include "core/mapping/guess.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "core/mapping/amount_text.h"
#include "core/mapping/date_text.h"
#include "core/mapping/refused_columns.h"
#include "core/mapping/text_pieces.h"
#include "core/mapping/vocabulary.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

constexpr std::size_t kSamplesMax = 3;
constexpr std::size_t kSampleBytesMax = 200;
constexpr std::size_t kDistinctMax = 500;
/// Rows whose ids are compared; what is unique among them is taken for unique.
constexpr std::uint64_t kUniqueRowsMax = 4'096;
/// A column none of whose first values is a number or a date is not tried any further.
constexpr std::uint64_t kTrialsMax = 1'000;
constexpr std::uint64_t kIdDigitsMax = 38;
/// Nine of ten values must be what a column is taken for.
constexpr std::uint64_t kMost = 9;
constexpr std::uint64_t kOfTen = 10;
constexpr std::size_t kDimensionValuesMax = 200;
constexpr std::size_t kWordsShownMax = 8;

constexpr std::array kMarks = {DecimalMark::kPoint, DecimalMark::kComma};
constexpr std::array kOrders = {DateOrder::kYearMonthDay, DateOrder::kDayMonthYear,
                                DateOrder::kMonthDayYear};

bool are_most(std::uint64_t some, std::uint64_t all) {
  return all > 0 && some * kOfTen >= all * kMost;
}

std::string Shortened(std::string_view text) {
  if (text.size() <= kSampleBytesMax) return std::string(text);
  std::size_t size = kSampleBytesMax;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return std::string(text.substr(0, size)) + "…";
}

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= kIdDigitsMax &&
         std::all_of(text.begin(), text.end(), is_digit);
}

/// What a column's values have been so far.
struct ColumnFacts {
  std::string name;
  std::string plain_name;
  std::uint64_t filled = 0;
  std::vector<std::string> samples;
  /// nullopt: too many different ones.
  std::optional<std::unordered_map<std::string, std::uint64_t>> values{std::in_place};
  std::vector<std::string> order_of_values;  ///< as they came

  std::array<std::uint64_t, 2> amounts{};         ///< by decimal mark
  std::array<std::uint64_t, 2> only_as_amount{};  ///< read under that mark alone
  std::string ambiguous_amount;                   ///< differs between the marks
  std::map<std::string, std::uint64_t> currencies;
  std::array<std::uint64_t, 3> dates{};  ///< by order
  std::string ambiguous_date;
  std::uint64_t whole_numbers = 0;
  std::unordered_set<std::size_t> seen;
  bool is_unique = true;
  /// By value: the sum of probabilities beside it, and how many.
  std::unordered_map<std::string, std::pair<double, std::uint64_t>> probabilities;

  std::uint64_t most_amounts() const { return *std::max_element(amounts.begin(), amounts.end()); }
  std::uint64_t most_dates() const { return *std::max_element(dates.begin(), dates.end()); }

  void Add(std::string_view raw) {
    const std::string_view text = TrimBlanks(raw);
    if (text.empty()) return;
    ++filled;
    Remember(text);
    if (filled <= kUniqueRowsMax && is_unique) {
      is_unique = seen.insert(std::hash<std::string_view>()(text)).second;
    }
    if (is_whole_number(text)) ++whole_numbers;
    if (filled <= kTrialsMax || most_amounts() > 0) TryAmount(text);
    if (filled <= kTrialsMax || most_dates() > 0) TryDate(text);
  }

 private:
  void Remember(std::string_view text) {
    if (samples.size() < kSamplesMax) {
      std::string sample = Shortened(text);
      if (std::find(samples.begin(), samples.end(), sample) == samples.end()) {
        samples.push_back(std::move(sample));
      }
    }
    if (!values) return;
    const auto [at, is_new] = values->try_emplace(Shortened(text), 0);
    ++at->second;
    if (is_new) order_of_values.push_back(at->first);
    if (values->size() > kDistinctMax) {
      values.reset();
      order_of_values.clear();
      probabilities.clear();
    }
  }

  void TryAmount(std::string_view text) {
    std::array<std::optional<AmountText>, 2> read;
    for (std::size_t i = 0; i < kMarks.size(); ++i) {
      AmountFault fault = AmountFault::kNone;
      read[i] = ReadAmountText(text, kMarks[i], fault);
      if (!read[i]) continue;
      ++amounts[i];
    }
    if (read[0].has_value() != read[1].has_value()) ++only_as_amount[read[0] ? 0 : 1];
    if (read[0] && read[1] && read[0]->amount != read[1]->amount && ambiguous_amount.empty()) {
      ambiguous_amount = Shortened(text);
    }
    const auto& either = read[0] ? read[0] : read[1];
    if (either && !either->currency.empty()) ++currencies[either->currency];
  }

  void TryDate(std::string_view text) {
    for (std::size_t i = 0; i < kOrders.size(); ++i) {
      if (ReadDateText(text, kOrders[i])) ++dates[i];
    }
    if (ambiguous_date.empty() && is_order_needed(text)) ambiguous_date = Shortened(text);
  }
};

using Guess = Guesser::Guess;

std::vector<std::pair<std::string, std::uint64_t>> MostFrequent(
    const std::unordered_map<std::string, std::uint64_t>& values) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  return sorted;
}

std::string Listed(const std::vector<std::pair<std::string, std::uint64_t>>& words) {
  std::string text;
  for (std::size_t i = 0; i < std::min(words.size(), kWordsShownMax); ++i) {
    text += (i == 0 ? "" : ", ") + words[i].first + " (" + std::to_string(words[i].second) +
            (words[i].second == 1 ? " row)" : " rows)");
  }
  return words.size() > kWordsShownMax ? text + " …" : text;
}

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
  explicit Deduction(const std::vector<ColumnFacts>& columns) : columns_(columns) {}

  Guess Make() {
    guess_.mapping.shape = ShapeOf(Names());
    guess_.mapping.name =
        std::string(SystemOf(columns_)) + "-" + guess_.mapping.shape.substr(0, kShapeShown);
    ChooseNamed(Field::kAmount, [](const ColumnFacts& c) {
      return are_most(c.most_amounts(), c.filled) || c.filled == 0;
    });
    ChooseNamed(Field::kDate, [](const ColumnFacts& c) {
      return are_most(c.most_dates(), c.filled) || c.filled == 0;
    });
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
    ChooseWords();
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
               (!c.currencies.empty() || c.whole_numbers < c.filled || !c.is_unique);
      });
      if (found != nullptr) Take(Field::kAmount, *found);
    }
    if (chosen(Field::kStage) == nullptr && chosen(Field::kStatus) == nullptr) {
      const auto* found = only([](const ColumnFacts& c) { return is_mostly_words(c); });
      if (found != nullptr) Take(Field::kStage, *found);
    }
  }

  /// Most rows hold a word that says how a deal stands.
  static bool is_mostly_words(const ColumnFacts& column) {
    if (!column.values) return false;
    std::uint64_t known = 0;
    for (const auto& [word, rows] : *column.values) {
      if (StatusOfWord(sales::Fold(word))) known += rows;
    }
    return are_most(known, column.filled);
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
    guess_.mapping.text_ids = ids->whole_numbers < ids->filled;
  }

  void ChooseDates() {
    const ColumnFacts* dates = chosen(Field::kDate);
    if (dates == nullptr) {
      Find("No column is a date: nothing will show in the last 30 days or by month.");
      return;
    }
    TellOtherDates(*dates);
    const auto& [iso, day_first, month_first] = dates->dates;
    if (iso >= day_first && iso >= month_first) return;
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
    const ColumnFacts* amounts = chosen(Field::kAmount);
    if (amounts == nullptr) {
      Find("No column is an amount: deals will be counted, not summed.");
      return;
    }
    const auto& [as_point, as_comma] = amounts->only_as_amount;
    if (as_comma > as_point) guess_.mapping.decimal_mark = DecimalMark::kComma;
    if (as_point == as_comma && !amounts->ambiguous_amount.empty()) {
      guess_.questions.push_back({"decimal_mark",
                                  "Is the comma or the point the decimal mark of " +
                                      amounts->ambiguous_amount + " in " + amounts->name + "?",
                                  {std::string(ToString(DecimalMark::kPoint)),
                                   std::string(ToString(DecimalMark::kComma))}});
    }
    ChooseCurrency(*amounts);
  }

  void ChooseCurrency(const ColumnFacts& amounts) {
    std::map<std::string, std::uint64_t> currencies;
    for (const ColumnFacts& column : columns_) {
      if (is_taken(column) || !is_currency_column(column.plain_name) || !column.values) continue;
      guess_.mapping.currency_column = column.name;
      for (const auto& [code, rows] : *column.values) currencies[code] += rows;
      break;
    }
    if (currencies.empty()) currencies = amounts.currencies;
    if (currencies.empty()) {
      const std::string code = CurrencyInName(amounts.name);
      if (!code.empty()) currencies[code] = amounts.filled;
    }
    if (currencies.empty()) return;
    const auto most =
        std::max_element(currencies.begin(), currencies.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most->first.size() == 3) guess_.mapping.currency = most->first;
    if (currencies.size() == 1) return;
    std::string listed;
    for (const auto& [code, rows] : currencies) {
      listed += (listed.empty() ? "" : ", ") + code + " (" + std::to_string(rows) + " rows)";
    }
    Find("The amounts are in several currencies: " + listed +
             ". They are never added to each other: export one currency, or configure dated rates "
             "(import.rates).",
         true);
  }

  void ChooseWords() {
    const ColumnFacts* stages = chosen(Field::kStage);
    if (stages == nullptr) {
      Find("No column is a stage: the pipeline will not be split by stage.");
    } else {
      OrderStages(*stages);
    }
    const ColumnFacts* statuses = chosen(Field::kStatus);
    const bool stage_tells = stages != nullptr && stages->values && is_telling(*stages);
    if (stage_tells && (statuses == nullptr || !is_mostly_words(*statuses))) {
      guess_.mapping.columns[static_cast<std::size_t>(Field::kStatus)] = stages->name;
      MapWords(*stages, true);
    } else if (statuses != nullptr) {
      MapWords(*statuses, false);
    } else if (stages != nullptr && stages->values) {
      guess_.mapping.columns[static_cast<std::size_t>(Field::kStatus)] = stages->name;
      MapWords(*stages, true);
    } else {
      Find("No column says which deals are open, won or lost: all of them will count as unknown.");
    }
  }

  /// It says which deals are over.
  static bool is_telling(const ColumnFacts& column) {
    return std::any_of(column.values->begin(), column.values->end(), [](const auto& value) {
      const auto status = StatusOfWord(sales::Fold(value.first));
      return status && *status != sales::Status::kOpen;
    });
  }

  /// A word that nobody knows is an open stage where others tell what is over; a status is not
  /// guessed.
  void MapWords(const ColumnFacts& column, bool are_stages) {
    if (!column.values) {
      Find(column.name + " has too many different words to be a status.", true);
      return;
    }
    std::vector<std::pair<std::string, std::uint64_t>> open;
    std::vector<std::pair<std::string, std::uint64_t>> unknown;
    const bool may_be_open = are_stages && is_telling(column);
    for (const auto& [word, rows] : MostFrequent(*column.values)) {
      const std::string folded = sales::Fold(sales::Trim(word));
      auto status = StatusOfWord(folded);
      if (!status && may_be_open) {
        status = sales::Status::kOpen;
        open.emplace_back(word, rows);
      }
      if (status) {
        guess_.mapping.statuses[folded] = *status;
      } else {
        unknown.emplace_back(word, rows);
      }
    }
    if (!open.empty()) Find("Taken for open: " + Listed(open) + ".");
    if (!unknown.empty()) {
      Find("Nobody knows what these words mean, and they count as unknown: " + Listed(unknown) +
           ". Say whether they are open, closed, won or lost.");
    }
  }

  /// By what people know of stages, else by how likely their deals are won, else as they came.
  void OrderStages(const ColumnFacts& stages) {
    if (!stages.values) return;
    struct Place {
      double rank = 0;
      std::size_t at = 0;
      std::string word;
    };
    std::vector<Place> places;
    bool all_known = true;
    bool all_likely = true;
    for (const std::string& word : stages.order_of_values) {
      all_known = all_known && StageRank(sales::Fold(word)).has_value();
      all_likely = all_likely && stages.probabilities.contains(word);
    }
    for (const std::string& word : stages.order_of_values) {
      Place place{0, places.size(), word};
      if (all_likely && !all_known) {
        const auto& [sum, count] = stages.probabilities.at(word);
        place.rank = sum / static_cast<double>(count);
        // What is lost is as unlikely as what has just begun, and comes last all the same.
        if (StatusOfWord(sales::Fold(word)) == sales::Status::kLost) place.rank = kAfterAll;
      } else {
        place.rank = StageRank(sales::Fold(word)).value_or(kBeforeEnd);
      }
      places.push_back(std::move(place));
    }
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
      return a.rank != b.rank ? a.rank < b.rank : a.at < b.at;
    });
    for (Place& place : places) guess_.mapping.stages.push_back(std::move(place.word));
    if (!all_known && !all_likely && places.size() > 1) {
      Find(
          "The order of the stages is a guess: put them in the order in which a deal goes through "
          "them.");
    }
  }

  static constexpr double kAfterAll = 1e6;
  static constexpr int kBeforeEnd = 900;

  const std::vector<ColumnFacts>& columns_;
  std::array<const ColumnFacts*, kFieldCount> chosen_{};
  std::set<const ColumnFacts*> taken_;
  Guess guess_;
};

}  // namespace

struct Guesser::Impl {
  std::vector<ColumnFacts> columns;
  std::vector<std::size_t> places;  ///< by column of the file; those that are looked at
  std::optional<std::size_t> probability;
  std::vector<std::size_t> stages;

  void AddProbability(std::span<const std::optional<std::string_view>> values) {
    if (!probability || !values[places[*probability]]) return;
    std::string_view text = TrimBlanks(*values[places[*probability]]);
    if (text.ends_with('%')) text = TrimBlanks(text.substr(0, text.size() - 1));
    AmountFault fault = AmountFault::kNone;
    const auto percent = ReadAmountText(text, DecimalMark::kPoint, fault);
    if (!percent) return;
    for (const std::size_t stage : stages) {
      const auto& value = values[places[stage]];
      if (!value || !columns[stage].values) continue;
      auto& [sum, count] = columns[stage].probabilities[Shortened(TrimBlanks(*value))];
      sum += static_cast<double>(percent->amount.cents());
      ++count;
    }
  }
};

Guesser::Guesser(std::vector<std::string> file_columns) : impl_(std::make_unique<Impl>()) {
  for (std::size_t i = 0; i < file_columns.size(); ++i) {
    if (is_refused_column(file_columns[i])) continue;
    ColumnFacts facts;
    facts.plain_name = PlainName(file_columns[i]);
    facts.name = std::move(file_columns[i]);
    if (is_probability(facts.plain_name)) impl_->probability = impl_->columns.size();
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
  impl_->AddProbability(values);
}

Guesser::Guess Guesser::MakeGuess() const { return Deduction(impl_->columns).Make(); }

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
  const auto& status = mapping.column(Field::kStatus);
  for (const ColumnFacts& facts : impl_->columns) {
    if (!status || facts.name != *status) continue;
    if (!facts.values) {
      findings.push_back({true, facts.name + " has too many different words to be a status."});
      continue;
    }
    std::vector<std::pair<std::string, std::uint64_t>> unknown;
    const sales::Definitions defaults;
    for (const auto& [word, rows] : MostFrequent(*facts.values)) {
      const std::string folded = sales::Fold(sales::Trim(word));
      if (mapping.statuses.contains(folded) || defaults.statuses.contains(folded)) continue;
      unknown.emplace_back(word, rows);
    }
    if (unknown.empty()) continue;
    findings.push_back({false, "These words of " + facts.name +
                                   " count as unknown: " + Listed(unknown) +
                                   ". Say whether they are open, closed, won or lost."});
  }
  return findings;
}

}  // namespace revops::mapping
