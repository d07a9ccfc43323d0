#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/service.h"
#include "core/api/testing/sample_store.h"
#include "core/base/clock.h"
#include "core/base/http.h"
#include "core/store/memory/memory_store.h"

namespace revops::api {

/// Answers from a list of rows as a warehouse does, or with an error.
class FakeLiveSales final : public LiveSales {
 public:
  explicit FakeLiveSales(const Clock& clock) : clock_(clock) {}

  Result<LiveRows> Read(const LiveQuestion& question) override;

  std::vector<SampleRow> rows;
  std::optional<Error> error;
  std::vector<LiveQuestion> questions;

 private:
  const Clock& clock_;
};

/// Jobs that run until they are told to end.
class FakeRefreshControl final : public RefreshControl {
 public:
  Result<snapshot::RefreshJob> StartOrJoin(bool& joined) override;
  std::optional<snapshot::RefreshJob> newest() override { return job; }
  Result<snapshot::RefreshJob> Find(std::string_view id) override;
  Result<snapshot::RefreshJob> Cancel(std::string_view id) override;

  std::optional<snapshot::RefreshJob> job;
  std::optional<Error> error;
};

/// Keeps what it is given; imports end when the test says so.
class FakeImportDesk final : public ImportDesk {
 public:
  std::unique_ptr<HttpUpload> BeginUpload() override;
  Result<ImportJob> Accept(HttpUpload& upload, const std::string& file_name) override;
  std::vector<ImportJob> List() override { return jobs; }
  Result<ImportJob> Find(std::string_view id) override;
  Result<mapping::Inspection> Inspect(std::string_view id,
                                      const std::optional<mapping::Mapping>& mapping) override;
  Result<std::string> RefusedRows(std::string_view id) override;
  Result<ImportJob> Take(std::string_view id, const TakeOptions& options) override;
  Result<ImportJob> Undo(std::string_view id) override;
  Result<ImportJob> Discard(std::string_view id) override;
  Result<std::vector<mapping::Mapping>> Mappings() override;
  Result<snapshot::RefreshJob> SaveMeaning(const mapping::Mapping& meaning) override;

  std::vector<ImportJob> jobs;
  std::optional<Error> error;  ///< instead of every answer
  std::string bytes;           ///< of the last upload
  mapping::Inspection inspection;
  std::optional<TakeOptions> taken;
  std::vector<mapping::Mapping> mappings;

 private:
  Result<ImportJob> Move(std::string_view id, ImportState state);
};

class FakeDeploymentStatus final : public DeploymentStatus {
 public:
  std::optional<Instant> next_run_at() const override { return next; }
  std::optional<FailedRun> last_run_failed() const override { return failed; }
  std::vector<std::string> not_ready_reasons() const override { return reasons; }
  std::optional<std::vector<ReceiptDay>> receipt() const override { return days; }

  std::optional<Instant> next;
  std::optional<FailedRun> failed;
  std::vector<std::string> reasons;
  std::optional<std::vector<ReceiptDay>> days;
};

/// A response as the peer would see it.
struct Seen {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;  ///< as sent, perhaps encoded
  HttpStreamStart stream;
  bool prepared = false;
  bool at_once = false;  ///< AnswerNow had it

  std::string header(const std::string& name) const;
};

/// A service over a store in memory, at 10:00 UTC on 22 November 2026.
struct TestService {
  TestService() : TestService(ToInstant("2026-11-22T10:00:00Z")) {}
  explicit TestService(Instant now, LiveLimits limits = {});

  static Instant ToInstant(std::string_view text);
  static Date Today();

  /// Publishes the eight rows at 02:00 and reloads.
  std::string PublishSampleRows();
  std::string Publish(const SampleSnapshot& sample);

  using Fields = std::vector<std::pair<std::string, std::string>>;
  /// `target`: path and query.
  Seen Get(const std::string& target, const Fields& fields = {});
  Seen Ask(const std::string& method, const std::string& target, const Fields& fields = {},
           const std::string& body = {});

  FakeClock clock;
  store::MemoryObjectStore store;
  SnapshotCatalog snapshots;
  FakeLiveSales live;
  FakeRefreshControl refresh;
  FakeImportDesk imports;
  FakeDeploymentStatus status;
  EventHub events;
  Service service;
};

/// The sample as of that day, checked at 02:00.
SampleSnapshot SampleOf(std::vector<SampleRow> rows, Date business_date);

/// Splits prepared bytes or header lists alike.
Seen ToSeen(HttpResponse response);

}  // namespace revops::api
