#include "core/store/local/local_store.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "core/store/local/temp_folder.h"
#include "core/store/store_contract.h"

namespace revops::store {
namespace {

namespace fs = std::filesystem;

class LocalPlace final : public StorePlace {
 public:
  std::unique_ptr<ObjectStore> Open() override {
    return LocalObjectStore::Open({folder_.path() / "store"}, disk_, clock_).value();
  }
  Instant Now() const override { return clock_.Now(); }

 private:
  TempFolder folder_;
  PosixDisk disk_;
  SystemClock clock_;
};

INSTANTIATE_TEST_SUITE_P(Local, StoreContract,
                         testing::Values(StoreAdapter{
                             .name = "Local",
                             .make_place = [] { return std::make_unique<LocalPlace>(); }}),
                         StoreAdapterName);

class LocalStore : public testing::Test {
 protected:
  std::unique_ptr<LocalObjectStore> Open() {
    return LocalObjectStore::Open({root_}, disk_, clock_).value();
  }
  Version MustPut(LocalObjectStore& store, const std::string& key, const std::string& bytes) {
    return store.Put(key, bytes, PutCondition::None()).value();
  }
  void SetAge(const fs::path& path, std::chrono::nanoseconds age) {
    PosixDisk disk;
    const Handle folder(disk.OpenRoot(path.parent_path().string()));
    const Handle file(disk.Open(folder.get(), path.filename().string(), 0));
    const std::chrono::nanoseconds now = clock_.Now().time_since_epoch();
    ASSERT_EQ(disk.SetModified(file.get(), (now - age).count()), 0);
  }

  TempFolder folder_;
  fs::path root_ = folder_.path() / "store";
  PosixDisk disk_;
  FakeClock clock_{ParseInstant("2024-02-29T02:00:00Z").value()};
};

TEST_F(LocalStore, KeepsAnObjectInTheFileOfItsKey) {
  const auto store = Open();
  MustPut(*store, "pipeline/by-region/latest.json", "{}");
  EXPECT_EQ(ReadFile(root_ / "pipeline/by-region/latest.json"), "{}");
  EXPECT_TRUE(fs::is_empty(root_ / "~pending"));
}

TEST_F(LocalStore, KeepsObjectsForTheirOwnerAlone) {
  const auto store = Open();
  MustPut(*store, "a/b", "1");
  const auto others = fs::perms::group_all | fs::perms::others_all;
  for (const char* path : {"a", "a/b", "~lock", "~pending", "."}) {
    EXPECT_EQ(fs::status(root_ / path).permissions() & others, fs::perms::none) << path;
  }
}

TEST_F(LocalStore, MakesItsFolderWithParents) {
  root_ = folder_.path() / "x/y/z/";
  MustPut(*Open(), "a", "1");
  EXPECT_EQ(ReadFile(folder_.path() / "x/y/z/a"), "1");
}

TEST_F(LocalStore, OpensAFolderThroughASymbolicLink) {
  fs::create_directory(folder_.path() / "real");
  fs::create_directory_symlink(folder_.path() / "real", root_);
  MustPut(*Open(), "a", "1");
  EXPECT_EQ(ReadFile(folder_.path() / "real/a"), "1");
}

TEST_F(LocalStore, RefusesAFileForAFolder) {
  WriteFile(root_, "a file");
  const auto store = LocalObjectStore::Open({root_}, disk_, clock_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kInvalidArgument);
  EXPECT_FALSE(LocalObjectStore::Open({root_ / "below"}, disk_, clock_));
  EXPECT_FALSE(LocalObjectStore::Open({""}, disk_, clock_));
}

TEST_F(LocalStore, DatesObjectsByItsClock) {
  const auto store = Open();
  MustPut(*store, "a", "1");
  clock_.JumpTo(ParseInstant("2034-02-28T02:00:00Z").value());
  MustPut(*store, "b", "1");
  clock_.JumpTo(ParseInstant("2014-02-28T02:00:00Z").value());
  MustPut(*store, "c", "1");
  const auto infos = store->List("").value();
  ASSERT_EQ(infos.size(), 3U);
  EXPECT_EQ(ToString(infos[0].modified_at), "2024-02-29T02:00:00.000Z");
  EXPECT_EQ(ToString(infos[1].modified_at), "2034-02-28T02:00:00.000Z");
  EXPECT_EQ(ToString(infos[2].modified_at), "2014-02-28T02:00:00.000Z");
}

TEST_F(LocalStore, VersionsDifferWhileTheClockStandsStillOrStepsBack) {
  std::set<Version> versions;
  for (int i = 0; i < 100; ++i) {
    const auto store = Open();
    versions.insert(MustPut(*store, "a", "same"));
    ASSERT_TRUE(store->Delete("a"));
    if (i % 10 == 0) clock_.JumpTo(clock_.Now() - std::chrono::milliseconds(3));
  }
  EXPECT_EQ(versions.size(), 100U);
}

TEST_F(LocalStore, DoesNotReadThroughSymbolicLinks) {
  const auto store = Open();
  WriteFile(folder_.path() / "secret", "secret");
  fs::create_directory(folder_.path() / "outside");
  WriteFile(folder_.path() / "outside/secret", "secret");
  fs::create_symlink(folder_.path() / "secret", root_ / "link");
  fs::create_directory_symlink(folder_.path() / "outside", root_ / "folder");
  EXPECT_EQ(store->Get("link").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(store->Get("folder/secret").error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(store->List("").value().empty());
  EXPECT_TRUE(store->List("folder/").value().empty());
}

TEST_F(LocalStore, DoesNotWriteThroughSymbolicLinks) {
  const auto store = Open();
  WriteFile(folder_.path() / "precious", "precious");
  fs::create_directory(folder_.path() / "outside");
  fs::create_symlink(folder_.path() / "precious", root_ / "link");
  fs::create_directory_symlink(folder_.path() / "outside", root_ / "folder");
  EXPECT_EQ(store->Put("folder/a", "1", PutCondition::None()).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(store->Put("link", "1", PutCondition::IfAbsent()).error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(fs::is_empty(folder_.path() / "outside"));
  MustPut(*store, "link", "1");
  EXPECT_EQ(store->Get("link").value().bytes, "1");
  EXPECT_EQ(ReadFile(folder_.path() / "precious"), "precious");
  EXPECT_TRUE(store->Delete("folder/precious"));
  EXPECT_TRUE(store->Delete("link"));
  EXPECT_EQ(ReadFile(folder_.path() / "precious"), "precious");
}

TEST_F(LocalStore, IsNotHeldUpByWhatIsNeitherFileNorFolder) {
  const auto store = Open();
  ASSERT_EQ(::mkfifo((root_ / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(store->Get("fifo").error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(store->List("").value().empty());
}

TEST_F(LocalStore, IgnoresNamesThatAreNoKeys) {
  const auto store = Open();
  MustPut(*store, "a", "1");
  WriteFile(root_ / "with blank", "x");
  WriteFile(root_ / "~pending" / "abc", "half");
  fs::create_directory(root_ / "lost+found");
  WriteFile(root_ / "lost+found" / "a", "x");
  const auto infos = store->List("").value();
  ASSERT_EQ(infos.size(), 1U);
  EXPECT_EQ(infos[0].key, "a");
}

TEST_F(LocalStore, RemovesOnlyOldPendingFilesWhenOpened) {
  MustPut(*Open(), "a", "1");
  for (const char* name : {"old", "young"}) WriteFile(root_ / "~pending" / name, "half");
  SetAge(root_ / "~pending/old", std::chrono::minutes(61));
  SetAge(root_ / "~pending/young", std::chrono::minutes(59));
  SetAge(root_ / "a", std::chrono::hours(24 * 365));
  const auto store = Open();
  EXPECT_FALSE(fs::exists(root_ / "~pending/old"));
  EXPECT_TRUE(fs::exists(root_ / "~pending/young"));
  EXPECT_EQ(store->Get("a").value().bytes, "1");
}

TEST_F(LocalStore, WorksOnAfterItsOwnFilesVanished) {
  const auto store = Open();
  MustPut(*store, "a/b", "1");
  fs::remove_all(root_ / "~pending");
  fs::remove(root_ / "~lock");
  fs::remove_all(root_ / "a");
  EXPECT_EQ(store->Get("a/b").error().code, ErrorCode::kNotFound);
  MustPut(*store, "a/b", "2");
  EXPECT_EQ(store->Get("a/b").value().bytes, "2");
}

}  // namespace
}  // namespace revops::store
