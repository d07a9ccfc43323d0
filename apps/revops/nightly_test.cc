#include "apps/revops/nightly.h"

#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/revops/engine.h"
#include "core/api/event_hub.h"
#include "core/snapshot/pointer.h"
#include "core/store/local/temp_folder.h"

namespace revops::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// One deployment on a folder of its own, with a clock that only the test moves, at 10:00 UTC.
class NightlyTest : public testing::Test {
 protected:
  void Open() {
    auto settings = ParseSettings("", "test", [](const std::string&) { return std::nullopt; });
    ASSERT_TRUE(settings);
    auto engine = Engine::Open({folder_.path()}, std::move(settings).value(), clock_, random_);
    ASSERT_TRUE(engine) << engine.error().message;
    engine_ = std::move(engine).value();
    nightly_ = std::make_unique<Nightly>(*engine_, events_);
    engine_->refresh().set_listener([this](const snapshot::RefreshJob& job) {
      if (job.has_ended()) nightly_->OnJobEnded(job);
    });
  }

  void TearDown() override {
    if (engine_) engine_->refresh().Stop();
  }

  void CreateTable() {
    const auto database = engine_->database();
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->CreateSalesTable());
  }

  void DamageWarehouse() {
    std::filesystem::create_directories(folder_.path());
    std::ofstream(folder_.path() / "warehouse.duckdb") << std::string(20'000, 'x');
  }

  /// Ticks, and waits for the job that this starts. Its id; empty when nothing was due.
  std::string TickToEnd() {
    const auto before = engine_->refresh().newest();
    nightly_->Tick();
    const auto after = engine_->refresh().newest();
    if (!after || (before && before->id == after->id)) return {};
    static_cast<void>(engine_->refresh().Wait(after->id, {}));
    return after->id;
  }

  std::optional<Instant> LastScheduledFor() {
    const auto pointer = snapshot::ReadPointer(engine_->store());
    if (!pointer || !*pointer) return std::nullopt;
    return (*pointer)->pointer.last_scheduled_for;
  }

  store::TempFolder folder_;
  FakeClock clock_{*ParseInstant("2026-11-22T10:00:00Z")};
  SystemRandom random_;
  api::EventHub events_{clock_.Now()};
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Nightly> nightly_;
};

TEST_F(NightlyTest, MakesUpTheMissedRunOnceAndThenWaitsForTheNextNight) {
  Open();
  CreateTable();
  EXPECT_NE(TickToEnd(), "");
  EXPECT_EQ(LastScheduledFor(), ParseInstant("2026-11-22T02:00:00Z"));
  EXPECT_EQ(TickToEnd(), "");
  clock_.Advance(hours(15) + minutes(59));
  EXPECT_EQ(TickToEnd(), "");
  clock_.Advance(minutes(1));
  EXPECT_NE(TickToEnd(), "");
  EXPECT_EQ(LastScheduledFor(), ParseInstant("2026-11-23T02:00:00Z"));
}

TEST_F(NightlyTest, MakesUpOnlyTheNewestOfManyMissedRuns) {
  Open();
  CreateTable();
  EXPECT_NE(TickToEnd(), "");
  clock_.Advance(hours(24 * 5));
  EXPECT_NE(TickToEnd(), "");
  EXPECT_EQ(LastScheduledFor(), ParseInstant("2026-11-27T02:00:00Z"));
  EXPECT_EQ(TickToEnd(), "");
}

TEST_F(NightlyTest, TriesAFailedRunAgainAfterOneFiveAndFifteenMinutesThenReportsIt) {
  DamageWarehouse();
  Open();
  EXPECT_NE(TickToEnd(), "");
  for (const auto wait : {minutes(1), minutes(5), minutes(15)}) {
    ASSERT_TRUE(nightly_->last_run_failed());
    EXPECT_THAT(nightly_->not_ready_reasons(), IsEmpty());
    clock_.Advance(wait - seconds(1));
    EXPECT_EQ(TickToEnd(), "");
    clock_.Advance(seconds(1));
    EXPECT_NE(TickToEnd(), "");
  }
  EXPECT_EQ(TickToEnd(), "");
  EXPECT_THAT(nightly_->not_ready_reasons(), ElementsAre("refresh_given_up"));
  clock_.Advance(hours(1));
  EXPECT_EQ(TickToEnd(), "");
  EXPECT_THAT(nightly_->not_ready_reasons(), ElementsAre("refresh_given_up"));
  clock_.Advance(hours(24));
  EXPECT_NE(TickToEnd(), "") << "the next night is another run";
  EXPECT_THAT(nightly_->not_ready_reasons(), IsEmpty());
}

TEST_F(NightlyTest, TellsOnceOfAPointerThatHasMoved) {
  Open();
  CreateTable();
  int told = 0;
  bool done = false;
  nightly_->set_pointer_listener([&] {
    ++told;
    return done;
  });
  EXPECT_NE(TickToEnd(), "");
  EXPECT_EQ(told, 0) << "there was none yet";
  for (const int expected : {1, 2}) {
    EXPECT_EQ(TickToEnd(), "");
    EXPECT_EQ(told, expected) << "it came to nothing";
  }
  done = true;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(TickToEnd(), "");
  EXPECT_EQ(told, 3);
  clock_.Advance(hours(24));
  EXPECT_NE(TickToEnd(), "");
  EXPECT_EQ(TickToEnd(), "");
  EXPECT_EQ(told, 4);
}

TEST_F(NightlyTest, ForgetsTheFailureWhenSomebodyRefreshes) {
  DamageWarehouse();
  Open();
  EXPECT_NE(TickToEnd(), "");
  ASSERT_TRUE(nightly_->last_run_failed());
  ASSERT_TRUE(engine_->embedded().ReplaceDamagedFile(
      clock_.Now(), [](auto& database) { return database.CreateSalesTable(); }));
  bool joined = false;
  const auto job = engine_->refresh().StartOrJoin(joined);
  ASSERT_TRUE(job);
  ASSERT_TRUE(engine_->refresh().Wait(job->id, {}));
  EXPECT_FALSE(nightly_->last_run_failed());
}

TEST_F(NightlyTest, RestsAfterARunFromTheFutureAndSaysSo) {
  Open();
  CreateTable();
  clock_.JumpTo(*ParseInstant("2031-01-01T10:00:00Z"));
  EXPECT_NE(TickToEnd(), "");
  clock_.JumpTo(*ParseInstant("2026-11-23T10:00:00Z"));
  EXPECT_EQ(TickToEnd(), "");
  EXPECT_THAT(nightly_->not_ready_reasons(), ElementsAre("schedule_rests_until_a_future_run"));
}

TEST_F(NightlyTest, KeepsADamagedWarehouseThatCannotBeReplaced) {
  DamageWarehouse();
  Open();
  const auto replaced =
      engine_->embedded().ReplaceDamagedFile(clock_.Now(), [](auto& database) -> Result<void> {
        EXPECT_TRUE(database.CreateSalesTable());
        return Fail(ErrorCode::kResourceExhausted, "no room");
      });
  EXPECT_EQ(replaced.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(engine_->database().error().code, ErrorCode::kCorrupt);
}

TEST_F(NightlyTest, ARunThatIsUnderWayIsNotOneThatBeginsNow) {
  Open();
  CreateTable();
  std::promise<void> release;
  const auto released = release.get_future().share();
  engine_->refresh().set_listener([released](const snapshot::RefreshJob&) { released.wait(); });
  bool joined = false;
  const auto under_way = engine_->refresh().StartOrJoin(joined);
  ASSERT_TRUE(under_way);
  std::promise<void> asking;
  auto report = std::async(std::launch::async, [&] {
    asking.set_value();
    return engine_->refresh().RunAnew({.requested_by = "command"}, {});
  });
  asking.get_future().wait();
  release.set_value();
  EXPECT_TRUE(report.get());
  EXPECT_NE(engine_->refresh().newest()->id, under_way->id);
}

TEST_F(NightlyTest, ReadsAnewWhileTheNewestSnapshotCannotBeServed) {
  Open();
  CreateTable();
  bool in_doubt = false;
  engine_->refresh().set_doubt([&] { return in_doubt; });
  const auto outcome = [&] {
    bool joined = false;
    const auto job = engine_->refresh().StartOrJoin(joined);
    EXPECT_TRUE(engine_->refresh().Wait(job.value().id, {}));
    return engine_->refresh().newest()->outcome;
  };
  EXPECT_EQ(outcome(), "published");
  EXPECT_EQ(outcome(), "unchanged");
  in_doubt = true;
  clock_.Advance(hours(1));
  EXPECT_EQ(outcome(), "published");
}

}  // namespace
}  // namespace revops::app
