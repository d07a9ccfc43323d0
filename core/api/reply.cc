#include "core/api/reply.h"

#include "core/api/json.h"
#include "core/base/logging.h"
#include "core/base/sha256.h"

namespace revops::api {
namespace {

// Below it the coding's own bytes and the work outweigh what is saved.
constexpr std::size_t kCompressedMin = 1024;
constexpr int kRetryAfterSeconds = 5;

struct StatusOf {
  ErrorCode code;
  int ours;    ///< no origin: our own finding
  int theirs;  ///< with a vendor's origin
};

constexpr StatusOf kStatuses[] = {
    {ErrorCode::kInvalidArgument, 400, 502},  {ErrorCode::kNotFound, 404, 502},
    {ErrorCode::kAlreadyExists, 409, 502},    {ErrorCode::kUnauthenticated, 401, 502},
    {ErrorCode::kPermissionDenied, 403, 502}, {ErrorCode::kUnavailable, 503, 503},
    {ErrorCode::kTimeout, 504, 504},          {ErrorCode::kResourceExhausted, 503, 503},
    {ErrorCode::kCorrupt, 500, 502},          {ErrorCode::kUnsupported, 501, 502},
    {ErrorCode::kCancelled, 503, 503},        {ErrorCode::kInternal, 500, 502},
};

int StatusFor(const Error& error) {
  for (const StatusOf& row : kStatuses) {
    if (row.code == error.code) return error.origin.empty() ? row.ours : row.theirs;
  }
  return 500;
}

constexpr unsigned Offer(Coding coding) { return 1U << static_cast<unsigned>(coding); }

/// Gzip where it is worth it; any coding before refusing. nullopt: the request takes none.
std::optional<Coding> ChooseCoding(const Reply& reply, const HttpRequest& request) {
  if (reply.status != 200 || reply.stream) return Coding::kIdentity;
  constexpr unsigned kPlain = Offer(Coding::kIdentity);
  constexpr unsigned kUsual = kPlain | Offer(Coding::kGzip);
  const std::string_view field = request.header("Accept-Encoding");
  const bool worth_it = reply.body.size() >= kCompressedMin;
  if (const auto coding = NegotiateCoding(field, worth_it ? kUsual : kPlain)) return coding;
  return NegotiateCoding(field, kUsual | Offer(Coding::kBrotli));
}

Problem NotAcceptable() {
  return {406, "not_acceptable", "Every content coding of the answer is refused.", false,
          std::nullopt};
}

HttpResponse NotModified(std::string etag) {
  HttpResponse response;
  response.status = 304;
  response.headers = {
      {"ETag", std::move(etag)}, {"Cache-Control", "no-cache"}, {"Vary", std::string(kVary)}};
  return response;
}

}  // namespace

Problem ToProblem(const Error& error) {
  Problem problem{StatusFor(error), ToString(error.code), error.message, is_retryable(error.code),
                  std::nullopt};
  if (problem.status == 503 || problem.status == 504) {
    problem.retry_after_seconds = kRetryAfterSeconds;
  }
  return problem;
}

Problem NoSnapshot() {
  return {503, "no_snapshot",
          "No snapshot has been published yet. Start one with Refresh Data or `revops process`.",
          true, 2};
}

Problem InvalidArgument(std::string message) {
  return {400, ToString(ErrorCode::kInvalidArgument), std::move(message), false, std::nullopt};
}

Reply ToReply(const Problem& problem, std::string_view request_id) {
  Reply reply;
  reply.status = problem.status;
  reply.body = "{\"error\":{";
  AppendText(reply.body, "code", problem.code);
  AppendText(reply.body, "message", problem.message);
  AppendText(reply.body, "request_id", request_id);
  AppendFlag(reply.body, "retryable", problem.retryable);
  reply.body += "}}";
  if (problem.retry_after_seconds) {
    reply.headers.emplace_back("Retry-After", std::to_string(*problem.retry_after_seconds));
  }
  return reply;
}

Reply ToReply(const Error& error, std::string_view request_id) {
  const Problem problem = ToProblem(error);
  if (problem.status >= 500) LogError("request_failed", error, {{"request_id", request_id}});
  return ToReply(problem, request_id);
}

Headers StandardHeaders(std::string_view content_type, CachePolicy cache) {
  const bool kept = cache == CachePolicy::kRevalidate;
  Headers headers = {{"Cache-Control", kept ? "no-cache" : "no-store"},
                     {"Vary", std::string(kVary)},
                     {"X-Content-Type-Options", "nosniff"},
                     {"Content-Security-Policy", "default-src 'none'; sandbox"},
                     {"Cross-Origin-Resource-Policy", "same-origin"},
                     {"Referrer-Policy", "no-referrer"}};
  if (!content_type.empty()) headers.emplace_back("Content-Type", content_type);
  return headers;
}

std::string MakeETag(std::string_view body, Coding coding) {
  std::string etag = "\"" + Sha256::Hex(body).substr(0, 32);
  if (coding != Coding::kIdentity) etag.append("-").append(ToString(coding));
  return etag + "\"";
}

HttpResponse Render(Reply reply, const HttpRequest& request) {
  const std::optional<Coding> chosen = ChooseCoding(reply, request);
  if (!chosen) reply = ToReply(NotAcceptable(), request.request_id);
  const Coding coding = chosen.value_or(Coding::kIdentity);
  HttpResponse response;
  response.status = reply.status;
  response.headers = StandardHeaders(reply.content_type, reply.cache);
  if (reply.cache == CachePolicy::kRevalidate && reply.status == 200) {
    std::string etag = MakeETag(reply.body, coding);
    if (MatchesETag(request.header("If-None-Match"), etag)) return NotModified(std::move(etag));
    response.headers.emplace_back("ETag", std::move(etag));
  }
  if (coding != Coding::kIdentity) {
    response.headers.emplace_back("Content-Encoding", ToString(coding));
    reply.body = Encode(coding, reply.body);
  }
  for (auto& header : reply.headers) response.headers.push_back(std::move(header));
  response.body = std::move(reply.body);
  response.stream = std::move(reply.stream);
  return response;
}

}  // namespace revops::api
