#include "apps/revops/watched_folder.h"

#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A folder that is looked at by hand, under a clock that stands at 10:00 UTC on 22 November 2026.
class WatchedFolderTest : public testing::Test {
 protected:
  WatchedFolderTest() {
    std::string name = (fs::temp_directory_path() / "watched-XXXXXX").string();
    root_ = mkdtemp(name.data());
    folder_ = root_ / "inbox";
    fs::create_directories(folder_);
    Restart();
  }
  ~WatchedFolderTest() override { fs::remove_all(root_); }

  void Restart() {
    watched_ = std::make_unique<WatchedFolder>(
        WatchedFolder::Parts{folder_, TimeZone::Utc(), clock_,
                             [this](const fs::path& file, std::stop_token /*stop*/) {
                               taken_.push_back(file.filename().string() + "=" + ReadFile(file));
                               return answer_;
                             },
                             [this](const std::string& line) { said_ += line; }});
  }

  void Drop(const std::string& name, const std::string& content = "rows") {
    std::ofstream(folder_ / name) << content;
  }
  void Look() {
    watched_->Look({});
    clock_.Advance(WatchedFolder::kInterval);
  }
  void LookTwice() {
    Look();
    Look();
  }
  static std::string ReadFile(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  /// Files by their path in the folder.
  std::set<std::string> Files() const {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_directory()) files.insert(fs::relative(entry.path(), folder_).string());
    }
    return files;
  }

  FakeClock clock_{*ParseInstant("2026-11-22T10:00:00Z")};
  fs::path root_;
  fs::path folder_;
  std::vector<std::string> taken_;
  Result<void> answer_;
  std::string said_;
  std::unique_ptr<WatchedFolder> watched_;
};

TEST_F(WatchedFolderTest, TakesAFileOnceItHasComeToRest) {
  Drop("deals.csv", "a");
  Look();
  EXPECT_THAT(taken_, IsEmpty());
  Drop("deals.csv", "ab");
  Look();
  EXPECT_THAT(taken_, IsEmpty()) << "it has grown";
  Look();
  EXPECT_THAT(taken_, ElementsAre("deals.csv=ab"));
  EXPECT_THAT(Files(), UnorderedElementsAre("imported/2026-11-22-deals.csv"));
  LookTwice();
  EXPECT_EQ(taken_.size(), 1u);
  EXPECT_EQ(watched_->trouble(), std::nullopt);
}

TEST_F(WatchedFolderTest, WaitsForTheTimeOfTheFileAsWell) {
  Drop("deals.csv");
  Look();
  fs::last_write_time(folder_ / "deals.csv",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  Look();
  EXPECT_THAT(taken_, IsEmpty());
  Look();
  EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(WatchedFolderTest, TakesSeveralInOrderOfTheirNames) {
  for (const char* name : {"b.csv", "a.xlsx", "2026-11-20.parquet"}) Drop(name);
  LookTwice();
  EXPECT_THAT(taken_, ElementsAre("2026-11-20.parquet=rows", "a.xlsx=rows", "b.csv=rows"));
}

TEST_F(WatchedFolderTest, LeavesAloneWhatIsNotFinishedOrNoFile) {
  const std::set<std::string> names = {".hidden.csv",       "deals.csv.part",   "deals.TMP",
                                       "~$deals.xlsx",      "x.csv.crdownload", "deals.csv~",
                                       "deals.csv.partial", "y.csv.download"};
  for (const std::string& name : names) Drop(name);
  fs::create_directories(folder_ / "archive.csv");
  fs::create_symlink(root_ / "elsewhere.csv", folder_ / "link.csv");
  LookTwice();
  Look();
  EXPECT_THAT(taken_, IsEmpty());
  EXPECT_EQ(Files().size(), names.size() + 1);
}

TEST_F(WatchedFolderTest, RefusesWithAReason) {
  answer_ = Fail(ErrorCode::kInvalidArgument, "there is no column with amounts");
  Drop("deals.csv");
  LookTwice();
  EXPECT_THAT(Files(), UnorderedElementsAre("refused/deals.csv", "refused/deals.csv.why.txt"));
  EXPECT_EQ(ReadFile(folder_ / "refused/deals.csv.why.txt"), "there is no column with amounts\n");
  EXPECT_EQ(watched_->trouble(), std::nullopt) << "that is the file's, not the folder's";
  EXPECT_EQ(said_,
            "2026-11-22T10:00:05.000Z  deals.csv: refused: there is no column with amounts\n");
  LookTwice();
  EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(WatchedFolderTest, NeverOverwritesAName) {
  for (const char* content : {"1", "2", "3"}) {
    Drop("deals.csv", content);
    LookTwice();
  }
  EXPECT_THAT(Files(), UnorderedElementsAre("imported/2026-11-22-deals.csv",
                                            "imported/2026-11-22-deals-2.csv",
                                            "imported/2026-11-22-deals-3.csv"));
  EXPECT_EQ(ReadFile(folder_ / "imported/2026-11-22-deals.csv"), "1");
  EXPECT_EQ(ReadFile(folder_ / "imported/2026-11-22-deals-3.csv"), "3");
  answer_ = Fail(ErrorCode::kInvalidArgument, "no");
  for (int i = 0; i < 2; ++i) {
    Drop("bad.csv");
    LookTwice();
  }
  EXPECT_TRUE(fs::exists(folder_ / "refused/bad-2.csv"));
  EXPECT_TRUE(fs::exists(folder_ / "refused/bad-2.csv.why.txt"));
}

TEST_F(WatchedFolderTest, TriesAgainWhatCannotBeTakenForNow) {
  answer_ = Fail(ErrorCode::kUnavailable, "the disk is full");
  Drop("deals.csv");
  LookTwice();
  EXPECT_EQ(taken_.size(), 1u);
  EXPECT_THAT(Files(), UnorderedElementsAre("deals.csv"));
  EXPECT_EQ(watched_->trouble(), "deals.csv waits: the disk is full");
  answer_ = {};
  Look();
  EXPECT_EQ(taken_.size(), 1u) << "not at once";
  EXPECT_EQ(watched_->trouble(), "deals.csv waits: the disk is full");
  clock_.Advance(WatchedFolder::kPatience);
  Look();
  EXPECT_EQ(taken_.size(), 2u);
  EXPECT_THAT(Files(), UnorderedElementsAre("imported/2026-11-22-deals.csv"));
  EXPECT_EQ(watched_->trouble(), std::nullopt);
}

TEST_F(WatchedFolderTest, TakesAgainWhatAKilledProcessLeft) {
  fs::create_directories(folder_ / "importing");
  std::ofstream(folder_ / "importing" / "deals.csv") << "rows";
  Restart();
  Look();
  LookTwice();
  EXPECT_THAT(taken_, ElementsAre("deals.csv=rows"));
  EXPECT_THAT(Files(), UnorderedElementsAre("imported/2026-11-22-deals.csv"));
}

TEST_F(WatchedFolderTest, SaysThatTheFolderIsGoneAndGoesOnWhenItIsBack) {
  Drop("deals.csv");
  Look();
  fs::rename(folder_, root_ / "unmounted");
  Look();
  ASSERT_TRUE(watched_->trouble());
  EXPECT_EQ(*watched_->trouble(), "the watched folder " + folder_.string() +
                                      " cannot be read: No such file or directory");
  fs::rename(root_ / "unmounted", folder_);
  Look();
  EXPECT_THAT(taken_, IsEmpty()) << "what happened meanwhile is not known";
  EXPECT_EQ(watched_->trouble(), std::nullopt);
  Look();
  EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(WatchedFolderTest, StopsBetweenFiles) {
  std::stop_source stop;
  watched_ = std::make_unique<WatchedFolder>(
      WatchedFolder::Parts{folder_, TimeZone::Utc(), clock_,
                           [&](const fs::path& file, std::stop_token /*stop*/) -> Result<void> {
                             taken_.push_back(file.filename().string());
                             stop.request_stop();
                             return Fail(ErrorCode::kCancelled, "stopped");
                           }});
  Drop("a.csv");
  Drop("b.csv");
  watched_->Look(stop.get_token());
  watched_->Look(stop.get_token());
  EXPECT_THAT(taken_, ElementsAre("a.csv")) << "nothing begins after a stop";
  EXPECT_THAT(Files(), UnorderedElementsAre("a.csv", "b.csv"));
}

}  // namespace
}  // namespace revops::app
