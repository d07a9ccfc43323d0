#include "core/mapping/status_words.h"

#include <algorithm>
#include <utility>

#include "core/mapping/vocabulary.h"
#include "core/sales/normalize.h"

namespace revops::mapping {
namespace {

constexpr double kBeforeEnd = 900;
constexpr double kAfterAll = 1e6;

/// By columns such as "Is Won"; nullopt: they say nothing of it.
std::optional<sales::Status> StatusBeside(const ColumnFacts& column, const std::string& word) {
  const auto found = column.beside.find(word);
  if (found == column.beside.end()) return std::nullopt;
  const Evidence& beside = found->second;
  if (are_most(beside.won, beside.rows)) return sales::Status::kWon;
  if (are_most(beside.lost, beside.rows)) return sales::Status::kLost;
  if (!are_most(beside.closed, beside.rows)) return std::nullopt;
  const bool is_won_told = std::any_of(column.beside.begin(), column.beside.end(),
                                       [](const auto& other) { return other.second.won > 0; });
  return is_won_told ? sales::Status::kLost : sales::Status::kClosed;
}

/// Whether columns beside it say of some word that its deals are over.
bool has_evidence(const ColumnFacts& column) {
  return std::any_of(column.beside.begin(), column.beside.end(),
                     [&](const auto& one) { return StatusBeside(column, one.first).has_value(); });
}

std::optional<sales::Status> StatusIn(const ColumnFacts& column, const std::string& word) {
  if (const auto status = StatusBeside(column, word)) return status;
  const std::string folded = sales::Fold(sales::Trim(word));
  // Salesforce: a forecast's "Closed" is what has been won.
  if (column.plain_name.starts_with("forecastcategory") && folded == "closed") {
    return sales::Status::kWon;
  }
  return StatusOfWord(folded);
}

struct Place {
  double rank = 0;
  std::size_t at = 0;
  std::string word;
};

double LikelyRank(const ColumnFacts& stages, const std::string& word) {
  const auto status = StatusIn(stages, word);
  // What is lost is as unlikely as what has just begun, and comes last all the same.
  if (status == sales::Status::kLost) return kAfterAll;
  const Evidence& beside = stages.beside.at(word);
  return beside.probability_sum / static_cast<double>(beside.probabilities);
}

double KnownRank(const ColumnFacts& stages, const std::string& word) {
  const auto status = StatusIn(stages, word);
  if (status == sales::Status::kLost) return kAfterAll;
  if (status == sales::Status::kWon || status == sales::Status::kClosed) return kAfterAll - 1;
  const auto rank = StageRank(sales::Fold(word));
  return rank ? static_cast<double>(*rank) : kBeforeEnd;
}

}  // namespace

bool is_mostly_words(const ColumnFacts& column) {
  if (!column.values) return false;
  std::uint64_t known = 0;
  for (const auto& [word, rows] : *column.values) {
    if (StatusOfWord(sales::Fold(word))) known += rows;
  }
  return are_most(known, column.filled);
}

bool is_telling(const ColumnFacts& column) {
  return std::any_of(column.values->begin(), column.values->end(), [&](const auto& value) {
    const auto status = StatusIn(column, value.first);
    return status && *status != sales::Status::kOpen;
  });
}

void MapWords(const ColumnFacts& column, bool are_stages, Guesser::Guess& guess) {
  if (!column.values) {
    guess.findings.push_back({true, column.name + " has too many different words to be a status."});
    return;
  }
  Counted open;
  Counted unknown;
  const bool may_be_open = are_stages && is_telling(column);
  const bool is_certain = has_evidence(column);
  for (const auto& [word, rows] : MostFrequent(*column.values)) {
    auto status = StatusIn(column, word);
    if (!status && may_be_open) {
      status = sales::Status::kOpen;
      if (!is_certain) open.emplace_back(word, rows);
    }
    if (status) {
      guess.mapping.statuses[sales::Fold(sales::Trim(word))] = *status;
    } else {
      unknown.emplace_back(word, rows);
    }
  }
  if (!open.empty()) guess.findings.push_back({false, "Taken for open: " + Listed(open) + "."});
  if (unknown.empty()) return;
  guess.findings.push_back(
      {false, "Nobody knows what these words mean, and they count as unknown: " + Listed(unknown) +
                  ". Say whether they are open, closed, won or lost."});
}

void OrderStages(const ColumnFacts& stages, Guesser::Guess& guess) {
  if (!stages.values) return;
  const auto& words = stages.order_of_values;
  const bool all_known = std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return StageRank(sales::Fold(word)).has_value();
  });
  const bool all_likely = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    const auto found = stages.beside.find(word);
    return found != stages.beside.end() && found->second.probabilities > 0;
  });
  std::vector<Place> places;
  for (const std::string& word : words) {
    const double rank =
        all_likely && !all_known ? LikelyRank(stages, word) : KnownRank(stages, word);
    places.push_back({rank, places.size(), word});
  }
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.at < b.at;
  });
  for (Place& place : places) guess.mapping.stages.push_back(std::move(place.word));
  if (all_known || all_likely || places.size() < 2) return;
  guess.findings.push_back(
      {false,
       "The order of the stages is a guess: put them in the order in which a deal goes through "
       "them."});
}

}  // namespace revops::mapping
