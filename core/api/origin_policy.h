#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/reply.h"
#include "core/base/http.h"

namespace revops::api {

/// Which pages may use the API: our own, and those of a list of other origins. Everything else is
/// kept from reading answers by the browser, and from changing anything by us.
class OriginPolicy {
 public:
  explicit OriginPolicy(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  /// Whether the request comes from a page of one of the listed origins.
  bool is_listed(std::string_view origin) const;

  /// Why a POST, PUT or DELETE is refused: not of that content type (415), or not from a page that
  /// may (403). Pages elsewhere can send neither of the two types without a preflight.
  std::optional<Problem> RefuseWrite(const HttpRequest& request,
                                     std::string_view content_type = kJson) const;

  /// What lets a listed origin's page read the answer; nothing for others.
  void AddHeaders(const HttpRequest& request, Headers& headers) const;

  /// Answers OPTIONS: 204 with what `allow` permits; 403 to a preflight from elsewhere.
  Reply AnswerOptions(const HttpRequest& request, std::string_view allow) const;

 private:
  bool may_write(const HttpRequest& request) const;

  std::vector<std::string> origins_;
};

}  // namespace revops::api
