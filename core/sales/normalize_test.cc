#include "core/sales/normalize.h"

#include <gtest/gtest.h>

namespace revops::sales {
namespace {

constexpr const char* kZeroWidthSpace = "\xE2\x80\x8B";
constexpr const char* kNoBreakSpace = "\xC2\xA0";

TEST(Trim, RemovesExactlyTheListedSpaces) {
  const std::string nbsp = kNoBreakSpace;
  EXPECT_EQ(Trim("\t\n\v\f\r North\t" + nbsp), "North");
  EXPECT_EQ(Trim(nbsp + " " + nbsp + "North"), "North");
  EXPECT_EQ(Trim("North East"), "North East");
  EXPECT_EQ(Trim(""), "");
  EXPECT_EQ(Trim(" " + nbsp + "\t"), "");
}

TEST(Trim, LeavesOtherSpacesAlone) {
  for (const std::string& text :
       {std::string(kZeroWidthSpace) + "North", std::string("North") + kZeroWidthSpace,
        std::string("\xE2\x80\x83North"), std::string("\xC2\x85North"), std::string("\x1FNorth"),
        std::string("\0North", 6)}) {
    EXPECT_EQ(Trim(text), text);
  }
}

TEST(Trim, TakesHalfOfANoBreakSpaceForNoSpace) {
  EXPECT_EQ(Trim("North\xA0"), "North\xA0");
  EXPECT_EQ(Trim("\xC2North"), "\xC2North");
}

TEST(Fold, MapsAsciiAlone) {
  EXPECT_EQ(Fold("OPEN"), "open");
  EXPECT_EQ(Fold("@AZ[`az{"), "@az[`az{");
  EXPECT_EQ(Fold("\xC4\xB0"), "\xC4\xB0");          // İ
  EXPECT_EQ(Fold("\xE1\xBA\x9E"), "\xE1\xBA\x9E");  // ẞ
}

TEST(IsBlank, IsEmptyAfterTrim) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(std::string("\t ") + kNoBreakSpace));
  EXPECT_FALSE(is_blank(kZeroWidthSpace));
}

class NormalizerTest : public testing::Test {
 protected:
  std::optional<std::string_view> Label(std::size_t dimension,
                                        const std::optional<std::string_view>& raw) {
    return normalizer_.Label(dimension, raw);
  }

  const Schema& schema_ = Schema::FctSales();
  Normalizer normalizer_{schema_, Definitions{}};
};

TEST_F(NormalizerTest, MapsEveryStatus) {
  const std::size_t status = schema_.status_dimension();
  EXPECT_EQ(Label(status, "Open"), "open");
  EXPECT_EQ(Label(status, " OPEN\t"), "open");
  EXPECT_EQ(Label(status, std::string(kNoBreakSpace) + "open"), "open");
  EXPECT_EQ(Label(status, "Closed"), "closed");
  EXPECT_EQ(Label(status, "closed WON"), "won");
  EXPECT_EQ(Label(status, "Won"), "won");
  EXPECT_EQ(Label(status, "Closed Lost"), "lost");
  EXPECT_EQ(Label(status, "lost"), "lost");
  for (const char* text : {"", "  ", "pending", "Open\xE2\x80\x8B", "closed  won", "unknown"}) {
    EXPECT_EQ(Label(status, text), "unknown") << text;
  }
  EXPECT_EQ(Label(status, std::nullopt), "unknown");
}

TEST_F(NormalizerTest, KeepsUnlistedStagesUnderTheirOwnLabel) {
  const std::size_t stage = schema_.stage_dimension();
  EXPECT_EQ(Label(stage, " negotiation "), "Negotiation");
  EXPECT_EQ(Label(stage, "PROSPECTING"), "Prospecting");
  EXPECT_EQ(Label(stage, " Legal Review "), "Legal Review");
  EXPECT_EQ(Label(stage, "legal review"), "legal review");
  EXPECT_EQ(Label(stage,
                  "Qual\xC4\xB0"
                  "f\xC4\xB0"
                  "cation"),
            "Qual\xC4\xB0"
            "f\xC4\xB0"
            "cation");
  EXPECT_EQ(Label(stage, std::nullopt), std::nullopt);
  EXPECT_EQ(Label(stage, "\t"), std::nullopt);
  EXPECT_FALSE(normalizer_.is_unlisted_stage("Negotiation"));
  EXPECT_TRUE(normalizer_.is_unlisted_stage("negotiation"));
}

TEST_F(NormalizerTest, KeepsARegionCalledUnknownApartFromTheUnknownGroup) {
  const std::size_t region = schema_.region_dimension();
  EXPECT_EQ(Label(region, std::nullopt), std::nullopt);
  EXPECT_EQ(Label(region, " \t"), std::nullopt);
  EXPECT_EQ(Label(region, "(unknown)"), "(unknown)");
  EXPECT_EQ(Label(region, kZeroWidthSpace), kZeroWidthSpace);
  EXPECT_EQ(Label(region, " North "), "North");
  EXPECT_EQ(Label(region, "NORTH"), "NORTH");
  EXPECT_EQ(Label(region, "\xE1\xBA\x9E"), "\xE1\xBA\x9E");
}

TEST_F(NormalizerTest, KeepsItsLabelsWhileItGrows) {
  const auto first = Label(schema_.region_dimension(), " North ");
  for (int i = 0; i < 10'000; ++i) Label(schema_.region_dimension(), " r" + std::to_string(i));
  EXPECT_EQ(first, "North");
  EXPECT_EQ(Label(schema_.region_dimension(), " North ")->data(), first->data());
}

TEST(Normalizer, AppliesTheConfiguredAliases) {
  Definitions definitions;
  definitions.aliases["region"] = {{"N", "North"}, {"-", " "}};
  definitions.stage_aliases = {{"demo", "Qualification"}, {"none", ""}};
  definitions.statuses["in progress"] = Status::kOpen;
  const Schema& schema = Schema::FctSales();
  Normalizer normalizer(schema, definitions);
  EXPECT_EQ(normalizer.Label(schema.region_dimension(), " N "), "North");
  EXPECT_EQ(normalizer.Label(schema.region_dimension(), "n"), "n");
  EXPECT_EQ(normalizer.Label(schema.region_dimension(), "-"), std::nullopt);
  EXPECT_EQ(normalizer.Label(schema.product_dimension(), "N"), "N");
  EXPECT_EQ(normalizer.Label(schema.stage_dimension(), "Demo"), "Qualification");
  EXPECT_EQ(normalizer.Label(schema.stage_dimension(), "None"), std::nullopt);
  EXPECT_EQ(normalizer.Label(schema.status_dimension(), "In Progress"), "open");
}

TEST(Normalizer, TellsTextsApartThatDifferInOneByte) {
  const Schema& schema = Schema::FctSales();
  Normalizer normalizer(schema, Definitions{});
  for (std::size_t size = 1; size <= 40; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'a');
      text[at] = 'b';
      EXPECT_EQ(normalizer.Label(schema.product_dimension(), text), text);
      EXPECT_EQ(normalizer.Label(schema.product_dimension(), text), text);
    }
  }
}

TEST(Status, ReadsBackItsName) {
  for (const Status status : kStatuses) EXPECT_EQ(ParseStatus(ToString(status)), status);
  EXPECT_FALSE(ParseStatus("Open"));
}

}  // namespace
}  // namespace revops::sales
