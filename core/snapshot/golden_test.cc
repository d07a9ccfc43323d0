#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/snapshot/job.h"
#include "core/snapshot/snapshot.h"
#include "core/snapshot/stored_manifest.h"
#include "core/snapshot/test_publisher.h"
#include "core/snapshot/verify.h"
#include "core/store/memory/memory_store.h"

namespace revops::snapshot {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(REVOPS_SOURCE_DIR) / "contracts/goldens/snapshot";

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteFile(const fs::path& path, std::string_view bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

/// Key → bytes of a store whose nights are fixed for ever.
class SnapshotGolden : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(PublishRows(store_, SampleRows(), At("2026-11-21T02:00:00Z")));
    std::vector<sales::Sale> rows = SampleRows();
    for (const sales::Sale& row : AwkwardRows()) rows.push_back(row);
    SortCanonically(rows);
    ASSERT_TRUE(PublishRows(store_, rows, At("2026-11-22T02:00:00.250Z")));
    auto publication = Publication::Begin(store_);
    ASSERT_TRUE(publication);
    PointerUpdate update = UpdateAt(At("2026-11-23T02:00:01Z"));
    update.scheduled_for = At("2026-11-23T02:00:00Z");
    ASSERT_TRUE(publication->Confirm(update));
    RefreshJob job;
    job.id = "0123456789abcdef0123456789abcdef";
    job.state = JobState::kSucceeded;
    job.requested_by = "schedule";
    job.outcome = "unchanged";
    ASSERT_TRUE(SaveJob(store_, job));
  }

  std::map<std::string, std::string> Stored() {
    std::map<std::string, std::string> stored;
    const auto infos = store_.List("").value();
    for (const store::ObjectInfo& info : infos) stored[info.key] = store_.Get(info.key)->bytes;
    return stored;
  }

  FakeClock clock_{At("2026-11-23T02:00:01Z")};
  store::MemoryObjectStore store_{clock_};
};

std::map<std::string, std::string> Golden() {
  std::map<std::string, std::string> golden;
  if (!fs::exists(kFolder)) return golden;
  for (const auto& entry : fs::recursive_directory_iterator(kFolder)) {
    if (!entry.is_regular_file()) continue;
    golden[fs::relative(entry.path(), kFolder).generic_string()] = ReadFile(entry.path());
  }
  return golden;
}

TEST_F(SnapshotGolden, IsWhatIsWrittenToday) {
  const auto stored = Stored();
  if (const char* folder = std::getenv("REVOPS_WRITE_GOLDENS")) {
    fs::remove_all(folder);
    for (const auto& [key, bytes] : stored) WriteFile(fs::path(folder) / key, bytes);
  }
  const auto golden = Golden();
  ASSERT_EQ(golden.size(), stored.size());
  for (const auto& [key, bytes] : stored) {
    ASSERT_TRUE(golden.contains(key)) << key;
    // zstd's own bytes may differ between its versions; the name is of the content.
    if (!key.starts_with(kObjectPrefix)) {
      EXPECT_EQ(golden.at(key), bytes) << key;
    }
  }
}

TEST_F(SnapshotGolden, OpensAndIsWhole) {
  store::MemoryObjectStore store(clock_);
  for (const auto& [key, bytes] : Golden()) {
    ASSERT_TRUE(store.Put(key, bytes, store::PutCondition::None()));
  }
  const auto report = Verify(store);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->damages.empty());
  EXPECT_EQ(report->snapshots, 2U);
  const auto current = OpenCurrent(store, nullptr);
  ASSERT_TRUE(current && *current);
  EXPECT_FALSE((*current)->degraded);
  EXPECT_EQ((*current)->snapshot->manifest().row_count(), 17U);
}

}  // namespace
}  // namespace revops::snapshot
