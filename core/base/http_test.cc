#include "core/base/http.h"

#include <gtest/gtest.h>

namespace revops {
namespace {

TEST(HttpRequest, FindsTheFirstFieldWithoutCase) {
  const HttpField fields[] = {{"If-None-Match", "\"a\""}, {"if-none-match", "\"b\""}};
  HttpRequest request;
  request.fields = fields;
  EXPECT_EQ(request.header("IF-NONE-MATCH"), "\"a\"");
  EXPECT_EQ(request.header("If-None-Matc"), "");
}

TEST(ReasonPhrase, NamesEveryStatusThatWeSend) {
  EXPECT_EQ(ReasonPhrase(503), "Service Unavailable");
  EXPECT_EQ(ReasonPhrase(299), "Unknown");
}

}  // namespace
}  // namespace revops
