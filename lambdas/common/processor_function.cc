#include "lambdas/common/processor_function.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/logging.h"
#include "core/processor/refresh.h"
#include "core/snapshot/verify.h"
#include "lambdas/common/job_log.h"
#include "lambdas/common/stored_jobs.h"
#include "lambdas/common/version.h"

namespace revops::lambda {
namespace {

using std::chrono::seconds;

/// What stopping and writing the job's end may take.
constexpr Clock::SteadyTime::duration kReserve = seconds(15);
/// What the function must have left for collecting what no snapshot needs any more.
constexpr Clock::SteadyTime::duration kCollectionTime = seconds(120);

struct Order {
  std::string job_id;  ///< empty: a new one
  std::string requested_by = "command";
  std::optional<Instant> scheduled_for;
};

std::string_view TextIn(const boost::json::object& event, std::string_view name) {
  const auto* value = event.if_contains(name);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

Result<Order> ReadOrder(std::string_view event, const scheduler::CronSchedule& schedule,
                        Instant now) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(event, error);
  if (error || !value.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "the event is not a JSON object: send {}");
  }
  Order order;
  const boost::json::object& members = value.get_object();
  if (members.contains("job")) {
    order.job_id = TextIn(members, "job");
    if (order.job_id.empty()) return Fail(ErrorCode::kInvalidArgument, "job is not a job's id");
  }
  const std::string_view source = TextIn(members, "source");
  if (source != "aws.scheduler" && source != "aws.events") return order;
  order.requested_by = "schedule";
  order.scheduled_for = ParseInstant(TextIn(members, "time"));
  if (!order.scheduled_for) order.scheduled_for = schedule.LastNotAfter(now);
  return order;
}

/// Triggers a stop shortly before the function's time is over.
class TimeLimit {
 public:
  TimeLimit(Clock::SteadyTime::duration time, std::stop_source stop)
      : thread_([this, time, stop = std::move(stop)](const std::stop_token& ended) mutable {
          std::unique_lock lock(mutex_);
          wake_.wait_for(lock, ended, time, [] { return false; });
          if (ended.stop_requested()) return;
          is_over_ = true;
          stop.request_stop();
        }) {}

  bool is_over() {
    const std::scoped_lock lock(mutex_);
    return is_over_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool is_over_ = false;
  std::jthread thread_;
};

processor::RefreshConfig MakeConfig(const FunctionSettings& settings) {
  return {settings.definitions,
          settings.zone,
          {"snowflake", "FCT_SALES"},
          kFunctionVersion,
          settings.snapshot_rows_max};
}

/// Of the time that is left, what the job may take.
Clock::SteadyTime::duration TimeForJob(Clock::SteadyTime::duration left) {
  return left - std::min(kReserve, left / 4);
}

Unexpected OutOfTime() {
  return Fail(ErrorCode::kTimeout,
              "the refresh was stopped before the function's time was over: give it more time or "
              "memory, or run it on a machine of its own",
              "lambda:timeout");
}

}  // namespace

Result<std::string> ProcessorFunction::Handle(const net::LambdaInvocation& invocation) {
  REVOPS_TRY_ASSIGN(Order order,
                    ReadOrder(invocation.payload, parts_.settings.schedule, parts_.clock.Now()));
  StoredJob stored;
  if (order.job_id.empty()) {
    stored.job.id = NewId(parts_.random);
    stored.job.requested_by = order.requested_by;
  } else {
    REVOPS_TRY_ASSIGN(stored, FindJob(parts_.store, order.job_id));
    if (stored.job.has_ended()) {
      return "{\"outcome\":\"" + std::string(snapshot::ToString(stored.job.state)) + "\"}";
    }
  }
  std::stop_source stop;
  JobLog log(parts_.store, parts_.clock, std::move(stored), stop);
  log.Begin();
  TimeLimit limit(TimeForJob(invocation.deadline - parts_.clock.SteadyNow()), stop);
  processor::RefreshRequest request;
  request.scheduled_for = order.scheduled_for;
  request.stop = stop.get_token();
  request.on_progress = [&log](snapshot::RefreshStep step, const snapshot::StepProgress& progress) {
    log.Move(step, progress);
  };
  auto report = processor::Refresh(parts_.warehouse, parts_.store, parts_.clock,
                                   MakeConfig(parts_.settings), request);
  if (!report && report.error().code == ErrorCode::kCancelled && limit.is_over()) {
    report = OutOfTime();
  }
  log.End(report);
  if (!report) return Fail(report.error());
  Log(LogLevel::kInfo, "refresh_finished",
      {{"snapshot", report->snapshot_id},
       {"rows", static_cast<std::int64_t>(report->rows)},
       {"published", report->outcome == processor::RefreshOutcome::kPublished}});
  if (invocation.deadline - parts_.clock.SteadyNow() > kCollectionTime) {
    const auto collected = snapshot::Collect(parts_.store, parts_.clock.Now());
    if (!collected) LogError("collection_failed", collected.error());
  }
  return processor::ToJson(*report);
}

}  // namespace revops::lambda
