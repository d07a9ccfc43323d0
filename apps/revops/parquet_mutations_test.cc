/// Damaged Parquet as the import worker reads it: many files a process, where the tests through the
/// program need a process for each. The engine is not ours, and may die of a file, which costs no
/// more than that worker; what is promised beside that is held here. REVOPS_MUTATIONS says how many
/// files, REVOPS_SEED which.

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <new>
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
constexpr std::uint64_t kMutationsPerProcess = 2000;
constexpr unsigned kSecondsMax = 20;  // for one file
constexpr int kBrokenPromise = 9;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  for (const auto& item : std::filesystem::directory_iterator("fuzz/corpus/parquet")) {
    std::ifstream in(item.path(), std::ios::binary);
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

bool is_told(const Error& error) {
  const bool is_code =
      error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kResourceExhausted;
  return is_code && !error.message.empty() && error.message.size() < 1000;
}

/// Whether the worker's promises held: a sentence, or a table whose rows are read.
bool is_kept(int fd) {
  const auto source = foreign::DescriptorSource::Open(fd);
  const auto file = OpenInput(fd, *source, InputFormat::kParquet, [] { return Result<void>(); });
  if (!file) return is_told(file.error());
  const auto inspection = InspectTable(**file, std::nullopt, nullptr);
  if (!inspection) return is_told(inspection.error());
  const auto read = mapping::ParseInspection(ToJson(*inspection));
  if (!read || ToJson(*read) != ToJson(*inspection)) return false;
  auto rows = TableRows::Make((*file)->description(), inspection->mapping, nullptr);
  if (!rows) return is_told(rows.error());
  std::uint64_t taken = 0;
  sales::Sale sale;
  const auto done = (*file)->Read([&](const foreign::FileRow& row) -> Result<void> {
    if (!rows->is_left_out(row) && !rows->Read(row, sale)) ++taken;
    return {};
  });
  return done ? taken == inspection->taken : is_told(done.error());
}

/// As the jail does; which cannot be entered here, for it lets no second database begin.
void LimitMemory() {
  if (!kLimitsAddressSpace) return;
  const rlimit limit{JailLimits().address_space_bytes, JailLimits().address_space_bytes};
  setrlimit(RLIMIT_AS, &limit);
}

/// Reads files number `at` to `end` in a process of its own, which leaves in `at` where it ended.
/// Returns what it exited with, or the signal that it died of, negative.
int RunApart(const std::vector<std::string>& seeds, std::atomic<std::uint64_t>& at,
             std::uint64_t end) {
  const pid_t child = fork();
  if (child == 0) {
    const Descriptor file = MakeTemporaryFile().value();
    LimitMemory();
    for (; at < end; ++at) {
      const std::string bytes = Mutated(seeds, at);
      alarm(kSecondsMax);
      if (ftruncate(file.get(), 0) != 0 ||
          pwrite(file.get(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()) ||
          !is_kept(file.get())) {
        _exit(kBrokenPromise);
      }
    }
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(MutatedParquet, IsReadOrRefused) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_GE(seeds.size(), 5U);
  const std::uint64_t first = FromEnvironment("REVOPS_SEED", std::random_device()()) << 24U;
  std::cout << "REVOPS_SEED=" << (first >> 24U) << '\n';
  const std::uint64_t end = first + FromEnvironment("REVOPS_MUTATIONS", kMutations);
  void* shared =
      mmap(nullptr, sizeof first, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(shared, MAP_FAILED);
  auto& at = *new (shared) std::atomic<std::uint64_t>(first);
  std::uint64_t deaths = 0;
  while (at < end) {
    const int ended = RunApart(seeds, at, std::min<std::uint64_t>(end, at + kMutationsPerProcess));
    if (ended == 0) continue;
    ASSERT_NE(ended, kBrokenPromise) << "file " << at - first;
    ASSERT_NE(ended, -SIGALRM) << "file " << at - first << " takes without end";
    ++deaths;
    std::cout << "the engine died of signal " << -ended << " at file " << at - first << '\n';
    ++at;
  }
  munmap(shared, sizeof first);
  EXPECT_LE(deaths, 1 + (end - first) / 1000) << "more than a damaged file now and then";
}

}  // namespace
}  // namespace revops::app
