#include "core/snapshot/part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/sha256.h"
#include "core/snapshot/test_publisher.h"

namespace revops::snapshot {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const sales::Schema& Fct() { return sales::Schema::FctSales(); }

constexpr std::string_view kHeader =
    "SALE_ID,PRODUCT,REGION,AMOUNT,STAGE,CUSTOMER_NAME,SALE_DATE,STATUS\n";

Result<std::vector<EncodedPart>> Encode(const std::vector<sales::Sale>& rows,
                                        std::size_t batch = 1024) {
  std::vector<EncodedPart> parts;
  PartWriter writer(Fct(), {}, [&](EncodedPart part) {
    parts.push_back(std::move(part));
    return Result<void>();
  });
  REVOPS_TRY(WriteAll(rows, batch, writer));
  REVOPS_TRY(writer.Finish());
  return parts;
}

std::string Content(const EncodedPart& part, std::size_t object) {
  return DecodeObject(part.objects[object].bytes, part.objects[object].ref).value();
}

Result<std::vector<sales::Sale>> Read(std::string_view csv) {
  RowCollector collector;
  REVOPS_TRY(ReadRows(csv, Fct(), collector));
  return collector.rows();
}

TEST(ObjectCodec, ReadsBackWhatItNamed) {
  for (const std::size_t size : {0U, 1U, 1000U, 300'000U}) {
    const std::string content(size, 'x');
    const EncodedObject object = EncodeObject(content, "json.zst");
    EXPECT_EQ(object.ref.sha256, Sha256::Hex(content));
    EXPECT_EQ(object.ref.size_bytes, size);
    EXPECT_EQ(DecodeObject(object.bytes, object.ref).value(), content);
  }
}

TEST(ObjectCodec, RefusesEveryDamage) {
  const EncodedObject object = EncodeObject("the content of an object", "json.zst");
  const auto refused = [](std::string_view bytes, const ObjectRef& ref) {
    const auto decoded = DecodeObject(bytes, ref);
    return !decoded && decoded.error().code == ErrorCode::kCorrupt;
  };
  for (std::size_t i = 0; i < object.bytes.size(); ++i) {
    EXPECT_TRUE(refused(object.bytes.substr(0, i), object.ref)) << i;
  }
  EXPECT_TRUE(refused(object.bytes + "x", object.ref));
  for (const std::uint64_t size : {0ULL, 23ULL, 25ULL, 1ULL << 50U, ~0ULL}) {
    EXPECT_TRUE(refused(object.bytes, {object.ref.sha256, "json.zst", size})) << size;
  }
  EXPECT_TRUE(refused(EncodeObject("other content, as long!!", "json.zst").bytes, object.ref));
}

TEST(ObjectCodec, StopsAtTheRecordedSize) {
  const EncodedObject bomb = EncodeObject(std::string(std::size_t{64} << 20U, 'x'), "json.zst");
  EXPECT_LT(bomb.bytes.size(), 100'000U);
  EXPECT_FALSE(DecodeObject(bomb.bytes, {bomb.ref.sha256, "json.zst", 100}));
}

TEST(PartWriter, WritesCanonicalCsv) {
  const auto parts = Encode(AwkwardRows());
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 4U);
  EXPECT_EQ(Content((*parts)[0], 0),
            std::string(kHeader) +
                "-3,\"Sage \"\"50\"\"\",North,-0.05,Proposal,\"a,b\",2026-10-31,Won\n");
  EXPECT_EQ(Content((*parts)[1], 0), std::string(kHeader) +
                                         "9,,North,,,\"carriage\rreturn\",2026-11-01,\n"
                                         "9,,North,,,\"carriage\rreturn\",2026-11-01,\n"
                                         "10,\"\",  ,0.00,Legal review,\"line\nbreak\",2026-11-01,"
                                         "Closed Lost\n"
                                         "9,Sage HR,\xC3\x9Cst,12.34,negotiation,\xFF\xFE,"
                                         "2026-11-30,open\n");
  EXPECT_EQ(Content((*parts)[3], 0),
            std::string(kHeader) +
                "99999999999999999999999999999999999999,Sage HR,,7.10,Proposal,\"\",,Open\n"
                ",,,,,,,\n");
}

TEST(PartWriter, CutsMonthsAndListsTheirIds) {
  const auto parts = Encode(AwkwardRows());
  ASSERT_TRUE(parts);
  std::vector<std::string> months;
  for (const EncodedPart& part : *parts) months.push_back(part.part.month);
  EXPECT_THAT(months, ElementsAre("2026-10", "2026-11", "2026-12", "undated"));
  EXPECT_EQ((*parts)[1].part.rows, 4U);
  EXPECT_EQ(Content((*parts)[1], 1), "9\n10\n");
  EXPECT_EQ(Content((*parts)[3], 1), "99999999999999999999999999999999999999\n");
  EXPECT_EQ((*parts)[1].objects[1].ref, (*parts)[1].part.ids_object);
  EXPECT_EQ((*parts)[1].objects[2].ref, (*parts)[1].part.cube_object);
}

TEST(PartWriter, CountsIdsThatRepeatInTheMonth) {
  const auto parts = Encode(AwkwardRows());
  ASSERT_TRUE(parts);
  const sales::Ledger& november = (*parts)[1].part.ledger;
  EXPECT_EQ(november[sales::LedgerReason::kDuplicateIdentical].rows, 1U);
  const sales::LedgerEntry conflicting = november[sales::LedgerReason::kDuplicateConflicting];
  EXPECT_EQ(conflicting, (sales::LedgerEntry{1, *Money::Parse("12.34")}));
  EXPECT_EQ((*parts)[2].part.ledger[sales::LedgerReason::kDuplicateConflicting].rows, 1U);
}

TEST(PartWriter, WritesNothingForNoRows) { EXPECT_TRUE(Encode({})->empty()); }

TEST(PartWriter, RefusesRowsThatNoPartCanHold) {
  const auto fails = [](std::vector<sales::Sale> rows) {
    for (const std::size_t batch : {1U, 2U}) {
      const auto parts = Encode(rows, batch);
      if (parts || parts.error().code != ErrorCode::kInternal) return false;
    }
    return true;
  };
  EXPECT_TRUE(fails({MakeSale({"2", "2026-11-01", "1"}), MakeSale({"1", "2026-11-01", "1"})}));
  EXPECT_TRUE(fails({MakeSale({"1", "2026-12-01", "1"}), MakeSale({"1", "2026-11-01", "1"})}));
  EXPECT_TRUE(fails({MakeSale({"1", nullptr, "1"}), MakeSale({"1", "2026-11-01", "1"})}));
  EXPECT_TRUE(fails({MakeSale({"01", "2026-11-01", "1"})}));
  EXPECT_TRUE(fails({MakeSale({"x", "2026-11-01", "1"})}));
  sales::Sale sale = MakeSale({"1", nullptr, "1"});
  sale.sold_on = *Date::Parse("9999-12-31") + 1;
  EXPECT_TRUE(fails({sale}));
  EXPECT_TRUE(fails({MakeSale({std::string(39, '1').c_str(), "2026-11-01", "1"})}));
}

TEST(PartWriter, HoldsAmountsOf18Digits) {
  for (const char* sign : {"", "-"}) {
    const std::string largest = sign + std::string("9999999999999999.99");
    const std::string too_large = sign + std::string("10000000000000000");
    EXPECT_TRUE(Encode({MakeSale({"1", "2026-11-01", largest.c_str()})}));
    const auto refused = Encode({MakeSale({"1", "2026-11-01", too_large.c_str()})});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(PartWriter, PassesOnWhatTheReceiverFailsWith) {
  PartWriter writer(Fct(), {}, [](const EncodedPart&) -> Result<void> {
    return Fail(ErrorCode::kResourceExhausted, "full");
  });
  const auto written = WriteAll(AwkwardRows(), 100, writer);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kResourceExhausted);
}

TEST(CanonicalCsv, ReadsBackAnyRows) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<sales::Sale> rows = *AnyRows();
    const auto parts = Encode(rows);
    RC_ASSERT(parts);
    std::vector<sales::Sale> read;
    for (const EncodedPart& part : *parts) {
      const auto part_rows = Read(Content(part, 0));
      RC_ASSERT(part_rows);
      RC_ASSERT(part_rows->size() == part.part.rows);
      read.insert(read.end(), part_rows->begin(), part_rows->end());
    }
    RC_ASSERT(read == rows);
  }));
}

TEST(CanonicalCsv, IsTheSameInAnyBatches) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<sales::Sale> rows = *AnyRows();
    const auto whole = Encode(rows);
    const auto cut = Encode(rows, *rc::gen::inRange<std::size_t>(1, 5));
    RC_ASSERT(whole);
    RC_ASSERT(cut);
    RC_ASSERT(whole->size() == cut->size());
    for (std::size_t i = 0; i < whole->size(); ++i) {
      RC_ASSERT((*whole)[i].part == (*cut)[i].part);
    }
  }));
}

TEST(CanonicalCsv, KeepsBatchesApartInLargeParts) {
  std::vector<sales::Sale> rows;
  for (int i = 0; i < 5000; ++i) {
    rows.push_back(MakeSale({std::to_string(i).c_str(), "2026-11-01", "1", "a \"quoted\" text"}));
  }
  const auto parts = Encode(rows, 700);
  ASSERT_TRUE(parts);
  EXPECT_EQ(Read(Content((*parts)[0], 0)).value(), rows);
}

TEST(CanonicalCsv, RefusesEverySpellingButOne) {
  const std::string good = "1,Sage 50,North,150000.00,Proposal,Acme Corp,2026-11-22,Open\n";
  ASSERT_TRUE(Read(std::string(kHeader) + good));
  ASSERT_TRUE(Read(kHeader));
  const char* bad[] = {
      "01,Sage 50,North,1.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "-0,Sage 50,North,1.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "+1,Sage 50,North,1.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,\"Sage 50\",North,1.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,Sage 50,North,1.0,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,Sage 50,North,1,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,Sage 50,North,01.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,Sage 50,North,-0.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,Sage 50,North,.50,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,Sage 50,North,1.00,Proposal,Acme Corp,2026-02-30,Open\n",
      "1,Sage 50,North,1.00,Proposal,Acme Corp,2026-11-22,Open\r\n",
      "1,Sage 50,North,1.00,Proposal,Acme Corp,2026-11-22,Open",
      "1,Sage 50,North,1.00,Proposal,Acme Corp,2026-11-22\n",
      "1,Sage 50,North,1.00,Proposal,Acme Corp,2026-11-22,Open,more\n",
      "1,Sage \"50,North,1.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,\"Sage, 50,North,1.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,\"Sage, 50\" ,North,1.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "1,Sage 50,North,10000000000000000.00,Proposal,Acme Corp,2026-11-22,Open\n",
      "111111111111111111111111111111111111111,Sage 50,North,1.00,Proposal,Acme Corp,,Open\n",
      "\n",
  };
  for (const char* row : bad) {
    const auto read = Read(std::string(kHeader) + row);
    ASSERT_FALSE(read) << row;
    EXPECT_EQ(read.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(read.error().message, testing::Not(HasSubstr("Acme"))) << "no row data";
  }
  EXPECT_FALSE(Read("sale_id,PRODUCT\n"));
  EXPECT_FALSE(Read(""));
  EXPECT_FALSE(Read(std::string(kHeader) + "2" + good.substr(1) + good)) << "order";
}

TEST(DuplicatesAcrossMonths, CountsTheFirstRowOfEachLaterMonth) {
  std::vector<sales::Sale> rows = {
      MakeSale({"1", "2026-09-01", "1"}),  MakeSale({"2", "2026-09-01", "2"}),
      MakeSale({"1", "2026-10-01", "4"}),  MakeSale({"1", "2026-10-05", "8"}),
      MakeSale({"3", "2026-10-05", "16"}), MakeSale({"1", nullptr, "32"}),
      MakeSale({"1", nullptr, "64"}),      MakeSale({"2", nullptr, nullptr}),
  };
  SortCanonically(rows);
  const auto built = BuildSnapshot(rows, {At("2026-11-22T02:00:00Z"), HashKind::kRows, {}, {}});
  ASSERT_TRUE(built);
  std::vector<std::string> loaded;
  const auto entry = CountDuplicatesAcrossMonths(
      Fct(), built->manifest.parts, [&](const ObjectRef& ref) -> Result<std::string> {
        loaded.push_back(ref.extension);
        for (const EncodedObject& object : built->objects) {
          if (object.ref == ref) return DecodeObject(object.bytes, ref);
        }
        return Fail(ErrorCode::kNotFound, "");
      });
  ASSERT_TRUE(entry);
  EXPECT_EQ(*entry, (sales::LedgerEntry{3, *Money::Parse("36")}));
  EXPECT_THAT(loaded, ElementsAre("ids.zst", "ids.zst", "ids.zst", "csv.zst", "csv.zst"));
  // Within October row 8 repeats an id of another date; within the undated, row 64.
  EXPECT_EQ(built->manifest.ledger[sales::LedgerReason::kDuplicateConflicting],
            (sales::LedgerEntry{5, *Money::Parse("108")}));
}

TEST(DuplicatesAcrossMonths, AgreesWithTheObviousCount) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<sales::Sale> rows = *AnyRows();
    const auto built = BuildSnapshot(rows, {At("2026-11-22T02:00:00Z"), HashKind::kRows, {}, {}});
    RC_ASSERT(built);
    // Every row but the first of its id is a duplicate of one kind or the other.
    std::map<std::string, std::uint64_t> by_id;
    std::uint64_t expected = 0;
    for (const sales::Sale& row : rows) {
      if (row.id && by_id[*row.id]++ > 0) ++expected;
    }
    const sales::Ledger& ledger = built->manifest.ledger;
    RC_ASSERT(ledger[sales::LedgerReason::kDuplicateIdentical].rows +
                  ledger[sales::LedgerReason::kDuplicateConflicting].rows ==
              expected);
  }));
}

TEST(CubePart, CountsWhatCellsTell) {
  const auto rows =
      BuildSnapshot(AwkwardRows(), {At("2026-11-22T02:00:00Z"), HashKind::kRows, {}, {}});
  const auto cube =
      BuildSnapshot(AwkwardRows(), {At("2026-11-22T02:00:00Z"), HashKind::kCube, {}, {}});
  ASSERT_TRUE(rows);
  ASSERT_TRUE(cube);
  EXPECT_EQ(rows->manifest.totals, cube->manifest.totals);
  EXPECT_NE(rows->manifest.content_hash, cube->manifest.content_hash);
  for (const sales::LedgerReason reason :
       {sales::LedgerReason::kAmountMissing, sales::LedgerReason::kRegionUnknown,
        sales::LedgerReason::kProductUnknown, sales::LedgerReason::kStageMissing,
        sales::LedgerReason::kStageUnlisted, sales::LedgerReason::kStatusUnknown,
        sales::LedgerReason::kDateMissing, sales::LedgerReason::kDateFuture}) {
    EXPECT_EQ(rows->manifest.ledger[reason], cube->manifest.ledger[reason])
        << sales::ToString(reason);
  }
  EXPECT_FALSE(cube->manifest.parts[0].rows_object);
}

}  // namespace
}  // namespace revops::snapshot
