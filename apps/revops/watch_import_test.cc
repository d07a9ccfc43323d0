#include "apps/revops/watch_import.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::app {
namespace {

namespace fs = std::filesystem;
using api::ImportJob;
using api::ImportState;
using testing::HasSubstr;

class MemoryUpload final : public HttpUpload {
 public:
  std::uint64_t bytes_max() const override { return 100; }
  Result<void> Write(std::string_view piece) override {
    bytes += piece;
    return {};
  }

  std::string bytes;
};

/// One import, which takes a look or two until it is inspected and taken.
class FakeDesk final : public api::ImportDesk {
 public:
  std::unique_ptr<HttpUpload> BeginUpload() override { return std::make_unique<MemoryUpload>(); }
  Result<ImportJob> Accept(HttpUpload& upload, const std::string& file_name) override {
    job.id = "1";
    job.file_name = file_name;
    job.state = ImportState::kInspecting;
    received = dynamic_cast<MemoryUpload&>(upload).bytes;
    return job;
  }
  std::vector<ImportJob> List() override { return {job}; }
  Result<ImportJob> Find(std::string_view /*id*/) override {
    if (job.state == ImportState::kInspecting && ++looks > 1) {
      job.state = inspection_error ? ImportState::kFailed : ImportState::kWaiting;
      job.error = inspection_error;
    } else if (job.state == ImportState::kImporting) {
      job.state = ImportState::kPublishing;
    } else if (job.state == ImportState::kPublishing) {
      job.state = import_error ? ImportState::kFailed : ImportState::kDone;
      job.error = import_error;
    }
    return job;
  }
  Result<mapping::Inspection> Inspect(std::string_view /*id*/,
                                      const std::optional<mapping::Mapping>& /*m*/) override {
    return inspection;
  }
  Result<std::string> RefusedRows(std::string_view /*id*/) override { return std::string(); }
  Result<ImportJob> Take(std::string_view /*id*/, const api::TakeOptions& options) override {
    taken = options;
    if (take_error) return Fail(*take_error);
    job.state = ImportState::kImporting;
    return job;
  }
  Result<ImportJob> Undo(std::string_view /*id*/) override { return job; }
  Result<ImportJob> Discard(std::string_view id) override {
    discarded.emplace_back(id);
    job.state = ImportState::kDiscarded;
    return job;
  }
  Result<std::vector<mapping::Mapping>> Mappings() override { return remembered; }
  Result<snapshot::RefreshJob> SaveMeaning(const mapping::Mapping& /*meaning*/) override {
    return snapshot::RefreshJob();
  }

  mapping::Inspection inspection;
  std::vector<mapping::Mapping> remembered;
  std::optional<Error> inspection_error;
  std::optional<Error> take_error;
  std::optional<Error> import_error;
  ImportJob job;
  std::string received;
  std::optional<api::TakeOptions> taken;
  int looks = 0;
  std::vector<std::string> discarded;
};

class WatchImportTest : public testing::Test {
 protected:
  WatchImportTest() {
    std::string name = (fs::temp_directory_path() / "watch-import-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::ofstream(folder_ / "deals.csv") << "Deal,Amount\n1,2\n";
    desk_.inspection.rows = 1;
    desk_.inspection.taken = 1;
    desk_.inspection.mapping.name = "deals";
    desk_.inspection.mapping.columns[0] = "Deal";
  }
  ~WatchImportTest() override { fs::remove_all(folder_); }

  Result<void> Take(const std::string& mode = "upsert", std::stop_token stop = {}) {
    WatchImport import(
        desk_,
        [this](HttpUpload& upload, const std::string& name) { return desk_.Accept(upload, name); },
        mode, kStartedAt);
    return import.Take(folder_ / "deals.csv", std::move(stop));
  }

  static constexpr Instant kStartedAt{std::chrono::milliseconds(1000)};
  fs::path folder_;
  FakeDesk desk_;
};

TEST_F(WatchImportTest, HandsTheFileOverAndTakesIt) {
  ASSERT_TRUE(Take());
  EXPECT_EQ(desk_.received, "Deal,Amount\n1,2\n");
  EXPECT_EQ(desk_.job.file_name, "deals.csv");
  EXPECT_EQ(desk_.job.state, ImportState::kDone);
  EXPECT_EQ(desk_.taken->mode, "upsert");
  EXPECT_FALSE(desk_.taken->skip_refused);
}

TEST_F(WatchImportTest, ReplacesWhenThatIsWantedOrThereAreNoIds) {
  ASSERT_TRUE(Take("replace"));
  EXPECT_EQ(desk_.taken->mode, "replace");
  desk_.looks = 0;
  desk_.inspection.mapping.columns[0].reset();
  desk_.inspection.mapping.shape = "0123456789abcdef";
  desk_.remembered = {desk_.inspection.mapping};
  ASSERT_TRUE(Take("upsert"));
  EXPECT_EQ(desk_.taken->mode, "replace");
}

TEST_F(WatchImportTest, ReplacesNothingByAGuess) {
  desk_.inspection.mapping.columns[0].reset();
  desk_.inspection.mapping.shape = "0123456789abcdef";
  const auto taken = Take("upsert");
  ASSERT_FALSE(taken);
  EXPECT_FALSE(is_retryable(taken.error().code));
  EXPECT_THAT(taken.error().message, HasSubstr("replace the whole table"));
  EXPECT_EQ(desk_.job.state, ImportState::kWaiting);
  EXPECT_FALSE(desk_.taken);
}

TEST_F(WatchImportTest, LeavesWhatOnlyAPersonCanTellOnTheDataPage) {
  desk_.inspection.questions.push_back({"date_order", "Is 01/02/2026 in January?", {}});
  const auto taken = Take();
  ASSERT_FALSE(taken);
  EXPECT_FALSE(is_retryable(taken.error().code));
  EXPECT_THAT(taken.error().message, HasSubstr("Data page"));
  EXPECT_EQ(desk_.job.state, ImportState::kWaiting);
  EXPECT_FALSE(desk_.taken);
}

TEST_F(WatchImportTest, TakesNothingWhileRowsAreRefused) {
  desk_.inspection.refused = 1;
  EXPECT_FALSE(Take());
  EXPECT_FALSE(desk_.taken);
}

TEST_F(WatchImportTest, PassesOnWhyAFileIsNotRead) {
  desk_.inspection_error = Error{ErrorCode::kInvalidArgument, "it is a picture", {}, {}};
  const auto taken = Take();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message, "it is a picture");
}

TEST_F(WatchImportTest, PassesOnWhyNothingWasTaken) {
  desk_.import_error = Error{ErrorCode::kResourceExhausted, "the disk is full", {}, {}};
  const auto taken = Take();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kResourceExhausted);
}

TEST_F(WatchImportTest, ComesAgainWhenAnotherImportRuns) {
  desk_.take_error = Error{ErrorCode::kAlreadyExists, "another import runs", {}, {}};
  const auto taken = Take();
  ASSERT_FALSE(taken);
  EXPECT_TRUE(is_retryable(taken.error().code));
  EXPECT_EQ(desk_.job.state, ImportState::kDiscarded) << "it is handed over anew";
}

TEST_F(WatchImportTest, RefusesAFileAboveTheLimit) {
  std::ofstream(folder_ / "deals.csv") << std::string(101, 'x');
  const auto taken = Take();
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr("import.bytes_max, 100 bytes"));
}

TEST_F(WatchImportTest, StopsWaiting) {
  std::stop_source stop;
  stop.request_stop();
  const auto taken = Take("upsert", stop.get_token());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(desk_.job.state, ImportState::kDiscarded) << "it is handed over anew";
}

TEST_F(WatchImportTest, DiscardsWhatAKilledProcessHadHandedOver) {
  const auto broken_off = [this](const ImportJob& earlier) {
    desk_.job = earlier;
    desk_.discarded.clear();
    desk_.looks = 0;
    EXPECT_TRUE(Take());
    return desk_.discarded == std::vector<std::string>{"0"};
  };
  ImportJob earlier;
  earlier.id = "0";
  earlier.file_name = "deals.csv";
  earlier.file_size_bytes = 16;
  earlier.requested_by = "watch";
  earlier.state = ImportState::kWaiting;
  earlier.created_at = kStartedAt - std::chrono::milliseconds(1);
  EXPECT_TRUE(broken_off(earlier));
  const auto with = [&](auto change) {
    ImportJob other = earlier;
    change(other);
    return broken_off(other);
  };
  EXPECT_TRUE(with([](ImportJob& job) { job.state = ImportState::kInspecting; }));
  EXPECT_FALSE(with([](ImportJob& job) { job.state = ImportState::kDone; }));
  EXPECT_FALSE(with([](ImportJob& job) { job.requested_by = "person"; }));
  EXPECT_FALSE(with([](ImportJob& job) { job.file_name = "other.csv"; }));
  EXPECT_FALSE(with([](ImportJob& job) { job.file_size_bytes = 17; }));
  EXPECT_FALSE(with([](ImportJob& job) { job.created_at = kStartedAt; }));
}

}  // namespace
}  // namespace revops::app
