#include "core/warehouse/duckdb/csv_text.h"

#include <fstream>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::HasSubstr;
using testing::Optional;
using Record = std::pair<std::uint64_t, bool>;

class CsvText : public testing::Test {
 protected:
  const std::string& File(std::string_view content) {
    std::ofstream(path_, std::ios::binary) << content;
    return path_;
  }

  std::optional<std::string> Scan(std::string_view content) {
    records_.clear();
    return ScanCsv(File(content), [this](const CsvRecord& record) {
      records_.emplace_back(record.line, record.is_blank);
    });
  }

  std::string path_ = testing::TempDir() + "csv_text_test.csv";
  std::vector<Record> records_;
};

TEST_F(CsvText, CountsLinesWithinQuotesAndBlankOnes) {
  EXPECT_EQ(Scan("a,b\n1,\"x\ny\"\n\n2,\"say \"\"so\"\"\"\n3,4"), std::nullopt);
  EXPECT_THAT(records_, ElementsAre(Record{1, false}, Record{2, false}, Record{4, true},
                                    Record{5, false}, Record{6, false}));
  EXPECT_EQ(Scan("\xEF\xBB\xBFid\r\n\"1\r\n2\"\r\n3\r\n"), std::nullopt);
  EXPECT_THAT(records_, ElementsAre(Record{1, false}, Record{2, false}, Record{4, false}));
  EXPECT_EQ(Scan("a\rb\r"), std::nullopt);
  EXPECT_THAT(records_, ElementsAre(Record{1, false}, Record{2, false}));
}

TEST_F(CsvText, GoesOnAfterANul) {
  EXPECT_THAT(Scan(std::string_view("a\n\0\nb\n", 6)), Optional(HasSubstr("line 2 holds a NUL")));
  EXPECT_THAT(records_, ElementsAre(Record{1, false}, Record{2, false}, Record{3, false}));
}

TEST_F(CsvText, SaysWhereItIsAtFault) {
  EXPECT_THAT(Scan("a,b\n1,2\n3,\"x\n4,5\n"),
              Optional(HasSubstr("line 3 opens a quote that is never closed")));
  EXPECT_THAT(Scan("a,b\n1,\"x\"y\n"),
              Optional(HasSubstr("line 2 has text after a closing quote")));
  EXPECT_THAT(Scan(std::string_view("a,b\n1,\0\n", 8)),
              Optional(HasSubstr("line 2 holds a NUL character")));
  EXPECT_EQ(Scan("a,b\n5\" pipe,x\n"), std::nullopt);
}

TEST_F(CsvText, SaysWhatTheBeginningShows) {
  const auto fault = [this](std::string_view content) { return FindCsvHeadFault(File(content)); };
  EXPECT_EQ(fault("SALE_ID,REGION\n1;2;3,North\n"), std::nullopt);
  EXPECT_EQ(fault(""), std::nullopt);
  EXPECT_THAT(fault("SALE_ID;REGION;AMOUNT\n"), Optional(HasSubstr("separated by ';'")));
  EXPECT_THAT(fault("SALE_ID\tREGION\tAMOUNT\n"), Optional(HasSubstr("separated by tabs")));
  EXPECT_THAT(fault(std::string_view("\xFF\xFEI\0D\0", 6)), Optional(HasSubstr("UTF-16")));
  EXPECT_THAT(fault(std::string_view("S\0A\0L\0E\0", 8)), Optional(HasSubstr("UTF-16")));
  EXPECT_THAT(fault("REGION,\"Region\",AMOUNT\n"),
              Optional(Eq("the first line names Region twice")));
}

}  // namespace
}  // namespace revops::warehouse
