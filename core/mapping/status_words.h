#pragma once

#include "core/mapping/column_facts.h"
#include "core/mapping/guess.h"

namespace revops::mapping {

/// Most rows hold a word that says how a deal stands.
bool is_mostly_words(const ColumnFacts& column);

/// It says which deals are over.
bool is_telling(const ColumnFacts& column);

/// Gives the words of a column that is the STATUS their meanings: by what other columns say beside
/// them, else as the systems mean them. A word that nobody knows is an open stage where others tell
/// what is over; a status is not guessed.
void MapWords(const ColumnFacts& column, bool are_stages, Guesser::Guess& guess);

/// Puts the stages into their order: by what people know of them, else by how likely their deals
/// are won, else as they came.
void OrderStages(const ColumnFacts& stages, Guesser::Guess& guess);

}  // namespace revops::mapping
