#include "core/api/coding.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/api/testing/decode.h"

namespace revops::api {
namespace {

constexpr unsigned kAll = 7;
constexpr unsigned kPlain = 4;

struct NegotiationCase {
  std::string_view field;
  std::optional<Coding> chosen;
};

TEST(NegotiateCoding, TakesTheHighestQualityThenOurPreference) {
  const std::vector<NegotiationCase> cases = {
      {"", Coding::kIdentity},
      {"gzip", Coding::kGzip},
      {"br", Coding::kBrotli},
      {"gzip, deflate, br, zstd", Coding::kBrotli},
      {"gzip;q=1.0, br;q=0.5", Coding::kGzip},
      {"GZIP", Coding::kGzip},
      {"br;q=0, gzip;q=0", Coding::kIdentity},
      {"*", Coding::kBrotli},
      {"*;q=0", std::nullopt},
      {"*;q=0, identity", Coding::kIdentity},
      {"identity;q=0", std::nullopt},
      {"identity;q=0, gzip", Coding::kGzip},
      {"identity, gzip;q=0.5", Coding::kIdentity},
      {"gzip;q=0.001", Coding::kGzip},
      {"gzip;q=2", Coding::kIdentity},
      {"gzip;q=", Coding::kIdentity},
      {"gzip;q=0.1234", Coding::kIdentity},
      {"gzip ; Q=0.5 , br;q=0.4", Coding::kGzip},
      {"compress, x-unknown", Coding::kIdentity},
      {",,;q=1,", Coding::kIdentity},
  };
  for (const NegotiationCase& row : cases) {
    EXPECT_EQ(NegotiateCoding(row.field, kAll), row.chosen) << row.field;
  }
}

TEST(NegotiateCoding, ChoosesOnlyFromWhatIsOffered) {
  EXPECT_EQ(NegotiateCoding("br, gzip", kPlain), Coding::kIdentity);
  EXPECT_EQ(NegotiateCoding("br, gzip, identity;q=0", kPlain), std::nullopt);
}

TEST(PrefersCsv, OnlyWhenItIsNamedAboveJson) {
  EXPECT_TRUE(prefers_csv("text/csv"));
  EXPECT_TRUE(prefers_csv("text/csv, application/json;q=0.9"));
  EXPECT_TRUE(prefers_csv("text/csv;charset=utf-8, */*;q=0.1"));
  EXPECT_FALSE(prefers_csv(""));
  EXPECT_FALSE(prefers_csv("*/*"));
  EXPECT_FALSE(prefers_csv("text/*"));
  EXPECT_FALSE(prefers_csv("application/json, text/csv"));
  EXPECT_FALSE(prefers_csv("text/csv;q=0"));
}

TEST(MatchesETag, ComparesWeaklyInAList) {
  constexpr std::string_view kTag = "\"abc-br\"";
  EXPECT_TRUE(MatchesETag("\"abc-br\"", kTag));
  EXPECT_TRUE(MatchesETag("W/\"abc-br\"", kTag));
  EXPECT_TRUE(MatchesETag("\"x\", W/\"y\" ,\"abc-br\"", kTag));
  EXPECT_TRUE(MatchesETag(" * ", kTag));
  EXPECT_FALSE(MatchesETag("", kTag));
  EXPECT_FALSE(MatchesETag("abc-br", kTag));
  EXPECT_FALSE(MatchesETag("\"abc\"", kTag));
  EXPECT_FALSE(MatchesETag("\"x\", \"abc-br", kTag));
  EXPECT_FALSE(MatchesETag("\"*\"", kTag));
}

TEST(Encode, DecodesToTheSameBytes) {
  rc::check([](const std::string& body) {
    for (const Coding coding : kCodings) RC_ASSERT(Decode(coding, Encode(coding, body)) == body);
  });
  const std::string large(1'000'000, 'x');
  for (const Coding coding : kCodings) EXPECT_EQ(Decode(coding, Encode(coding, large)), large);
}

TEST(Encode, IsReproducible) {
  const std::string body(5000, 'a');
  for (const Coding coding : kCodings) EXPECT_EQ(Encode(coding, body), Encode(coding, body));
}

}  // namespace
}  // namespace revops::api
