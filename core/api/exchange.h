#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/api/edition.h"
#include "core/api/reply.h"
#include "core/base/error.h"
#include "core/base/http.h"
#include "core/base/result.h"

namespace revops::api {

class Query;

/// One request while it is being answered.
struct Exchange {
  const HttpRequest& request;
  /// Pinned for the whole request; nullptr: nothing was ever published.
  std::shared_ptr<const Edition> edition;
  bool may_block = false;

  Reply Fail(const Error& error) const { return ToReply(error, request.request_id); }
  Reply Fail(const Problem& problem) const { return ToReply(problem, request.request_id); }
};

/// nullopt: it would have blocked and may not; asked again on a worker.
using Outcome = std::optional<Reply>;

/// Errors: kInvalidArgument naming a parameter, where there is one.
Result<void> TakeNothing(const HttpRequest& request);

/// Errors: kInvalidArgument for a body that is neither empty nor an empty object.
Result<void> RefuseBody(std::string_view body);

/// "csv" or "json" from `format`, else from the Accept field.
Result<bool> TakeWantsCsv(Query& query, const HttpRequest& request);

/// Whether texts are wanted as they are: `X-Raw: 1`.
bool wants_raw(const HttpRequest& request);

/// A download under that name.
Reply CsvReply(std::string body, const std::string& file_name);

}  // namespace revops::api
