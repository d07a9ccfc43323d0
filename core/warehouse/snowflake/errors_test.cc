#include "core/warehouse/snowflake/errors.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::warehouse {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Case {
  int status;
  std::string code;
  ErrorCode meaning;
  std::string origin;
  std::string advice;  ///< a part of the message
};

TEST(SnowflakeErrors, HaveOneOfOurCodes) {
  const std::vector<Case> cases = {
      {422, "002003", ErrorCode::kNotFound, "snowflake:002003", "SNOWFLAKE_SCHEMA"},
      {422, "002043", ErrorCode::kNotFound, "snowflake:002043", "SNOWFLAKE_DATABASE"},
      {422, "090105", ErrorCode::kNotFound, "snowflake:090105", "SNOWFLAKE_DATABASE"},
      {422, "090106", ErrorCode::kNotFound, "snowflake:090106", "SNOWFLAKE_SCHEMA"},
      {422, "000904", ErrorCode::kInvalidArgument, "snowflake:000904", "column"},
      {422, "000606", ErrorCode::kUnavailable, "snowflake:000606", "SNOWFLAKE_WAREHOUSE"},
      {422, "000604", ErrorCode::kCancelled, "snowflake:000604", "cancelled"},
      {422, "000630", ErrorCode::kTimeout, "snowflake:000630", "timeout"},
      {422, "000707", ErrorCode::kUnsupported, "snowflake:000707", "history"},
      {422, "003001", ErrorCode::kPermissionDenied, "snowflake:003001", "privilege"},
      {422, "001003", ErrorCode::kInternal, "snowflake:001003", "failed"},
      {422, "100037", ErrorCode::kInternal, "snowflake:100037", "failed"},
      {422, "", ErrorCode::kInternal, "snowflake:422", "failed"},
      {401, "390144", ErrorCode::kUnauthenticated, "snowflake:390144", "RSA_PUBLIC_KEY"},
      {401, "390303", ErrorCode::kUnauthenticated, "snowflake:390303", "OAuth"},
      {401, "390318", ErrorCode::kUnauthenticated, "snowflake:390318", "renew it"},
      {401, "394400", ErrorCode::kUnauthenticated, "snowflake:394400", "make a new one"},
      {401, "", ErrorCode::kUnauthenticated, "snowflake:401", "SNOWFLAKE_USER"},
      {401, "390999", ErrorCode::kUnauthenticated, "snowflake:390999", "refused"},
      {403, "390189", ErrorCode::kPermissionDenied, "snowflake:390189", "SNOWFLAKE_ROLE"},
      {403, "", ErrorCode::kPermissionDenied, "snowflake:403", "network policy"},
      {422, "390201", ErrorCode::kNotFound, "snowflake:390201", "warehouse"},
      {400, "390142", ErrorCode::kInternal, "snowflake:390142", "refused"},
      {404, "", ErrorCode::kUnavailable, "snowflake:404", "account"},
      {405, "", ErrorCode::kInternal, "snowflake:405", "refused"},
      {415, "", ErrorCode::kInternal, "snowflake:415", "refused"},
      {408, "333334", ErrorCode::kTimeout, "snowflake:333334", "timeout"},
      {408, "", ErrorCode::kTimeout, "snowflake:408", "timeout"},
      {429, "390505", ErrorCode::kUnavailable, "snowflake:390505", "too many"},
      {429, "", ErrorCode::kUnavailable, "snowflake:429", "too many"},
      {500, "", ErrorCode::kUnavailable, "snowflake:500", "service"},
      {502, "", ErrorCode::kUnavailable, "snowflake:502", "service"},
      {503, "", ErrorCode::kUnavailable, "snowflake:503", "service"},
      {504, "", ErrorCode::kUnavailable, "snowflake:504", "service"},
      {522, "", ErrorCode::kUnavailable, "snowflake:522", "connection"},
      {599, "", ErrorCode::kUnavailable, "snowflake:599", "service"},
      {302, "", ErrorCode::kInternal, "snowflake:302", "refused"},
      {200, "391908", ErrorCode::kResourceExhausted, "snowflake:391908", "too large"},
      {500, "002003", ErrorCode::kNotFound, "snowflake:002003", "does not exist"},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(std::to_string(test.status) + " " + test.code);
    const Error error = ToError({test.status, test.code, {}, {}});
    EXPECT_EQ(error.code, test.meaning);
    EXPECT_EQ(error.origin, test.origin);
    EXPECT_THAT(error.message, HasSubstr(test.advice));
  }
}

TEST(SnowflakeErrors, QuoteTheServerInOneLine) {
  const Error error = ToError(
      {422, "002003", "42S02",
       "SQL compilation error:\nObject 'FCT_SALES' does not exist\r\n\tor not authorized.\n"});
  EXPECT_THAT(error.message,
              HasSubstr("(it says: SQL compilation error: Object 'FCT_SALES' does not exist or not "
                        "authorized.)"));
  EXPECT_THAT(error.message, Not(HasSubstr("\n")));
}

TEST(SnowflakeErrors, DoNotQuoteWithoutEnd) {
  const Error error = ToError({422, "001003", "42000", std::string(100'000, 'x')});
  EXPECT_LT(error.message.size(), 1000U);
}

// These messages quote the value that did not fit.
TEST(SnowflakeErrors, DoNotQuoteRows) {
  for (const char* code : {"100035", "100037", "100038", "100040", "100132"}) {
    const Error error =
        ToError({422, code, "22018", "Numeric value 'Acme Corp' is not recognized"});
    EXPECT_THAT(error.message, Not(HasSubstr("Acme"))) << code;
  }
}

TEST(SnowflakeErrors, SayWhatMayBeSentAgain) {
  for (const int status : {429, 500, 502, 503, 504}) EXPECT_TRUE(is_retried(status)) << status;
  for (const int status : {200, 202, 400, 401, 403, 404, 405, 408, 415, 422, 501, 522}) {
    EXPECT_FALSE(is_retried(status)) << status;
  }
}

}  // namespace
}  // namespace revops::warehouse
