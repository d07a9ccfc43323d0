#include "core/api/service.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"

namespace revops::api {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kJobId = "0123456789abcdef0123456789abcdef";

struct RouteCase {
  std::string path;
  std::string allow;
};

const std::vector<RouteCase>& AllRoutes() {
  static const std::string read = "GET, HEAD, OPTIONS";
  static const std::vector<RouteCase> routes = {
      {"/api/pipeline/by-region", read},
      {"/api/pipeline/by-product", read},
      {"/api/pipeline/by-stage", read},
      {"/api/pipeline/by-status", read},
      {"/api/pipeline/by-month", read},
      {"/api/summary", read},
      {"/api/sales/last-month", read},
      {"/api/snapshots", read},
      {"/api/refresh", "GET, HEAD, POST, OPTIONS"},
      {"/api/refresh/" + std::string(kJobId), "GET, HEAD, DELETE, OPTIONS"},
      {"/api/events", read},
      {"/api/metrics", read},
      {"/api/receipt", read},
      {"/api/openapi.json", read},
      {"/healthz", read},
      {"/readyz", read},
  };
  return routes;
}

TEST(Service, AnswersEveryRoute) {
  TestService test;
  test.PublishSampleRows();
  bool joined = false;
  ASSERT_TRUE(test.refresh.StartOrJoin(joined).has_value());
  for (const RouteCase& route : AllRoutes()) {
    const Seen seen = test.Get(route.path);
    EXPECT_EQ(seen.status, 200) << route.path;
    EXPECT_EQ(seen.header("X-Content-Type-Options"), "nosniff") << route.path;
  }
}

TEST(Service, AnswersHeadAsGet) {
  TestService test;
  test.PublishSampleRows();
  bool joined = false;
  ASSERT_TRUE(test.refresh.StartOrJoin(joined).has_value());
  for (const RouteCase& route : AllRoutes()) {
    const Seen head = test.Ask("HEAD", route.path);
    const Seen get = test.Get(route.path);
    EXPECT_EQ(head.status, get.status) << route.path;
    EXPECT_EQ(head.headers, get.headers) << route.path;
    EXPECT_EQ(head.stream, nullptr);
  }
}

TEST(Service, RefusesOtherMethodsAndSaysWhichItTakes) {
  TestService test;
  test.PublishSampleRows();
  for (const RouteCase& route : AllRoutes()) {
    for (const std::string method : {"PUT", "PATCH", "POST", "DELETE"}) {
      if (route.allow.find(method) != std::string::npos) continue;
      const Seen seen = test.Ask(method, route.path, {{"Content-Type", "application/json"}});
      EXPECT_EQ(seen.status, 405) << method << route.path;
      EXPECT_EQ(seen.header("Allow"), route.allow);
      EXPECT_THAT(seen.body, HasSubstr("\"code\":\"method_not_allowed\""));
    }
  }
}

TEST(Service, AnswersOptions) {
  TestService test;
  for (const RouteCase& route : AllRoutes()) {
    const Seen plain = test.Ask("OPTIONS", route.path);
    EXPECT_EQ(plain.status, 204);
    EXPECT_EQ(plain.header("Allow"), route.allow);
    EXPECT_EQ(plain.header("Content-Type"), "");
    const Seen preflight =
        test.Ask("OPTIONS", route.path,
                 {{"Origin", "http://localhost:5173"}, {"Access-Control-Request-Method", "GET"}});
    EXPECT_EQ(preflight.status, 204);
    EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "http://localhost:5173");
    EXPECT_EQ(preflight.header("Access-Control-Allow-Methods"), route.allow);
    const Seen foreign =
        test.Ask("OPTIONS", route.path,
                 {{"Origin", "http://evil.example"}, {"Access-Control-Request-Method", "GET"}});
    EXPECT_EQ(foreign.status, 403);
    EXPECT_EQ(foreign.header("Access-Control-Allow-Origin"), "");
  }
}

TEST(Service, LetsOnlyListedOriginsReadAnswers) {
  TestService test;
  test.PublishSampleRows();
  for (const RouteCase& route : AllRoutes()) {
    const Seen listed = test.Get(route.path, {{"Origin", "http://127.0.0.1:5173"}});
    EXPECT_EQ(listed.header("Access-Control-Allow-Origin"), "http://127.0.0.1:5173") << route.path;
    EXPECT_THAT(listed.header("Vary"), HasSubstr("Origin"));
    for (const std::string origin : {"http://evil.example", "null", "http://127.0.0.1:8080"}) {
      const Seen other = test.Get(route.path, {{"Origin", origin}});
      EXPECT_EQ(other.header("Access-Control-Allow-Origin"), "") << route.path;
    }
  }
}

TEST(Service, RefusesUnknownParametersEverywhere) {
  TestService test;
  test.PublishSampleRows();
  for (const RouteCase& route : AllRoutes()) {
    const Seen seen = test.Get(route.path + "?colour=red");
    EXPECT_EQ(seen.status, 400) << route.path;
    EXPECT_THAT(seen.body, HasSubstr("\"code\":\"invalid_argument\""));
    EXPECT_THAT(seen.body, HasSubstr("'colour'"));
    EXPECT_EQ(test.Get(route.path + "?a=%zz").status, 400) << route.path;
  }
}

TEST(Service, RefusesMalformedAndRepeatedParameters) {
  TestService test;
  test.PublishSampleRows();
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/api/summary?from=22-11-2026", "'from'"},
      {"/api/summary?to=2026-13-01", "'to'"},
      {"/api/summary?from=2026-01-01&from=2026-01-02", "'from'"},
      {"/api/summary?from=2026-01-02&to=2026-01-01", "'to'"},
      {"/api/summary?region=%C3", "'region'"},
      {"/api/summary?format=csv", "'format'"},
      {"/api/pipeline/by-region?format=xml", "'format'"},
      {"/api/pipeline/by-region?format=csv&format=csv", "'format'"},
      {"/api/pipeline/by-region?limit=5", "'limit'"},
      {"/api/sales/last-month?limit=0", "'limit'"},
      {"/api/sales/last-month?limit=5001", "'limit'"},
      {"/api/sales/last-month?region=North", "'region'"},
      {"/api/snapshots?limit=x", "'limit'"},
  };
  for (const auto& [target, named] : cases) {
    const Seen seen = test.Get(target);
    EXPECT_EQ(seen.status, 400) << target;
    EXPECT_THAT(seen.body, HasSubstr(named)) << target;
  }
}

TEST(Service, FindsNothingElsewhere) {
  TestService test;
  test.PublishSampleRows();
  for (const std::string path :
       {"/", "/api", "/api/", "/api/pipeline", "/api/pipeline/", "/api/pipeline/by-",
        "/api/pipeline/by-colour", "/api/pipeline/summary", "/api/pipeline/by-region/",
        "/api/Summary", "/api/%73ummary", "/api/refresh/", "/api/refresh/x", "/healthz/",
        "//healthz", "/api/openapi.yaml", "/api/pipeline/by-region/../by-product"}) {
    const Seen seen = test.Get(path);
    EXPECT_EQ(seen.status, 404) << path;
    EXPECT_THAT(seen.body, HasSubstr("\"code\":\"not_found\"")) << path;
  }
}

TEST(Service, RefusesWhenEveryCodingIsRefused) {
  TestService test;
  test.PublishSampleRows();
  for (const RouteCase& route : AllRoutes()) {
    const Seen seen = test.Get(route.path, {{"Accept-Encoding", "identity;q=0, *;q=0"}});
    if (seen.status == 200) {
      EXPECT_NE(seen.stream, nullptr) << route.path;
      continue;
    }
    if (seen.status == 404) continue;
    EXPECT_EQ(seen.status, 406) << route.path;
    EXPECT_THAT(seen.body, HasSubstr("\"code\":\"not_acceptable\""));
  }
}

TEST(Service, NeverBlocksOnAnEventLoop) {
  TestService test;
  test.PublishSampleRows();
  const std::vector<std::string> slow = {"/api/sales/last-month", "/api/snapshots", "/api/refresh",
                                         "/api/refresh/" + std::string(kJobId),
                                         "/api/summary?as_of=2026-11-22"};
  for (const std::string& target : slow) EXPECT_FALSE(test.Get(target).at_once) << target;
  const std::vector<std::string> quick = {"/api/summary",
                                          "/api/summary?region=North",
                                          "/api/pipeline/by-month?format=csv",
                                          "/api/metrics",
                                          "/api/receipt",
                                          "/healthz",
                                          "/readyz",
                                          "/nowhere"};
  for (const std::string& target : quick) EXPECT_TRUE(test.Get(target).at_once) << target;
  EXPECT_FALSE(test.Get("/api/openapi.json").at_once) << "it is prepared first";
  EXPECT_TRUE(test.Get("/api/openapi.json").at_once);
}

}  // namespace
}  // namespace revops::api
