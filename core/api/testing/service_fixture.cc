#include "core/api/testing/service_fixture.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/sales/normalize.h"

namespace revops::api {
namespace {

snapshot::RefreshJob NewJob() {
  snapshot::RefreshJob job;
  job.id = "0123456789abcdef0123456789abcdef";
  job.state = snapshot::JobState::kRunning;
  job.requested_by = "person";
  job.started_at = TestService::ToInstant("2026-11-22T10:00:00Z");
  return job;
}

void ReadPrepared(const PreparedContent& content, Seen& seen) {
  std::string_view head = std::string_view(content.bytes).substr(0, content.header_size);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  while (head != "\r\n") {
    const auto end = head.find("\r\n");
    const std::string_view line = head.substr(0, end);
    const auto colon = line.find(": ");
    seen.headers.emplace(line.substr(0, colon), line.substr(colon + 2));
    head.remove_prefix(end + 2);
  }
  seen.body = content.bytes.substr(content.header_size);
}

}  // namespace

Result<LiveRows> FakeLiveSales::Read(const LiveQuestion& question) {
  questions.push_back(question);
  if (error) return Fail(*error);
  const sales::Schema& schema = sales::Schema::FctSales();
  sales::Normalizer normalizer(schema, sales::Definitions());
  LiveRows answer;
  answer.began_at = clock_.Now();
  for (const SampleRow& row : rows) {
    if (!row.sold_on || !question.window.contains(*row.sold_on)) continue;
    sales::Sale sale = ToSale(row);
    const auto label = normalizer.Label(schema.status_dimension(), row.status);
    cube::Tally& tally = answer.totals[*sales::ParseStatus(*label)];
    tally += {1, sale.amount ? 1U : 0U, sale.amount.value_or(Money())};
    answer.rows.push_back(std::move(sale));
  }
  std::sort(answer.rows.begin(), answer.rows.end(), [&](const auto& a, const auto& b) {
    if (a.sold_on != b.sold_on) return *a.sold_on > *b.sold_on;
    return sales::CompareIds(schema, *a.id, *b.id) > 0;
  });
  if (answer.rows.size() > question.rows_max) answer.rows.resize(question.rows_max);
  return answer;
}

Result<snapshot::RefreshJob> FakeRefreshControl::StartOrJoin(bool& joined) {
  if (error) return Fail(*error);
  joined = job && !job->has_ended();
  if (!joined) job = NewJob();
  return *job;
}

Result<snapshot::RefreshJob> FakeRefreshControl::Find(std::string_view id) {
  if (error) return Fail(*error);
  if (!job || job->id != id) return Fail(ErrorCode::kNotFound, "no object", "store:absent");
  return *job;
}

Result<snapshot::RefreshJob> FakeRefreshControl::Cancel(std::string_view id) {
  REVOPS_TRY_ASSIGN(const snapshot::RefreshJob found, Find(id));
  if (found.has_ended()) return Fail(ErrorCode::kAlreadyExists, "The refresh has ended already.");
  return found;
}

namespace {

struct FakeUpload final : HttpUpload {
  std::uint64_t bytes_max() const override { return 1000; }
  Result<void> Write(std::string_view piece) override {
    bytes += piece;
    return {};
  }

  std::string bytes;
};

}  // namespace

std::unique_ptr<HttpUpload> FakeImportDesk::BeginUpload() { return std::make_unique<FakeUpload>(); }

Result<ImportJob> FakeImportDesk::Accept(HttpUpload& upload, const std::string& file_name) {
  if (error) return Fail(*error);
  bytes = dynamic_cast<FakeUpload&>(upload).bytes;
  ImportJob job;
  job.id = "0123456789abcdef0123456789abcdef";
  job.file_name = file_name;
  job.file_size_bytes = bytes.size();
  job.requested_by = "person";
  job.created_at = TestService::ToInstant("2026-11-22T10:00:00Z");
  jobs.push_back(job);
  return job;
}

Result<ImportJob> FakeImportDesk::Find(std::string_view id) {
  if (error) return Fail(*error);
  for (const ImportJob& job : jobs) {
    if (job.id == id) return job;
  }
  return Fail(ErrorCode::kNotFound, "There is no such import.");
}

Result<mapping::Inspection> FakeImportDesk::Inspect(
    std::string_view id, const std::optional<mapping::Mapping>& mapping) {
  REVOPS_TRY(Find(id));
  if (mapping) inspection.mapping = *mapping;
  return inspection;
}

Result<std::string> FakeImportDesk::RefusedRows(std::string_view id) {
  REVOPS_TRY(Find(id));
  return std::string("ID,REFUSED_LINE,REFUSED_BECAUSE\n");
}

Result<ImportJob> FakeImportDesk::Move(std::string_view id, ImportState state) {
  REVOPS_TRY_ASSIGN(ImportJob job, Find(id));
  job.state = state;
  return job;
}

Result<ImportJob> FakeImportDesk::Take(std::string_view id, const TakeOptions& options) {
  taken = options;
  return Move(id, ImportState::kImporting);
}

Result<ImportJob> FakeImportDesk::Undo(std::string_view id) {
  return Move(id, ImportState::kUndoing);
}

Result<ImportJob> FakeImportDesk::Discard(std::string_view id) {
  return Move(id, ImportState::kDiscarded);
}

Result<std::vector<mapping::Mapping>> FakeImportDesk::Mappings() {
  if (error) return Fail(*error);
  return mappings;
}

Result<snapshot::RefreshJob> FakeImportDesk::SaveMeaning(const mapping::Mapping& meaning) {
  if (error) return Fail(*error);
  mappings.push_back(meaning);
  return NewJob();
}

std::string Seen::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

TestService::TestService(Instant now, LiveLimits limits)
    : clock(now),
      store(clock),
      snapshots(store, snapshot::Reading::kWhole, "sample"),
      live(clock),
      events(now),
      service({.snapshots = snapshots,
               .live = live,
               .refresh = refresh,
               .events = events,
               .status = status,
               .clock = clock,
               .deployment = {.label = "sample", .version = "0.1.0"},
               .definitions = {},
               .live_limits = limits,
               .imports = &imports}) {}

Instant TestService::ToInstant(std::string_view text) { return *ParseInstant(text); }

Date TestService::Today() { return *Date::Parse("2026-11-22"); }

SampleSnapshot SampleOf(std::vector<SampleRow> rows, Date business_date) {
  SampleSnapshot sample;
  sample.rows = std::move(rows);
  sample.business_date = business_date;
  sample.data_as_of = TestService::ToInstant(business_date.ToString() + "T02:00:00Z");
  sample.computed_at = sample.data_as_of + std::chrono::milliseconds(1250);
  return sample;
}

std::string TestService::PublishSampleRows() {
  return Publish(SampleOf(SampleRows(Today()), Today()));
}

std::string TestService::Publish(const SampleSnapshot& sample) {
  std::string id = PublishSample(store, sample);
  const Result<bool> reloaded = snapshots.Reload();
  EXPECT_TRUE(reloaded.has_value());
  EXPECT_TRUE(reloaded.value_or(false));
  return id;
}

Seen TestService::Get(const std::string& target, const Fields& fields) {
  return Ask("GET", target, fields);
}

Seen TestService::Ask(const std::string& method, const std::string& target, const Fields& fields,
                      const std::string& body) {
  std::vector<HttpField> views = {{"Host", "127.0.0.1:8080"}};
  for (const auto& [name, value] : fields) views.push_back({name, value});
  const std::string_view whole = target;
  const auto mark = whole.find('?');
  HttpRequest request{method,
                      whole.substr(0, mark),
                      mark == std::string_view::npos ? std::string_view() : whole.substr(mark + 1),
                      views,
                      body,
                      "00000000000000000000000000000001"};
  // As the server does: the head first, then the body, in pieces or whole.
  const std::unique_ptr<HttpUpload> upload = body.empty() ? nullptr : service.BeginUpload(request);
  if (upload) {
    EXPECT_TRUE(upload->Write(body).has_value());
    request.body = {};
    request.upload = upload.get();
  }
  std::optional<HttpResponse> now = service.AnswerNow(request);
  const bool at_once = now.has_value() && !now->later;
  Seen seen = ToSeen(Await(at_once ? *std::move(now) : service.Answer(request)));
  seen.at_once = at_once;
  return seen;
}

Seen ToSeen(HttpResponse response) {
  Seen seen;
  seen.status = response.status;
  seen.stream = std::move(response.stream);
  if (response.prepared) {
    seen.prepared = true;
    ReadPrepared(*response.prepared, seen);
    return seen;
  }
  for (auto& [name, value] : response.headers) {
    EXPECT_TRUE(seen.headers.emplace(name, value).second) << name << " twice";
  }
  seen.body = std::move(response.body);
  return seen;
}

}  // namespace revops::api
