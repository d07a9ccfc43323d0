#include "core/api/reply.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/api/testing/decode.h"

namespace revops::api {
namespace {

struct StatusCase {
  ErrorCode code;
  int ours;
  int theirs;
};

TEST(ToProblem, MapsEveryCode) {
  const std::vector<StatusCase> cases = {
      {ErrorCode::kInvalidArgument, 400, 502},  {ErrorCode::kNotFound, 404, 502},
      {ErrorCode::kAlreadyExists, 409, 502},    {ErrorCode::kUnauthenticated, 401, 502},
      {ErrorCode::kPermissionDenied, 403, 502}, {ErrorCode::kUnavailable, 503, 503},
      {ErrorCode::kTimeout, 504, 504},          {ErrorCode::kResourceExhausted, 503, 503},
      {ErrorCode::kCorrupt, 500, 502},          {ErrorCode::kUnsupported, 501, 502},
      {ErrorCode::kCancelled, 503, 503},        {ErrorCode::kInternal, 500, 502},
  };
  for (const StatusCase& row : cases) {
    const Problem ours = ToProblem({row.code, "what", "", "context"});
    const Problem theirs = ToProblem({row.code, "what", "vendor:1", "context"});
    EXPECT_EQ(ours.status, row.ours) << ToString(row.code);
    EXPECT_EQ(theirs.status, row.theirs) << ToString(row.code);
    EXPECT_EQ(ours.code, ToString(row.code));
    EXPECT_EQ(ours.retryable, is_retryable(row.code));
    EXPECT_EQ(ours.retry_after_seconds.has_value(), row.ours == 503 || row.ours == 504);
  }
}

TEST(ToReply, HasTheCommonShapeAndKeepsContextAndOriginToItself) {
  const Error error{ErrorCode::kTimeout, "It took \"too\" long.", "vendor:9", "reading"};
  const Reply reply = ToReply(error, "0123");
  EXPECT_EQ(reply.status, 504);
  EXPECT_EQ(reply.body,
            "{\"error\":{\"code\":\"timeout\",\"message\":\"It took \\\"too\\\" long.\","
            "\"request_id\":\"0123\",\"retryable\":true}}");
  ASSERT_EQ(reply.headers.size(), 1U);
  EXPECT_EQ(reply.headers[0].first, "Retry-After");
}

std::string HeaderOf(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

struct Asked {
  std::vector<HttpField> fields;
  HttpRequest request() const { return {"GET", "/", "", fields, "", "id"}; }
};

Reply Cachable(std::string body) {
  Reply reply;
  reply.body = std::move(body);
  reply.cache = CachePolicy::kRevalidate;
  return reply;
}

TEST(Render, CompressesWhatIsWorthIt) {
  const Asked asked{{{"Accept-Encoding", "gzip, br"}}};
  const std::string large(5000, 'a');
  const HttpResponse response = Render(Cachable(large), asked.request());
  EXPECT_EQ(HeaderOf(response, "Content-Encoding"), "gzip");
  EXPECT_EQ(Decode(Coding::kGzip, response.body), large);
  EXPECT_EQ(HeaderOf(Render(Cachable("{}"), asked.request()), "Content-Encoding"), "");
}

TEST(Render, PrefersAnyCodingToRefusingAndRefusesOnlyThen) {
  const Asked brotli{{{"Accept-Encoding", "br, identity;q=0"}}};
  const HttpResponse response = Render(Cachable("{}"), brotli.request());
  EXPECT_EQ(HeaderOf(response, "Content-Encoding"), "br");
  EXPECT_EQ(Decode(Coding::kBrotli, response.body), "{}");
  const Asked nothing{{{"Accept-Encoding", "*;q=0"}}};
  EXPECT_EQ(Render(Cachable("{}"), nothing.request()).status, 406);
}

TEST(Render, AnswersNotModifiedByTheETagOfTheSameCoding) {
  const std::string body(5000, 'b');
  const Asked plain;
  const std::string etag = HeaderOf(Render(Cachable(body), plain.request()), "ETag");
  ASSERT_FALSE(etag.empty());
  const Asked again{{{"If-None-Match", etag}}};
  const HttpResponse response = Render(Cachable(body), again.request());
  EXPECT_EQ(response.status, 304);
  EXPECT_TRUE(response.body.empty());
  EXPECT_EQ(HeaderOf(response, "ETag"), etag);
  const Asked other_coding{{{"If-None-Match", etag}, {"Accept-Encoding", "gzip"}}};
  EXPECT_EQ(Render(Cachable(body), other_coding.request()).status, 200);
}

TEST(Render, KeepsOtherAnswersOutOfCaches) {
  Reply reply;
  reply.body = "{}";
  const HttpResponse response = Render(std::move(reply), Asked().request());
  EXPECT_EQ(HeaderOf(response, "Cache-Control"), "no-store");
  EXPECT_EQ(HeaderOf(response, "ETag"), "");
  EXPECT_EQ(HeaderOf(response, "X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(HeaderOf(response, "Content-Security-Policy"), "default-src 'none'; sandbox");
  EXPECT_EQ(HeaderOf(response, "Cross-Origin-Resource-Policy"), "same-origin");
}

}  // namespace
}  // namespace revops::api
