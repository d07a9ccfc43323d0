#include "core/api/query.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace revops::api {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> ValuesOf(std::string_view text, std::string_view name) {
  Result<Query> query = Query::Parse(text);
  EXPECT_TRUE(query.has_value()) << text;
  return query ? query->TakeAll(name) : std::vector<std::string>();
}

TEST(Query, DecodesNamesAndValues) {
  EXPECT_THAT(ValuesOf("region=North&region=South+East&x=1", "region"),
              ElementsAre("North", "South East"));
  EXPECT_THAT(ValuesOf("region=%4eorth%20%26%3D", "region"), ElementsAre("North &="));
  EXPECT_THAT(ValuesOf("%72egion=a", "region"), ElementsAre("a"));
  EXPECT_THAT(ValuesOf("region=Z%C3%BCrich", "region"), ElementsAre("Zürich"));
  EXPECT_THAT(ValuesOf("region=a=b", "region"), ElementsAre("a=b"));
}

TEST(Query, TakesAnEmptyOrMissingValueAsEmpty) {
  EXPECT_THAT(ValuesOf("region=", "region"), ElementsAre(""));
  EXPECT_THAT(ValuesOf("region", "region"), ElementsAre(""));
  EXPECT_THAT(ValuesOf("&&region=&", "region"), ElementsAre(""));
  EXPECT_THAT(ValuesOf("", "region"), ElementsAre());
}

TEST(Query, RefusesMalformedEncodingAndNamesTheParameter) {
  const std::vector<std::string> malformed = {
      "region=%",         "region=%4",        "region=%zz",          "region=%C3",
      "region=%C0%80",    "region=%ED%A0%80", "region=%F4%90%80%80", "region=%FF",
      "region=%E2%28%A1", "region=a%00b",     "region=%C3%28",       "region=%F0%80%80%80"};
  for (const std::string& text : malformed) {
    const Result<Query> query = Query::Parse(text);
    ASSERT_FALSE(query.has_value()) << text;
    EXPECT_EQ(query.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(query.error().message, HasSubstr("'region'"));
  }
  const Result<Query> name = Query::Parse("%zz=1");
  ASSERT_FALSE(name.has_value());
  EXPECT_THAT(name.error().message, HasSubstr("%zz"));
}

TEST(Query, TakesASingleValueOnceOnly) {
  Result<Query> query = Query::Parse("as_of=a&as_of=b&from=c");
  ASSERT_TRUE(query.has_value());
  const auto twice = query->TakeSingle("as_of");
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message, HasSubstr("'as_of'"));
  EXPECT_EQ(*query->TakeSingle("from"), "c");
  EXPECT_EQ(*query->TakeSingle("to"), std::nullopt);
}

TEST(Query, RefusesWhatNobodyTook) {
  Result<Query> query = Query::Parse("region=a&colour=b");
  ASSERT_TRUE(query.has_value());
  query->TakeAll("region");
  const Result<void> rest = query->RefuseRest();
  ASSERT_FALSE(rest.has_value());
  EXPECT_EQ(rest.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(rest.error().message, HasSubstr("'colour'"));
  query->TakeAll("colour");
  EXPECT_TRUE(query->RefuseRest().has_value());
}

TEST(TakeLimit, AcceptsWholeNumbersInItsBounds) {
  for (const std::string text : {"limit=1", "limit=0007", "limit=5000"}) {
    Result<Query> query = Query::Parse(text);
    ASSERT_TRUE(query.has_value());
    EXPECT_TRUE(TakeLimit(*query, 5000).has_value()) << text;
  }
  for (const std::string text :
       {"limit=0", "limit=5001", "limit=", "limit=-1", "limit=1.5", "limit=1e3", "limit=abc",
        "limit=99999999999999999999", "limit=1&limit=2", "limit=+1"}) {
    Result<Query> query = Query::Parse(text);
    ASSERT_TRUE(query.has_value());
    const auto limit = TakeLimit(*query, 5000);
    ASSERT_FALSE(limit.has_value()) << text;
    EXPECT_THAT(limit.error().message, HasSubstr("'limit'"));
  }
}

std::string EncodeAll(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte / 16];
    out += kDigits[byte % 16];
  }
  return out;
}

TEST(Query, ReadsBackWhatWasEncoded) {
  rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    const Result<Query> parsed = Query::Parse("v=" + EncodeAll(text));
    RC_ASSERT(parsed.has_value());
    Query query = *parsed;
    RC_ASSERT(query.TakeAll("v") == std::vector<std::string>{text});
  });
}

TEST(Query, NeverFailsOtherwiseThanByRefusing) {
  rc::check([](const std::string& text) {
    const Result<Query> query = Query::Parse(text);
    if (!query) RC_ASSERT(query.error().code == ErrorCode::kInvalidArgument);
  });
}

}  // namespace
}  // namespace revops::api
