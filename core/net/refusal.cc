#include "core/net/refusal.h"

#include "core/base/error.h"
#include "core/base/logging.h"

namespace revops::net {
namespace {

ErrorCode CodeOf(int status) {
  switch (status) {
    case 408:
      return ErrorCode::kTimeout;
    case 500:
      return ErrorCode::kInternal;
    case 501:
    case 505:
      return ErrorCode::kUnsupported;
    case 503:
    case 507:
      return ErrorCode::kResourceExhausted;
    default:
      return ErrorCode::kInvalidArgument;
  }
}

}  // namespace

HttpResponse RefusalResponse(const Refusal& refusal, std::string_view request_id) {
  const ErrorCode code = CodeOf(refusal.status);
  HttpResponse response;
  response.status = refusal.status;
  response.headers = {{"Content-Type", "application/json"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Cache-Control", "no-store"}};
  if (refusal.status == 503) response.headers.emplace_back("Retry-After", "1");

  response.body = "{\"error\":{\"code\":";
  AppendJsonString(response.body, ToString(code));
  response.body += ",\"message\":";
  AppendJsonString(response.body, refusal.message);
  response.body += ",\"request_id\":";
  AppendJsonString(response.body, request_id);
  response.body += is_retryable(code) ? ",\"retryable\":true}}" : ",\"retryable\":false}}";
  return response;
}

}  // namespace revops::net
