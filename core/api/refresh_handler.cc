#include "core/api/refresh_handler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/api/job_json.h"
#include "core/api/query.h"

namespace revops::api {
namespace {

bool is_job_id(std::string_view text) {
  return text.size() == 32 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Error NoSuchRefresh() { return {ErrorCode::kNotFound, "There is no such refresh.", {}, {}}; }

/// A missing job is ours to tell, whatever the store calls it.
Error Plain(Error error) {
  return error.code == ErrorCode::kNotFound ? NoSuchRefresh() : std::move(error);
}

Result<void> TakeNothingAndNoBody(const HttpRequest& request) {
  REVOPS_TRY(TakeNothing(request));
  return RefuseBody(request.body);
}

Reply JobReply(int status, const snapshot::RefreshJob& job, bool joined) {
  Reply reply;
  reply.status = status;
  reply.body = "{\"data\":" + JobJson(job, joined) + "}";
  return reply;
}

}  // namespace

Outcome RefreshHandler::Newest(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (!exchange.may_block) return std::nullopt;
  if (const auto job = refresh_.newest()) return JobReply(200, *job, false);
  Reply reply;
  reply.body = "{\"data\":null}";
  return reply;
}

Outcome RefreshHandler::Start(const Exchange& exchange) const {
  if (const auto taken = TakeNothingAndNoBody(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (!exchange.may_block) return std::nullopt;
  bool joined = false;
  const Result<snapshot::RefreshJob> job = refresh_.StartOrJoin(joined);
  if (!job) return exchange.Fail(job.error());
  Reply reply = JobReply(202, *job, joined);
  reply.headers.emplace_back("Location", "/api/refresh/" + job->id);
  return reply;
}

Outcome RefreshHandler::Find(const Exchange& exchange, std::string_view id) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (!is_job_id(id)) return exchange.Fail(NoSuchRefresh());
  if (!exchange.may_block) return std::nullopt;
  const Result<snapshot::RefreshJob> job = refresh_.Find(id);
  if (!job) return exchange.Fail(Plain(job.error()));
  return JobReply(200, *job, false);
}

Outcome RefreshHandler::Cancel(const Exchange& exchange, std::string_view id) const {
  if (const auto taken = TakeNothingAndNoBody(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  if (!is_job_id(id)) return exchange.Fail(NoSuchRefresh());
  if (!exchange.may_block) return std::nullopt;
  const Result<snapshot::RefreshJob> job = refresh_.Cancel(id);
  if (!job) return exchange.Fail(Plain(job.error()));
  return JobReply(202, *job, false);
}

Outcome RefreshHandler::Events(const Exchange& exchange) const {
  if (const auto taken = TakeNothing(exchange.request); !taken) {
    return exchange.Fail(taken.error());
  }
  Reply reply;
  reply.content_type = "text/event-stream";
  if (exchange.request.method == "HEAD") return reply;
  reply.stream =
      [&events = events_, last_event_id = std::string(exchange.request.header("Last-Event-ID"))](
          HttpStreamSink sink) { return events.Subscribe(last_event_id, std::move(sink)); };
  return reply;
}

}  // namespace revops::api
