#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/time_zone.h"
#include "core/warehouse/duckdb/duckdb_database.h"
#include "core/warehouse/duckdb/test_database.h"

namespace revops::warehouse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class DuckDbStatement : public testing::Test {
 protected:
  void ExpectRefused(const std::string& statement, const std::string& words = "") {
    const auto table = Sql(*database_, statement);
    ASSERT_FALSE(table) << statement;
    EXPECT_TRUE(table.error().code == ErrorCode::kInvalidArgument ||
                table.error().code == ErrorCode::kPermissionDenied)
        << statement << ": " << Describe(table.error());
    EXPECT_THAT(table.error().message, HasSubstr(words)) << statement;
  }

  TestFolder folder_;
  std::unique_ptr<DuckDbDatabase> database_ = OpenForTest(folder_ / "warehouse.duckdb");
};

TEST_F(DuckDbStatement, GivesEveryTypeAsText) {
  const auto table =
      Sql(*database_,
          "SELECT 1 AS a, 'x''y', NULL, 12.30::DECIMAL(12,2), DATE '2026-11-22', [1, 2], true, "
          "170141183460469231731687303715884105727::HUGEINT, TIMESTAMP '2026-01-02 03:04:05', "
          "'infinity'::DATE");
  ASSERT_TRUE(table) << Describe(table.error());
  EXPECT_EQ(table->columns.front(), "a");
  ASSERT_EQ(table->rows.size(), 1U);
  EXPECT_THAT(
      table->rows.front(),
      ElementsAre("1", "x'y", std::nullopt, "12.30", "2026-11-22", "[1, 2]", "true",
                  "170141183460469231731687303715884105727", "2026-01-02 03:04:05", "infinity"));
}

TEST_F(DuckDbStatement, CountsTheRowsItChanged) {
  ASSERT_TRUE(Sql(*database_, "CREATE TABLE t (a INTEGER)"));
  EXPECT_EQ(Sql(*database_, "INSERT INTO t VALUES (1), (2), (3)")->rows_changed, 3U);
  EXPECT_EQ(Sql(*database_, "UPDATE t SET a = 9 WHERE a > 1;")->rows_changed, 2U);
  const auto returned = Sql(*database_, "DELETE FROM t WHERE a = 9 RETURNING a");
  EXPECT_EQ(returned->rows_changed, 2U);
  EXPECT_EQ(returned->rows.size(), 2U);
  EXPECT_EQ(Sql(*database_, "SELECT a FROM t -- the rest")->rows.front().front(), "1");
}

TEST_F(DuckDbStatement, StopsAtRowsMax) {
  const auto cut =
      database_->Execute("SELECT * FROM range(5000)", 2500, Clock::SteadyTime::max(), {});
  EXPECT_EQ(cut->rows.size(), 2500U);
  EXPECT_TRUE(cut->truncated);
  EXPECT_EQ(cut->rows.back().front(), "2499");
  const auto whole =
      database_->Execute("SELECT * FROM range(2048)", 2048, Clock::SteadyTime::max(), {});
  EXPECT_EQ(whole->rows.size(), 2048U);
  EXPECT_FALSE(whole->truncated);
  const auto none = database_->Execute("SELECT 1", 0, Clock::SteadyTime::max(), {});
  EXPECT_THAT(none->rows, IsEmpty());
  EXPECT_TRUE(none->truncated);
}

TEST_F(DuckDbStatement, TakesOneStatementAlone) {
  ExpectRefused("SELECT 1; SELECT 2", "One statement");
  ExpectRefused("", "no statement");
  ExpectRefused("-- nothing", "no statement");
  ExpectRefused(std::string("SELECT 1\0; DROP", 14), "NUL");
  ExpectRefused("SELEC 1", "syntax error");
  ExpectRefused("SELECT ?");
}

TEST_F(DuckDbStatement, TouchesNoOtherFileAndNoSetting) {
  const std::string file = (folder_ / "x.csv").string();
  const std::vector<std::string> statements = {
      "SELECT * FROM '" + file + "'",
      "SELECT * FROM read_text('/etc/passwd')",
      "COPY (SELECT 1) TO '" + file + "'",
      "COPY (SELECT 1) TO '" + (folder_ / "warehouse.duckdb").string() + "'",
      "ATTACH '" + file + "' AS other",
      "ATTACH ':memory:' AS other",
      "EXPORT DATABASE '" + file + "'",
      "INSTALL httpfs",
      "LOAD icu",
      "SET threads = 1",
      "SET TimeZone = 'UTC'",
      "SET enable_external_access = true",
      "RESET memory_limit",
      "PRAGMA enable_profiling",
      "BEGIN",
      "COMMIT",
      "CHECKPOINT",
      "PREPARE p AS SELECT 1",
      "CREATE SECRET s (TYPE s3)",
      "USE memory",
      "CALL pragma_version()",
  };
  for (const std::string& statement : statements) {
    ExpectRefused(statement);
  }
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(Sql(*database_, "SELECT 1"));
}

TEST_F(DuckDbStatement, QueriesCannotWrite) {
  ASSERT_TRUE(Sql(*database_, "CREATE SEQUENCE s"));
  EXPECT_FALSE(Sql(*database_, "SELECT nextval('s')"));
}

TEST_F(DuckDbStatement, KeepsTheFileLockedWhenAQueryReadsTheOwnFile) {
  const std::string file = (folder_ / "warehouse.duckdb").string();
  static_cast<void>(Sql(*database_, "SELECT size FROM read_blob('" + file + "')"));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(DuckDbDatabase::Open({file, "UTC", 1, 1U << 27U}) ? 1 : 0);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "another process could open the file";
}

TEST_F(DuckDbStatement, EndsPastTheDeadlineAndAfterAStop) {
  const std::string endless = "SELECT count(*) FROM range(10000000000) a, range(10000000000) b";
  const auto late = database_->Execute(
      endless, 1, std::chrono::steady_clock::now() + std::chrono::milliseconds(50), {});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kTimeout) << Describe(late.error());
  std::stop_source stop;
  std::jthread stopper([&] { stop.request_stop(); });
  const auto stopped = database_->Execute(endless, 1, Clock::SteadyTime::max(), stop.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled) << Describe(stopped.error());
  EXPECT_TRUE(Sql(*database_, "SELECT 1")) << "the database lives on";
}

TEST_F(DuckDbStatement, UndoesAWriteThatIsStopped) {
  ASSERT_TRUE(Sql(*database_, "CREATE TABLE t AS SELECT 1 AS a"));
  const auto late =
      database_->Execute("INSERT INTO t SELECT a.range FROM range(100000000) a, range(100000000) b",
                         1, std::chrono::steady_clock::now() + std::chrono::milliseconds(50), {});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::kTimeout);
  EXPECT_EQ(Sql(*database_, "SELECT count(*) FROM t")->rows.front().front(), "1");
}

TEST_F(DuckDbStatement, CurrentDateIsTheDateInTheReportZone) {
  // These two never have the same date.
  for (const std::string zone : {"Pacific/Kiritimati", "Pacific/Pago_Pago"}) {
    const auto database = OpenForTest({}, zone);
    const SystemClock clock;
    const TimeZone report_zone = *TimeZone::Load(zone);
    const Date before = report_zone.DateAt(clock.Now());
    const auto table =
        Sql(*database, "SELECT CURRENT_DATE, current_date(), today(), CURRENT_TIMESTAMP::DATE");
    const Date after = report_zone.DateAt(clock.Now());
    ASSERT_TRUE(table) << Describe(table.error());
    for (const auto& date : table->rows.front()) {
      EXPECT_TRUE(date == before.ToString() || date == after.ToString()) << *date;
    }
  }
}

}  // namespace
}  // namespace revops::warehouse
