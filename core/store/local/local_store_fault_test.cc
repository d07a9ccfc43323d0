#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <functional>

#include <gtest/gtest.h>

#include "core/store/local/faulty_disk.h"
#include "core/store/local/local_store.h"
#include "core/store/local/temp_folder.h"

namespace revops::store {
namespace {

namespace fs = std::filesystem;
using Call = FaultyDisk::Call;

constexpr int kMoreCallsThanAPutMakes = 100;
const std::string kOld = "the old object";
const std::string kNew(100'000, 'n');

class LocalStoreFault : public testing::Test {
 protected:
  std::unique_ptr<LocalObjectStore> Open(Disk& disk) {
    return LocalObjectStore::Open({folder_.path() / "store"}, disk, clock_).value();
  }

  /// The object as a new process sees it; empty when it is not there.
  std::string Reopened(const std::string& key) {
    const auto object = Open(posix_)->Get(key);
    return object ? object->bytes : "";
  }

  void StartWith(const std::string& key, const std::string& bytes) {
    fs::remove_all(folder_.path() / "store");
    if (bytes.empty()) return;
    ASSERT_TRUE(Open(posix_)->Put(key, bytes, PutCondition::None()));
  }

  std::size_t pending() {
    const auto path = folder_.path() / "store/~pending";
    if (!fs::exists(path)) return 0;
    const auto files = fs::directory_iterator(path);
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  /// Puts kNew over `old` once for each call to the disk that a Put makes, with `plan` set on the
  /// disk for that call, and hands each outcome to `check`.
  void ForEachCall(const std::string& key, const std::string& old,
                   const std::function<void(FaultyDisk&, int)>& plan,
                   const std::function<void(FaultyDisk&, const Result<Version>&)>& check) {
    for (int n = 1; n < kMoreCallsThanAPutMakes; ++n) {
      SCOPED_TRACE(testing::Message() << "call " << n);
      StartWith(key, old);
      FaultyDisk disk;
      const auto store = Open(disk);
      const int opening = disk.calls();
      plan(disk, opening + n);
      const auto put = store->Put(key, kNew, PutCondition::None());
      check(disk, put);
      if (disk.calls() - opening < n) return;
    }
    FAIL() << "the Put never ended";
  }

  TempFolder folder_;
  PosixDisk posix_;
  SystemClock clock_;
};

TEST_F(LocalStoreFault, AProcessThatEndsAtAnyCallLeavesTheOldOrTheNewObject) {
  for (const std::string& old : {std::string(), kOld}) {
    int kept = 0;
    int replaced = 0;
    ForEachCall(
        "a/b/c", old, [](FaultyDisk& disk, int n) { disk.StopAtCall(n); },
        [&](FaultyDisk&, const Result<Version>& put) {
          const auto seen = Reopened("a/b/c");
          EXPECT_TRUE(seen == old || seen == kNew) << seen.size();
          EXPECT_TRUE(!put || seen == kNew);
          EXPECT_TRUE(Open(posix_)->Put("a/b/c", "next", PutCondition::None()));
          EXPECT_EQ(Reopened("a/b/c"), "next");
          ++(seen == kNew ? replaced : kept);
        });
    EXPECT_GT(kept, 5);
    EXPECT_GE(replaced, 2);
  }
}

class LocalStoreErrno : public LocalStoreFault, public testing::WithParamInterface<int> {};

TEST_P(LocalStoreErrno, AtAnyCallLeavesTheOldOrTheNewObject) {
  for (const std::string& old : {std::string(), kOld}) {
    ForEachCall(
        "a/b/c", old, [](FaultyDisk& disk, int n) { disk.FailCall(n, GetParam()); },
        [&](FaultyDisk&, const Result<Version>& put) {
          const auto seen = Reopened("a/b/c");
          EXPECT_TRUE(seen == old || seen == kNew) << seen.size();
          EXPECT_TRUE(!put || seen == kNew);
        });
  }
}

INSTANTIATE_TEST_SUITE_P(LocalStore, LocalStoreErrno,
                         testing::Values(ENOSPC, EDQUOT, EIO, EROFS, EMFILE, EACCES));

TEST_F(LocalStoreFault, AFullDiskKeepsTheOldObjectAndLeavesNothingBehind) {
  for (const Call call : {Call::kWrite, Call::kSync, Call::kRename}) {
    StartWith("a/b", kOld);
    FaultyDisk disk;
    const auto store = Open(disk);
    disk.FailEvery(call, ENOSPC);
    const auto put = store->Put("a/b", kNew, PutCondition::None());
    ASSERT_FALSE(put);
    EXPECT_EQ(put.error().code, ErrorCode::kResourceExhausted);
    EXPECT_EQ(put.error().origin, "disk:ENOSPC");
    EXPECT_EQ(store->Get("a/b").value().bytes, kOld);
    EXPECT_EQ(pending(), 0U);
  }
}

TEST_F(LocalStoreFault, AFullDiskThatHasNoRoomForNamesKeepsTheOldObject) {
  StartWith("a/b", kOld);
  FaultyDisk disk;
  const auto store = Open(disk);
  disk.FailEvery(Call::kMakeFolder, ENOSPC);
  const auto put = store->Put("new/folder", kNew, PutCondition::None());
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kResourceExhausted);
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(store->Get("a/b").value().bytes, kOld);
}

TEST_F(LocalStoreFault, OpensAndReadsAFullReadOnlyFolder) {
  StartWith("a/b", kOld);
  fs::remove_all(folder_.path() / "store/~pending");
  fs::remove(folder_.path() / "store/~lock");
  FaultyDisk disk;
  for (const Call call : {Call::kMakeFolder, Call::kWrite, Call::kSync, Call::kRename,
                          Call::kRemove, Call::kSetModified, Call::kLock}) {
    disk.FailEvery(call, EROFS);
  }
  const auto store = Open(disk);
  EXPECT_EQ(store->Get("a/b").value().bytes, kOld);
  EXPECT_EQ(store->List("a/").value().size(), 1U);
}

TEST_F(LocalStoreFault, CarriesOnAfterShortWrites) {
  FaultyDisk disk;
  disk.ShortenWrites(4'097);
  const auto store = Open(disk);
  ASSERT_TRUE(store->Put("a", kNew, PutCondition::None()));
  EXPECT_EQ(disk.count(Call::kWrite), 25);
  EXPECT_TRUE(Reopened("a") == kNew);
}

TEST_F(LocalStoreFault, NeverRepeatsAFailedFsync) {
  StartWith("a", kOld);
  FaultyDisk disk;
  const auto store = Open(disk);
  disk.FailEvery(Call::kSync, EIO);
  EXPECT_EQ(store->Put("a", kNew, PutCondition::None()).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(disk.count(Call::kSync), 1);
  EXPECT_EQ(disk.count(Call::kRename), 0);
  EXPECT_EQ(pending(), 0U);
  EXPECT_EQ(Reopened("a"), kOld);
}

TEST_F(LocalStoreFault, AFolderWhoseEntryMayBeLostIsRemovedAgain) {
  StartWith("a", kOld);
  class SecondSyncFails final : public FaultyDisk {
   public:
    int Sync(int file) override { return ++syncs_ == 2 ? -EIO : FaultyDisk::Sync(file); }

   private:
    int syncs_ = 0;
  } disk;
  const auto store = Open(disk);
  const auto put = store->Put("folder/b", "1", PutCondition::None());
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(fs::exists(folder_.path() / "store/folder"));
  ASSERT_TRUE(store->Put("folder/b", "2", PutCondition::None()));
  EXPECT_EQ(Reopened("folder/b"), "2");
}

TEST_F(LocalStoreFault, DiskErrorsWhileReadingAreReported) {
  StartWith("a/b", kOld);
  for (const Call call : {Call::kOpen, Call::kRead, Call::kStat}) {
    FaultyDisk disk;
    const auto store = Open(disk);
    disk.FailEvery(call, EIO);
    EXPECT_EQ(store->Get("a/b").error().code, ErrorCode::kUnavailable);
  }
  for (const Call call : {Call::kOpen, Call::kNames, Call::kStat}) {
    FaultyDisk disk;
    const auto store = Open(disk);
    disk.FailEvery(call, EIO);
    EXPECT_EQ(store->List("").error().code, ErrorCode::kUnavailable);
  }
}

TEST_F(LocalStoreFault, ADeleteThatFailsIsReported) {
  for (const Call call : {Call::kOpen, Call::kLock, Call::kRemove, Call::kSync}) {
    StartWith("a/b", kOld);
    FaultyDisk disk;
    const auto store = Open(disk);
    disk.FailEvery(call, EIO);
    EXPECT_EQ(store->Delete("a/b").error().code, ErrorCode::kUnavailable);
  }
}

TEST_F(LocalStoreFault, AFileThatShrinksWhileItIsReadIsDamage) {
  StartWith("a", kNew);
  class ShrinkingDisk final : public FaultyDisk {
   public:
    ssize_t Read(int, char*, std::size_t) override { return 0; }
  } disk;
  EXPECT_EQ(Open(disk)->Get("a").error().code, ErrorCode::kCorrupt);
}

TEST_F(LocalStoreFault, AFileSystemWithCoarseTimesIsRefused) {
  class CoarseDisk final : public FaultyDisk {
   public:
    int SetModified(int file, std::int64_t modified_ns) override {
      constexpr std::int64_t kTwoSeconds = 2'000'000'000;
      return FaultyDisk::SetModified(file, modified_ns / kTwoSeconds * kTwoSeconds + 1);
    }
  } disk;
  const auto put = Open(disk)->Put("a", "1", PutCondition::None());
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(pending(), 0U);
}

TEST_F(LocalStoreFault, HoldsTheLockWhileItRenamesAndDeletes) {
  class WatchingDisk final : public FaultyDisk {
   public:
    explicit WatchingDisk(std::string lock) : lock_(std::move(lock)) {}
    int Rename(int from_folder, const std::string& from, int to_folder,
               const std::string& to) override {
      ExpectLocked();
      return FaultyDisk::Rename(from_folder, from, to_folder, to);
    }
    int Remove(int folder, const std::string& name, bool is_folder) override {
      if (name == "b") ExpectLocked();
      return FaultyDisk::Remove(folder, name, is_folder);
    }
    int watched() const { return watched_; }

   private:
    void ExpectLocked() {
      const Handle own(::open(lock_.c_str(), O_RDWR | O_CLOEXEC));
      EXPECT_EQ(::flock(own.get(), LOCK_EX | LOCK_NB), -1);
      EXPECT_EQ(errno, EWOULDBLOCK);
      ++watched_;
    }

    std::string lock_;
    int watched_ = 0;
  } disk((folder_.path() / "store/~lock").string());
  const auto store = Open(disk);
  const auto version = store->Put("a/b", "1", PutCondition::IfAbsent());
  ASSERT_TRUE(version);
  EXPECT_TRUE(store->Put("a/b", "2", PutCondition::IfMatch(*version)));
  EXPECT_TRUE(store->Put("a/b", "3", PutCondition::None()));
  EXPECT_TRUE(store->Delete("a/b"));
  EXPECT_EQ(disk.watched(), 4);
}

class LocalStorePowerCut : public LocalStoreFault {
 protected:
  /// Runs `puts` until the n-th call, cuts the power, and tells how many were acknowledged.
  int AcknowledgedUntil(int n) {
    StartWith("a/1", kOld);
    const auto aside = folder_.path() / "aside";
    fs::remove_all(aside);
    fs::create_directory(aside);
    PowerCutDisk disk(aside.string());
    const auto store = Open(disk);
    disk.StopAtCall(disk.calls() + n);
    int acknowledged = 0;
    for (const auto& [key, bytes] : puts_) {
      if (!store->Put(key, bytes, PutCondition::None())) break;
      ++acknowledged;
    }
    disk.CutPower((folder_.path() / "store").string());
    return acknowledged;
  }

  const std::vector<std::pair<std::string, std::string>> puts_ = {
      {"a/1", kNew}, {"b/c/2", "two"}, {"b/c/3", "three"}, {"b/d/4", "four"}, {"a/1", "again"}};
};

TEST_F(LocalStorePowerCut, KeepsEveryAcknowledgedPutAndNoHalfOne) {
  const int all = static_cast<int>(puts_.size());
  for (int n = 1, acknowledged = 0; acknowledged < all; ++n) {
    SCOPED_TRACE(testing::Message() << "call " << n);
    ASSERT_LT(n, all * kMoreCallsThanAPutMakes);
    acknowledged = AcknowledgedUntil(n);
    std::map<std::string, std::string> expected = {{"a/1", kOld}};
    for (int i = 0; i < acknowledged; ++i) {
      expected[puts_[static_cast<std::size_t>(i)].first] =
          puts_[static_cast<std::size_t>(i)].second;
    }
    for (int i = 0; i < all; ++i) {
      const auto& [key, bytes] = puts_[static_cast<std::size_t>(i)];
      const auto seen = Reopened(key);
      const bool is_expected = seen == expected[key];
      const bool is_last = i == acknowledged && seen == bytes;
      EXPECT_TRUE(is_expected || is_last) << key << " after " << acknowledged << " puts";
    }
  }
}

}  // namespace
}  // namespace revops::store
