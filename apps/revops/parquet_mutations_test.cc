/// Damaged Parquet as the import worker reads it, hundreds of workers a second where the program
/// starts a few. The engine is not ours, and may die of a file, which costs no more than that
/// worker; what is promised beside that is held here. REVOPS_MUTATIONS says how many files,
/// REVOPS_SEED which.

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "apps/revops/foreign_input.h"
#include "apps/revops/inspect_table.h"
#include "apps/revops/jail.h"
#include "apps/revops/table_rows.h"
#include "apps/revops/worker_process.h"

namespace revops::app {
namespace {

constexpr std::uint64_t kMutations = 100;
constexpr unsigned kSecondsMax = 20;  // for one file

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

std::vector<std::string> Seeds() {
  const std::filesystem::directory_iterator folder("fuzz/corpus/parquet");
  std::vector<std::filesystem::path> paths(begin(folder), end(folder));
  std::sort(paths.begin(), paths.end());  // So that a seed means the same files everywhere.
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

std::string Mutated(const std::vector<std::string>& seeds, std::uint64_t number) {
  std::mt19937_64 chance(number);
  const auto below = [&chance](std::size_t end) -> std::size_t { return chance() % end; };
  std::string bytes = seeds[below(seeds.size())];
  constexpr std::size_t kTimes[] = {1, 1, 2, 8, 40};
  for (std::size_t left = kTimes[below(5)]; left > 0 && bytes.size() > 8; --left) {
    // Half of them in the footer, which says where everything is.
    const std::size_t tail = std::min<std::size_t>(bytes.size(), 800);
    const std::size_t at = below(2) == 0 ? below(bytes.size()) : bytes.size() - 1 - below(tail);
    switch (below(6)) {
      case 0:
        bytes[at] = static_cast<char>(chance());
        break;
      case 1:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 2:
        bytes.erase(at, 1 + below(16));
        break;
      case 3:
        bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(16)));
        break;
      case 4:
        bytes.insert(at, std::string(1 + below(9), '\xFF'));
        break;
      default:
        bytes.replace(at, std::min<std::size_t>(4, bytes.size() - at), 4, '\x7F');
    }
  }
  return bytes;
}

/// What became of a file; a worker of this test exits with it.
enum class Outcome { kRead, kRefused, kBrokenPromise };

/// Refused, with a sentence.
Outcome Told(const Error& error) {
  const bool is_code =
      error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kResourceExhausted;
  const bool is_sentence = !error.message.empty() && error.message.size() < 1000;
  return is_code && is_sentence ? Outcome::kRefused : Outcome::kBrokenPromise;
}

/// Does with the file behind `fd` what a worker does.
Outcome ReadAll(int fd, const std::function<Result<void>()>& before_reading) {
  const auto source = foreign::DescriptorSource::Open(fd);
  const auto file = OpenInput(fd, *source, InputFormat::kParquet, before_reading);
  if (!file) return Told(file.error());
  const auto inspection = InspectTable(**file, std::nullopt, nullptr);
  if (!inspection) return Told(inspection.error());
  const auto read = mapping::ParseInspection(ToJson(*inspection));
  if (!read || ToJson(*read) != ToJson(*inspection)) return Outcome::kBrokenPromise;
  auto rows = TableRows::Make((*file)->description(), inspection->mapping, nullptr);
  if (!rows) return Told(rows.error());
  std::uint64_t taken = 0;
  sales::Sale sale;
  const auto done = (*file)->Read([&](const foreign::FileRow& row) -> Result<void> {
    if (!rows->is_left_out(row) && !rows->Read(row, sale)) ++taken;
    return {};
  });
  if (!done) return Told(done.error());
  return taken == inspection->taken ? Outcome::kRead : Outcome::kBrokenPromise;
}

bool Overwrite(const Descriptor& file, const std::string& bytes) {
  return pwrite(file.get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()) &&
         ftruncate(file.get(), static_cast<off_t>(bytes.size())) == 0;
}

/// How many files were read, and of how many the worker died.
struct Counts {
  std::uint64_t read = 0;
  std::uint64_t deaths = 0;
};

/// Waits for the worker of file `number`.
void Count(pid_t worker, std::uint64_t number, Counts& counts) {
  int status = 0;
  ASSERT_EQ(waitpid(worker, &status, 0), worker);
  if (WIFEXITED(status)) {
    const int outcome = WEXITSTATUS(status);
    if (outcome == static_cast<int>(Outcome::kRead)) {
      ++counts.read;
    } else {
      EXPECT_EQ(outcome, static_cast<int>(Outcome::kRefused)) << "file " << number;
    }
    return;
  }
  EXPECT_NE(WTERMSIG(status), SIGALRM) << "file " << number << " takes without end";
  std::cout << "the engine died of signal " << WTERMSIG(status) << " at file " << number
            << std::endl;
  ++counts.deaths;
}

/// Each worker is forked where the program's enters its jail: the engine has started, which takes
/// most of a worker's time and is the same for every file, and has read nothing.
Counts RunWorkers(std::uint64_t first, std::uint64_t count) {
  const std::vector<std::string> seeds = Seeds();
  const Descriptor file = MakeTemporaryFile().value();
  Counts counts;
  bool is_worker = false;
  const Outcome outcome = ReadAll(file.get(), [&]() -> Result<void> {
    for (std::uint64_t number = 0; number < count; ++number) {
      EXPECT_TRUE(Overwrite(file, Mutated(seeds, first + number)));
      const pid_t worker = fork();
      if (worker == 0) {
        is_worker = true;
        alarm(kSecondsMax);
        return EnterJail(file.get());
      }
      Count(worker, number, counts);
    }
    return Fail(ErrorCode::kInvalidArgument, "all workers have ended");
  });
  if (is_worker) _exit(static_cast<int>(outcome));
  return counts;
}

TEST(MutatedParquet, IsReadOrRefused) {
  ASSERT_GE(Seeds().size(), 5U);
  const std::uint64_t first = FromEnvironment("REVOPS_SEED", std::random_device()()) << 24U;
  std::cout << "REVOPS_SEED=" << (first >> 24U) << std::endl;
  const std::uint64_t count = FromEnvironment("REVOPS_MUTATIONS", kMutations);
  const Counts counts = RunWorkers(first, count);
  std::cout << counts.read << " of " << count << " files were read\n";
  EXPECT_GT(counts.read, count / 20) << "too few for this to say anything of reading";
  EXPECT_LE(counts.deaths, 1 + count / 1000) << "more than a damaged file now and then";
}

}  // namespace
}  // namespace revops::app
