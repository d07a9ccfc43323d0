#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/coding.h"
#include "core/base/error.h"
#include "core/base/http.h"

namespace revops::api {

using Headers = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kBytes = "application/octet-stream";
inline constexpr std::string_view kCsv = "text/csv; charset=utf-8; header=present";
/// What answers depend on besides the address.
inline constexpr std::string_view kVary = "Accept, Accept-Encoding, Origin";

enum class CachePolicy {
  kRevalidate,  ///< kept, and asked about by ETag before every use
  kNever,
};

struct Reply;
/// As HttpLater, before the reply is fitted to the request's fields.
using ReplyLater = std::function<void(std::function<void(std::function<Reply()>)> resume,
                                      const std::stop_token& stop)>;

/// What a handler answers, before it is fitted to the request's fields.
struct Reply {
  int status = 200;
  std::string body;
  std::string_view content_type = kJson;  ///< empty: there is no body
  CachePolicy cache = CachePolicy::kNever;
  Headers headers;         ///< besides those of every answer
  HttpStreamStart stream;  ///< replaces body
  ReplyLater later;        ///< replaces all
};

/// Why a request is refused.
struct Problem {
  int status = 500;
  std::string_view code;  ///< of the answer: "not_found"
  std::string message;
  bool retryable = false;
  std::optional<int> retry_after_seconds;
};

/// Where every error gets its status. One with a vendor's origin is never the asker's fault: it is
/// 502, 503 or 504.
Problem ToProblem(const Error& error);
Problem NoSnapshot();
Problem InvalidArgument(std::string message);

Reply ToReply(const Problem& problem, std::string_view request_id);
/// Also logs errors of our own (500).
Reply ToReply(const Error& error, std::string_view request_id);

/// Content type, caching, nosniff and the policies that keep an answer from being run or embedded.
Headers StandardHeaders(std::string_view content_type, CachePolicy cache);

/// Strong, of the bytes that are sent: the body's hash and the coding, in quotes.
std::string MakeETag(std::string_view body, Coding coding);

/// Fits a reply to the request: ETag and 304, content coding, standard headers.
HttpResponse Render(Reply reply, const HttpRequest& request);

}  // namespace revops::api
