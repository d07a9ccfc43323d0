#include "core/snapshot/job.h"

#include <algorithm>
#include <utility>

#include "core/base/json_document.h"
#include "core/base/json_writer.h"

namespace revops::snapshot {
namespace {

constexpr std::array<std::string_view, 5> kJobStates = {"queued", "running", "succeeded", "failed",
                                                        "cancelled"};
constexpr std::array<std::string_view, 5> kStepStates = {"pending", "running", "done", "skipped",
                                                         "failed"};
constexpr std::array<std::string_view, kRefreshStepCount> kSteps = {"check", "digest", "read",
                                                                    "build", "publish"};
/// Share of a run by step, in percent.
constexpr std::array<double, kRefreshStepCount> kWeights = {5, 20, 50, 15, 10};

template <class Enum, std::size_t kSize>
Enum Named(const std::array<std::string_view, kSize>& names, const JsonValue& value,
           std::string_view member) {
  const std::string text = value.Text(member);
  const auto found = std::find(names.begin(), names.end(), text);
  if (found != names.end()) return static_cast<Enum>(found - names.begin());
  value.Refuse("has an unknown \"" + std::string(member) + "\"");
  return Enum{};
}

double DoneShare(const StepProgress& step) {
  if (step.state == StepState::kDone || step.state == StepState::kSkipped) return 1;
  if (step.state != StepState::kRunning || !step.total || *step.total == 0) return 0;
  return std::min(1.0, static_cast<double>(step.done) / static_cast<double>(*step.total));
}

void WriteStep(JsonWriter& json, RefreshStep name, const StepProgress& step) {
  json.Begin('{');
  json.Key("name").Text(ToString(name));
  json.Key("state").Text(ToString(step.state));
  json.Key("done").Count(step.done);
  json.Key("total").Count(step.total);
  json.Key("unit").Text(step.unit);
  json.End('}');
}

void WriteError(JsonWriter& json, const std::optional<Error>& error) {
  if (!error) {
    json.Null();
    return;
  }
  json.Begin('{');
  json.Key("code").Text(ToString(error->code));
  json.Key("message").Text(Describe(*error));
  json.End('}');
}

ErrorCode ReadErrorCode(const JsonValue& value) {
  const std::string text = value.Text("code");
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    if (ToString(static_cast<ErrorCode>(i)) == text) return static_cast<ErrorCode>(i);
  }
  return ErrorCode::kInternal;
}

bool is_job_id(std::string_view id) {
  return id.size() == 32 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string JobKey(std::string_view id) { return "revops/jobs/" + std::string(id) + ".json"; }

}  // namespace

std::string_view ToString(JobState state) { return kJobStates[static_cast<std::size_t>(state)]; }
std::string_view ToString(StepState state) { return kStepStates[static_cast<std::size_t>(state)]; }
std::string_view ToString(RefreshStep step) { return kSteps[static_cast<std::size_t>(step)]; }

int RefreshJob::progress_percent() const {
  if (state == JobState::kSucceeded) return 100;
  double percent = 0;
  for (std::size_t i = 0; i < kRefreshStepCount; ++i) percent += kWeights[i] * DoneShare(steps[i]);
  return std::min(has_ended() ? 100 : 99, static_cast<int>(percent));
}

std::string EncodeJob(const RefreshJob& job) {
  std::string out;
  JsonWriter json(out);
  json.Begin('{');
  json.Key("id").Text(job.id);
  json.Key("state").Text(ToString(job.state));
  json.Key("requested_by").Text(job.requested_by);
  json.Key("started_at").At(job.started_at);
  json.Key("ended_at").At(job.ended_at);
  json.Key("progress").Count(static_cast<std::uint64_t>(job.progress_percent()));
  json.Key("steps").Begin('[');
  for (std::size_t i = 0; i < kRefreshStepCount; ++i) {
    WriteStep(json, static_cast<RefreshStep>(i), job.steps[i]);
  }
  json.End(']');
  json.Key("outcome").Text(job.outcome);
  json.Key("snapshot_id").Text(job.snapshot_id);
  json.Key("rows").Count(job.rows);
  json.Key("changed_days").Count(job.changed_days);
  WriteError(json.Key("error"), job.error);
  json.End('}');
  return out;
}

Result<RefreshJob> ParseJob(std::string_view bytes) {
  JsonDocument document(bytes, "the job");
  const JsonValue root = document.root();
  RefreshJob job;
  job.id = root.Text("id");
  job.state = Named<JobState>(kJobStates, root, "state");
  job.requested_by = root.Text("requested_by");
  job.started_at = root.MaybeAt("started_at");
  job.ended_at = root.MaybeAt("ended_at");
  for (const JsonValue& value : root.Array("steps")) {
    const auto step = Named<RefreshStep>(kSteps, value, "name");
    job.steps[static_cast<std::size_t>(step)] = {Named<StepState>(kStepStates, value, "state"),
                                                 value.Count("done"), value.MaybeCount("total"),
                                                 value.Text("unit")};
  }
  job.outcome = root.MaybeText("outcome");
  job.snapshot_id = root.MaybeText("snapshot_id");
  job.rows = root.MaybeCount("rows");
  job.changed_days = root.MaybeCount("changed_days");
  if (const auto error = root.MaybeObject("error")) {
    job.error = Error{ReadErrorCode(*error), error->Text("message"), {}, {}};
  }
  REVOPS_TRY(document.status());
  return job;
}

Result<void> SaveJob(store::ObjectStore& store, const RefreshJob& job) {
  const auto saved = store.Put(JobKey(job.id), EncodeJob(job), store::PutCondition::None());
  if (!saved) return Fail(WithContext(saved.error(), "saving job " + job.id));
  return {};
}

Result<RefreshJob> LoadJob(store::ObjectStore& store, std::string_view id) {
  if (!is_job_id(id)) return Fail(ErrorCode::kNotFound, "there is no such job");
  REVOPS_TRY_ASSIGN(const store::Object object, store.Get(JobKey(id)));
  return ParseJob(object.bytes);
}

}  // namespace revops::snapshot
