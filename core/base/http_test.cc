#include "core/base/http.h"

#include <functional>
#include <thread>

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

TEST(Await, GivesThePromisedAnswer) {
  HttpResponse at_once;
  at_once.status = 202;
  EXPECT_EQ(Await(at_once).status, 202);

  std::thread answers;
  HttpResponse promised;
  promised.later = [&](std::function<void(HttpRender)> resume, const std::stop_token&) {
    answers = std::thread([resume] {
      resume([] {
        HttpResponse response;
        response.status = 404;
        return response;
      });
    });
  };
  EXPECT_EQ(Await(promised).status, 404);
  answers.join();
}

}  // namespace
}  // namespace revops
