#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/http.h"
#include "core/base/result.h"

namespace revops::net {

/// Who called, as it wants to be answered.
enum class GatewayForm {
  kVersion1,  ///< a REST API, or an HTTP API that was told so
  kVersion2,  ///< an HTTP API or a function's own URL
};

struct GatewayOptions {
  /// Whether a REST API passes compressed answers on (its binaryMediaTypes are */*): otherwise
  /// browsers would get the base64, and requests lose their Accept-Encoding here.
  bool rest_api_takes_binary = false;
};

/// A request that came as an event.
struct GatewayRequest {
  GatewayForm form = GatewayForm::kVersion1;
  std::string method;  ///< as HttpRequest has these
  std::string path;    ///< without stage and base path
  std::string query;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

/// nullopt: an event that comes from no gateway, such as a schedule's or `{}`.
/// Errors: kInvalidArgument for what is not a JSON object, or not a whole event.
Result<std::optional<GatewayRequest>> ReadGatewayEvent(std::string_view event,
                                                       const GatewayOptions& options);

/// Views of the fields, for an HttpRequest.
std::vector<HttpField> FieldsOf(const GatewayRequest& request);

/// The answer's JSON in the form of the request. Without body for HEAD; base64 for what is encoded
/// or no text; an error of ours for an answer that is a stream or larger than a function may give.
std::string RenderGatewayAnswer(const GatewayRequest& request, const HttpResponse& response,
                                std::string_view request_id);

}  // namespace revops::net
