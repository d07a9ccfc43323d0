#include "apps/revops/demo.h"

#include <string>
#include <utility>
#include <vector>

#include "apps/revops/demo_company.h"
#include "apps/revops/engine.h"

namespace revops::app {
namespace {

class RowsSource final : public warehouse::SaleSource {
 public:
  explicit RowsSource(std::vector<const sales::Sale*> rows) : rows_(std::move(rows)) {}

  Result<void> ReadAll(sales::SaleSink& sink) override {
    std::vector<std::optional<std::string_view>> texts;
    for (const sales::Sale* row : rows_) {
      const sales::SaleView view = sales::ToView(*row, texts);
      REVOPS_TRY(sink.Write({&view, 1}));
    }
    return {};
  }

 private:
  std::vector<const sales::Sale*> rows_;
};

/// What changed in the company between the ends of two days; everything for the first one.
std::vector<const sales::Sale*> ChangedRows(const std::vector<DemoDeal>& deals,
                                            std::optional<Date> since, Date until) {
  std::vector<const sales::Sale*> rows;
  for (const DemoDeal& deal : deals) {
    const sales::Sale* before = since ? deal.RowOn(*since) : nullptr;
    const sales::Sale* after = deal.RowOn(until);
    if (after != before) rows.push_back(after);
  }
  return rows;
}

Result<void> LiveThrough(Engine& engine, FakeClock& clock, const std::vector<DemoDeal>& deals,
                         const DemoOptions& options) {
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine.database());
  REVOPS_TRY(database->CreateSalesTable());
  const Instant last_night = clock.Now();
  std::optional<Date> since;
  for (int night = options.nights - 1; night >= 0; --night) {
    clock.JumpTo(last_night - std::chrono::days(night));
    // The job runs at 02:00: the company's day before is over, its new day has hardly begun.
    const Date until = TimeZone::Utc().DateAt(clock.Now()) - 1;
    RowsSource source(ChangedRows(deals, since, until));
    REVOPS_TRY(
        database->Import(source, sales::Schema::FctSales(), warehouse::ImportMode::kUpsert, {}));
    bool joined = false;
    REVOPS_TRY_ASSIGN(
        const auto job,
        engine.refresh().Start({.requested_by = "schedule", .scheduled_for = clock.Now()}, joined));
    REVOPS_TRY(engine.refresh().Wait(job.id, {}));
    since = until;
  }
  return {};
}

}  // namespace

Result<void> MakeDemo(const DataFolder& folder, const DemoOptions& options, const Clock& clock,
                      Random& random) {
  if (std::filesystem::exists(folder.warehouse_file())) {
    return Fail(ErrorCode::kAlreadyExists,
                folder.path.string() +
                    " already holds a warehouse: choose a new folder with --data, or serve it");
  }
  REVOPS_TRY(folder.Prepare());
  REVOPS_TRY(folder.WriteLabel("demo"));
  const Environment no_environment = [](const std::string&) { return std::nullopt; };
  REVOPS_TRY_ASSIGN(Settings settings, LoadSettings(folder.config_file(), no_environment));
  const Instant now = clock.Now();
  const Date today = TimeZone::Utc().DateAt(now);
  const auto deals = MakeDemoCompany(options.seed, today);
  const Instant last_night = settings.schedule.LastNotAfter(now).value_or(now);
  FakeClock demo_clock(last_night);
  REVOPS_TRY_ASSIGN(const auto engine,
                    Engine::Open(folder, std::move(settings), demo_clock, random));
  REVOPS_TRY(LiveThrough(*engine, demo_clock, deals, options));
  // What happened since the last night is in the warehouse alone: the live table shows it first.
  RowsSource rest(ChangedRows(deals, TimeZone::Utc().DateAt(last_night) - 1, today));
  REVOPS_TRY_ASSIGN(warehouse::DuckDbDatabase * database, engine->database());
  REVOPS_TRY(database->Import(rest, sales::Schema::FctSales(), warehouse::ImportMode::kUpsert, {}));
  return {};
}

}  // namespace revops::app
