#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/warehouse/duckdb/test_database.h"

namespace revops::warehouse {
namespace {

using testing::HasSubstr;

/// Runs `body` in a process of its own, which ends with its value; no database may be open here.
pid_t Fork(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  return child;
}

int WaitFor(pid_t child) {
  int status = 0;
  return ::waitpid(child, &status, 0) == child ? status : -1;
}

std::vector<sales::Sale> SomeRows(int count, const std::string& customer) {
  std::vector<sales::Sale> rows;
  for (int i = 0; i < count; ++i) {
    sales::Sale sale;
    sale.id = std::to_string(i);
    sale.texts = {std::nullopt, std::nullopt, std::nullopt, customer, std::nullopt};
    rows.push_back(std::move(sale));
  }
  return rows;
}

Result<std::uint64_t> Import(DuckDbDatabase& database, const std::vector<sales::Sale>& rows,
                             ImportMode mode) {
  SaleList source(rows);
  return database.Import(source, sales::Schema::FctSales(), mode, {});
}

std::string Ask(DuckDbDatabase& database, const std::string& query) {
  const auto table = Sql(database, query);
  return table ? table->rows.at(0).at(0).value_or("NULL") : Describe(table.error());
}

class DuckDbProcess : public testing::Test {
 protected:
  void CreateWith(const std::vector<sales::Sale>& rows) {
    const auto database = OpenForTest(file_);
    ASSERT_TRUE(database->CreateSalesTable());
    ASSERT_TRUE(Import(*database, rows, ImportMode::kReplace));
  }

  TestFolder folder_;
  const std::filesystem::path file_ = folder_ / "warehouse.duckdb";
};

TEST_F(DuckDbProcess, RefusesTheSecondProcess) {
  int ready[2];
  int done[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(done), 0);
  const pid_t child = Fork([&] {
    const auto database = OpenForTest(file_);
    char byte = 'x';
    if (::write(ready[1], &byte, 1) != 1) return 1;
    return ::read(done[0], &byte, 1) == 1 ? 0 : 1;
  });
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const auto second = DuckDbDatabase::Open({file_, "UTC", 1, std::size_t{1} << 27U});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message, HasSubstr("open in another process"));
  ASSERT_EQ(::write(done[1], &byte, 1), 1);
  EXPECT_EQ(WaitFor(child), 0);
  EXPECT_TRUE(DuckDbDatabase::Open({file_, "UTC", 1, std::size_t{1} << 27U}));
}

TEST_F(DuckDbProcess, HasTheOldOrTheNewRowsAfterBeingKilledDuringAnImport) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  CreateWith(SomeRows(3000, "0"));
  int acknowledged = 0;
  for (int round = 0; round < 5; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = Fork([&] {
      const auto database = OpenForTest(file_);
      for (int i = acknowledged + 1;; ++i) {
        if (!Import(*database, SomeRows(3000, std::to_string(i)), ImportMode::kReplace)) return 1;
        if (::write(pipe[1], &i, sizeof i) != sizeof i) return 1;
      }
    });
    ::close(pipe[1]);
    int number = 0;
    ASSERT_EQ(::read(pipe[0], &number, sizeof number), ssize_t{sizeof number});
    pollfd next = {pipe[0], POLLIN, 0};
    ::poll(&next, 1, std::uniform_int_distribution<>(0, 30)(random));
    ::kill(child, SIGKILL);
    do acknowledged = number;
    while (::read(pipe[0], &number, sizeof number) == sizeof number);
    ::close(pipe[0]);
    WaitFor(child);
    const auto database = OpenForTest(file_);
    EXPECT_EQ(Ask(*database, "SELECT count(*) FROM FCT_SALES"), "3000");
    EXPECT_EQ(Ask(*database, "SELECT count(DISTINCT CUSTOMER_NAME) FROM FCT_SALES"), "1");
    const int found = std::stoi(Ask(*database, "SELECT min(CUSTOMER_NAME) FROM FCT_SALES"));
    EXPECT_TRUE(found == acknowledged || found == acknowledged + 1)
        << found << " after " << acknowledged;
    acknowledged = found;
  }
}

TEST_F(DuckDbProcess, KeepsServingOnAFullDisk) {
  CreateWith(SomeRows(10, "old"));
  const pid_t child = Fork([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const auto database = OpenForTest(file_);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 64 * 1024;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto refused = Import(*database, SomeRows(20'000, "new"), ImportMode::kReplace);
    if (refused || refused.error().code != ErrorCode::kResourceExhausted) return 2;
    if (Ask(*database, "SELECT count(*) FROM FCT_SALES") != "10") return 3;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    if (!Import(*database, SomeRows(20, "new"), ImportMode::kReplace)) return 4;
    return Ask(*database, "SELECT count(*) FROM FCT_SALES") == "20" ? 0 : 5;
  });
  const int status = WaitFor(child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(Ask(*OpenForTest(file_), "SELECT count(*) FROM FCT_SALES"), "20");
}

TEST_F(DuckDbProcess, ReplaysTheLogOfAProcessThatDied) {
  const pid_t child = Fork([&] {
    const auto database = OpenForTest(file_);
    if (!database->CreateSalesTable()) return 1;
    if (!Import(*database, SomeRows(5, "x"), ImportMode::kAppend)) return 1;
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  WaitFor(child);
  ASSERT_TRUE(std::filesystem::exists(file_.string() + ".wal"));
  EXPECT_EQ(Ask(*OpenForTest(file_), "SELECT count(*) FROM FCT_SALES"), "5");
}

TEST_F(DuckDbProcess, SaysWhatToDoAboutADamagedFile) {
  CreateWith(SomeRows(3000, "x"));
  const auto size = std::filesystem::file_size(file_);
  const auto damage = [&](std::uintmax_t at) {
    const std::filesystem::path copy = folder_ / "damaged.duckdb";
    std::filesystem::copy_file(file_, copy, std::filesystem::copy_options::overwrite_existing);
    std::fstream bytes(copy, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes << std::string(4096, '\x5A');
    bytes.close();
    return DuckDbDatabase::Open({copy, "UTC", 1, std::size_t{1} << 27U});
  };
  const auto opened = damage(0);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(opened.error().message, HasSubstr("revops restore"));
  for (std::uintmax_t at = 4096; at < size; at += 128 * 1024) {
    const auto database = damage(at);
    if (!database) {
      EXPECT_EQ(database.error().code, ErrorCode::kCorrupt) << at;
      continue;
    }
    const auto rows = Sql(**database, "SELECT * FROM FCT_SALES");
    if (!rows) {
      EXPECT_EQ(rows.error().code, ErrorCode::kCorrupt) << Describe(rows.error());
    }
  }
}

TEST_F(DuckDbProcess, ReplacesWhatACrashLeftOfANewFile) {
  std::ofstream(file_.string() + ".new") << "half";
  CreateWith(SomeRows(1, "x"));
  EXPECT_FALSE(std::filesystem::exists(file_.string() + ".new"));
}

TEST_F(DuckDbProcess, KnowsItsContentAgainAfterARestart) {
  CreateWith(SomeRows(10, "x"));
  const SystemClock clock;
  const auto token = [&](DuckDbDatabase& database) {
    const auto warehouse = database.AsWarehouse({}, clock);
    return (*warehouse->BeginRead({}))->change_token();
  };
  const auto first = token(*OpenForTest(file_));
  ASSERT_TRUE(first);
  {
    const auto database = OpenForTest(file_);
    ASSERT_TRUE(database->CreateSalesTable());
    EXPECT_EQ(Ask(*database, "SELECT count(*) FROM FCT_SALES"), "10");
    EXPECT_EQ(token(*database), first);
  }
  ASSERT_TRUE(Sql(*OpenForTest(file_), "UPDATE FCT_SALES SET REGION = 'a' WHERE SALE_ID = 1"));
  EXPECT_NE(token(*OpenForTest(file_)), first);
}

TEST_F(DuckDbProcess, CopiesAWholeStateWhileOthersReadAndWrite) {
  CreateWith(SomeRows(3000, "0"));
  const auto database = OpenForTest(file_);
  const SystemClock clock;
  const auto warehouse = database->AsWarehouse({}, clock);
  const auto read = warehouse->BeginRead({});
  ASSERT_TRUE(read);
  std::jthread writer([&](const std::stop_token& stop) {
    for (int i = 1; !stop.stop_requested(); ++i) {
      EXPECT_TRUE(
          Import(*database, SomeRows(3000, std::to_string(i)), ImportMode::kReplace).has_value());
    }
  });
  const std::filesystem::path copy = folder_ / "copy.duckdb";
  for (int round = 0; round < 2; ++round) {
    const auto copied = database->CopyTo(copy);
    ASSERT_TRUE(copied) << Describe(copied.error());
    EXPECT_FALSE(std::filesystem::exists(copy.string() + ".wal"));
    const auto opened = OpenForTest(copy);
    EXPECT_EQ(Ask(*opened, "SELECT count(*) FROM FCT_SALES"), "3000");
    EXPECT_EQ(Ask(*opened, "SELECT count(DISTINCT CUSTOMER_NAME) FROM FCT_SALES"), "1");
  }
  writer.request_stop();
  writer.join();
  SaleCollector collector;
  ASSERT_TRUE((*read)->ReadDays(DaySelection::All(), collector));
  EXPECT_EQ(collector.rows.size(), 3000U);
  EXPECT_EQ(collector.rows.front().texts[3], "0");
  EXPECT_EQ(database->CopyTo(folder_ / "missing" / "copy").error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(OpenForTest()->CopyTo(copy).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace revops::warehouse
