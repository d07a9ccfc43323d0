#include "apps/revops/row_documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/snapshot/part.h"

namespace revops::app {
namespace {

using testing::ElementsAre;

constexpr std::size_t kDocumentBytes = std::size_t{1} << 19U;

const sales::Schema& Schema() { return sales::Schema::FctSales(); }

sales::Sale Row(int id, std::string customer = "Acme") {
  sales::Sale sale;
  sale.id = std::to_string(id);
  sale.sold_on = Date::Parse("2026-11-01");
  sale.amount = Money::FromCents(100);
  sale.texts = {"Sage 50", "West", "Proposal", std::move(customer), "Open"};
  return sale;
}

/// What the writer made of the rows: its bytes in one piece.
std::string Written(const std::vector<sales::Sale>& rows) {
  std::string bytes;
  RowDocumentWriter writer(Schema(), [&bytes](std::string_view piece) -> Result<void> {
    bytes += piece;
    return {};
  });
  for (const sales::Sale& row : rows) EXPECT_TRUE(writer.Add(row));
  EXPECT_TRUE(writer.Finish());
  return bytes;
}

std::vector<std::string> Documents(std::string_view bytes) {
  const foreign::MemorySource source(bytes);
  RowDocumentReader reader(source);
  std::vector<std::string> documents;
  while (true) {
    const auto document = reader.Next();
    EXPECT_TRUE(document);
    if (!document || document->empty()) return documents;
    documents.emplace_back(*document);
  }
}

class IdCollector final : public sales::SaleSink {
 public:
  Result<void> Write(std::span<const sales::SaleView> rows) override {
    for (const sales::SaleView& row : rows) ids.emplace_back(row.id.value());
    return {};
  }
  std::vector<std::string> ids;
};

TEST(RowDocuments, AreSortedAndReadBack) {
  const std::string bytes = Written({Row(3), Row(1), Row(10)});
  const auto documents = Documents(bytes);
  ASSERT_EQ(documents.size(), 1U);
  IdCollector found;
  ASSERT_TRUE(snapshot::ReadRows(documents[0], Schema(), found));
  EXPECT_THAT(found.ids, ElementsAre("1", "3", "10"));
}

TEST(RowDocuments, AreNoneForNoRows) { EXPECT_EQ(Written({}), ""); }

TEST(RowDocuments, StayBelowTheirLimit) {
  std::vector<sales::Sale> rows;
  for (int id = 0; id < 2000; ++id) rows.push_back(Row(id, std::string(1000, 'x')));
  const std::string bytes = Written(rows);
  const auto documents = Documents(bytes);
  EXPECT_GT(documents.size(), 3U);
  IdCollector found;
  for (const std::string& document : documents) {
    EXPECT_LE(document.size(), kDocumentBytes);
    ASSERT_TRUE(snapshot::ReadRows(document, Schema(), found));
  }
  EXPECT_EQ(found.ids.size(), rows.size());
}

TEST(RowDocuments, HoldOneRowThatIsLongerThanTheirLimit) {
  const std::string bytes = Written({Row(1), Row(2, std::string(kDocumentBytes, 'x')), Row(3)});
  EXPECT_EQ(Documents(bytes).size(), 3U);
}

TEST(RowDocuments, PassOnWhatTheWriteFailsWith) {
  RowDocumentWriter writer(Schema(), [](std::string_view) {
    return Result<void>(Fail(ErrorCode::kResourceExhausted, "full"));
  });
  ASSERT_TRUE(writer.Add(Row(1)));
  EXPECT_EQ(writer.Finish().error().code, ErrorCode::kResourceExhausted);
}

Result<std::string> FirstOf(std::string_view bytes) {
  const foreign::MemorySource source(bytes);
  RowDocumentReader reader(source);
  REVOPS_TRY_ASSIGN(const std::string_view document, reader.Next());
  return std::string(document);
}

TEST(RowDocumentReader, RefusesWhatBreaksOff) {
  const std::string bytes = Written({Row(1)});
  for (std::size_t size = 1; size < bytes.size(); ++size) {
    const auto document = FirstOf(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(document) << size;
    EXPECT_EQ(document.error().code, ErrorCode::kCorrupt);
  }
}

TEST(RowDocumentReader, DoesNotTakeAnEmptyDocumentForTheEnd) {
  const auto document = FirstOf(std::string(4, '\0') + Written({Row(1)}));
  ASSERT_FALSE(document) << "the rows after it would be lost";
  EXPECT_EQ(document.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace revops::app
