#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/revops/imports/disk_upload.h"
#include "apps/revops/imports/durable_file.h"
#include "apps/revops/imports/import_journal.h"
#include "apps/revops/imports/mapping_folder.h"

namespace revops::app {
namespace {

using ::testing::HasSubstr;

constexpr const char* kId = "0123456789abcdef0123456789abcdef";

class ImportsTest : public ::testing::Test {
 protected:
  ImportsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "imports-XXXXXX").string();
    folder = ::mkdtemp(name.data());
  }
  ~ImportsTest() override { std::filesystem::remove_all(folder); }

  std::filesystem::path folder;
};

ImportEntry SomeEntry(const std::string& id, const char* created_at) {
  ImportEntry entry;
  entry.job.id = id;
  entry.job.file_name = "deals \"of\" May.csv";
  entry.job.file_size_bytes = 12;
  entry.job.requested_by = "person";
  entry.job.state = api::ImportState::kDone;
  entry.job.created_at = *ParseInstant(created_at);
  return entry;
}

TEST_F(ImportsTest, AnEntryComesBackAsItWasKept) {
  const ImportJournal journal(folder / "imports");
  ImportEntry entry = SomeEntry(kId, "2026-11-22T10:00:00Z");
  entry.job.ended_at = ParseInstant("2026-11-22T10:00:05Z");
  entry.job.mapping = "deals";
  entry.job.mode = "upsert";
  entry.job.as_of = Date::Parse("2026-09-01");
  entry.job.date_in_name = Date::Parse("2026-09-02");
  entry.job.rows = api::ImportJob::Rows{3, 1};
  entry.job.snapshot_id = "20261122T100000Z-1a2b3c4d";
  entry.job.error = Error{ErrorCode::kTimeout, "too slow", {}, {}};
  entry.mapping.emplace();
  entry.mapping->name = "deals";
  entry.mapping->columns[3] = "Amount";
  entry.is_taken = entry.has_saved_mapping = true;
  entry.snapshot_before = "before";
  entry.content_before = "aa";
  entry.content_after = "bb";
  entry.mapping_file_before = "name = 1\n\"x\"";
  ASSERT_TRUE(journal.Make(kId).has_value());
  ASSERT_TRUE(journal.Save(entry).has_value());
  const auto loaded = journal.Load();
  ASSERT_EQ(loaded.size(), 1U);
  EXPECT_EQ(Encode(loaded[0]), Encode(entry));
  EXPECT_EQ(loaded[0].mapping, entry.mapping);
  EXPECT_EQ(loaded[0].job.error->code, ErrorCode::kTimeout);
}

TEST_F(ImportsTest, EntriesAreListedNewestFirstAndWhatBrokeOffIsRemoved) {
  const ImportJournal journal(folder / "imports");
  const std::string older(32, 'a');
  const std::string newer(32, 'b');
  const std::string broken(32, 'c');
  for (const auto& [id, at] :
       {std::pair{older, "2026-11-21T10:00:00Z"}, std::pair{newer, "2026-11-22T10:00:00Z"}}) {
    ASSERT_TRUE(journal.Make(id).has_value());
    ASSERT_TRUE(journal.Save(SomeEntry(id, at)).has_value());
  }
  ASSERT_TRUE(journal.Make(broken).has_value());
  ASSERT_TRUE(ReplaceFile(journal.file(broken), "half").has_value());
  const auto loaded = journal.Load();
  ASSERT_EQ(loaded.size(), 2U);
  EXPECT_EQ(loaded[0].job.id, newer);
  EXPECT_FALSE(std::filesystem::exists(folder / "imports" / broken));
}

TEST_F(ImportsTest, DamagedEntriesAreTold) {
  for (const std::string text : {"", "{}", "[]", "{\"job\":{}}", "null"}) {
    const auto entry = ParseImportEntry(text);
    ASSERT_FALSE(entry.has_value()) << text;
    EXPECT_EQ(entry.error().code, ErrorCode::kCorrupt);
  }
}

TEST_F(ImportsTest, AnUploadIsGoneUnlessItWasKept) {
  const ImportJournal journal(folder / "imports");
  {
    DiskUpload upload(journal, kId, 100, std::nullopt);
    ASSERT_TRUE(upload.Write("half").has_value());
    EXPECT_TRUE(std::filesystem::exists(journal.file(kId)));
  }
  EXPECT_FALSE(std::filesystem::exists(journal.file(kId)));
  {
    DiskUpload upload(journal, kId, 100, std::nullopt);
    ASSERT_TRUE(upload.Write("wh").has_value());
    ASSERT_TRUE(upload.Write("ole").has_value());
    ASSERT_TRUE(upload.Keep().has_value());
  }
  EXPECT_EQ(ReadWholeFile(journal.file(kId)).value(), "whole");
  EXPECT_EQ(std::filesystem::status(journal.file(kId)).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(ImportsTest, AnUploadThatIsRefusedWritesNothing) {
  const ImportJournal journal(folder / "imports");
  DiskUpload upload(journal, kId, 100, Error{ErrorCode::kResourceExhausted, "too many", {}, {}});
  EXPECT_EQ(upload.Write("x").error().code, ErrorCode::kResourceExhausted);
  EXPECT_FALSE(upload.Keep().has_value());
  EXPECT_FALSE(std::filesystem::exists(folder / "imports"));
}

TEST_F(ImportsTest, OneBadMappingDoesNotHideTheOthers) {
  const MappingFolder mappings(folder / "mappings");
  EXPECT_TRUE(mappings.Read().mappings.empty());
  mapping::Mapping mapping;
  mapping.name = "values";
  mapping.statuses["in progress"] = sales::Status::kOpen;
  ASSERT_TRUE(mappings.Save(mapping).has_value());
  ASSERT_TRUE(mappings.PutBack("bad", "statuses = 1\n").has_value());
  const auto contents = mappings.Read();
  ASSERT_EQ(contents.mappings.size(), 1U);
  EXPECT_EQ(contents.mappings[0], mapping);
  ASSERT_EQ(contents.errors.size(), 1U);
  EXPECT_THAT(contents.errors[0].message, HasSubstr("mappings/bad.toml"));
  EXPECT_THAT(contents.errors[0].message, HasSubstr("statuses"));
}

TEST_F(ImportsTest, AMappingIsPutBackByteForByte) {
  const MappingFolder mappings(folder / "mappings");
  EXPECT_EQ(mappings.Text("values").value(), std::nullopt);
  ASSERT_TRUE(mappings.PutBack("values", "# by hand\nname = 'x'\n").has_value());
  EXPECT_EQ(mappings.Text("values").value(), "# by hand\nname = 'x'\n");
  ASSERT_TRUE(mappings.PutBack("values", std::nullopt).has_value());
  EXPECT_EQ(mappings.Text("values").value(), std::nullopt);
}

TEST_F(ImportsTest, MappingsAreNamedAfterTheirFile) {
  const MappingFolder mappings(folder / "mappings");
  const std::string shape(16, 'a');
  EXPECT_EQ(mappings.NameFor("Opportunities (Q3).csv", shape), "opportunities-q3");
  EXPECT_EQ(mappings.NameFor("Übersicht.xlsx", shape), "bersicht");
  EXPECT_EQ(mappings.NameFor("---.csv", shape), "file");
  mapping::Mapping other;
  other.name = "deals";
  other.shape = std::string(16, 'b');
  ASSERT_TRUE(mappings.Save(other).has_value());
  EXPECT_EQ(mappings.NameFor("deals.csv", shape), "deals-2");
  EXPECT_EQ(mappings.NameFor("deals.csv", other.shape), "deals");
}

}  // namespace
}  // namespace revops::app
