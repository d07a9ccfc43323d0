#include <gtest/gtest.h>

#include "fuzz/foreign_check.h"
#include "fuzz/replay.h"

namespace revops::foreign {
namespace {

TEST(CsvDialectCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/csv_dialect", fuzz::CheckCsvDialect), 16U);
}

TEST(XlsxCorpus, KeepsEveryPromise) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/xlsx", fuzz::CheckXlsx), 9U);
}

}  // namespace
}  // namespace revops::foreign
