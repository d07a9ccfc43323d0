#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include <gtest/gtest.h>

#include "core/store/local/local_store.h"
#include "core/store/local/temp_folder.h"

namespace revops::store {
namespace {

constexpr int kKeys = 3;

/// What the child tells after each Put that succeeded.
struct Acknowledgement {
  int key = 0;
  int sequence = 0;
};

class LocalStoreProcess : public testing::Test {
 protected:
  std::unique_ptr<LocalObjectStore> Open() {
    return LocalObjectStore::Open({folder_.path()}, disk_, clock_).value();
  }

  TempFolder folder_;
  PosixDisk disk_;
  SystemClock clock_;
};

/// "<sequence> xxx…": its length depends on the sequence, so that a half object shows.
std::string Content(int sequence) {
  const auto size = static_cast<std::size_t>((sequence * 7919) % 50'000);
  return std::to_string(sequence) + " " + std::string(size, 'x');
}

std::string KeyOf(int key) { return "keys/" + std::to_string(key) + "/object"; }

/// The sequence of a whole object, −1 of a damaged one.
int SequenceOf(const std::string& bytes) {
  const int sequence = std::atoi(bytes.c_str());
  return bytes == Content(sequence) ? sequence : -1;
}

[[noreturn]] void PutForEver(ObjectStore& store, int first, int pipe) {
  for (int sequence = first;; ++sequence) {
    const Acknowledgement done{sequence % kKeys, sequence};
    const auto put = store.Put(KeyOf(done.key), Content(sequence), PutCondition::None());
    if (!put || ::write(pipe, &done, sizeof done) != sizeof done) ::_exit(1);
  }
}

TEST_F(LocalStoreProcess, KeepsAcknowledgedPutsOfAProcessThatIsKilled) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  int sequence = 0;
  std::map<int, int> newest;
  for (int round = 0; round < 25; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const auto store = Open();
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) PutForEver(*store, sequence + 1, pipe[1]);
    ::close(pipe[1]);
    const auto kill_after = std::uniform_int_distribution<>(1, 20)(random);
    Acknowledgement done;
    for (int i = 0; ::read(pipe[0], &done, sizeof done) == sizeof done; ++i) {
      newest[done.key] = sequence = done.sequence;
      if (i + 1 == kill_after) ::kill(child, SIGKILL);
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    const auto reopened = Open();
    for (const auto& [key, acknowledged] : newest) {
      const auto object = reopened->Get(KeyOf(key));
      ASSERT_TRUE(object) << Describe(object.error());
      const int seen = SequenceOf(object->bytes);
      EXPECT_TRUE(seen == acknowledged || seen == sequence + 1) << seen;
      newest[key] = seen;
      sequence = std::max(sequence, seen);
    }
  }
}

[[noreturn]] void Increment(ObjectStore& store, int times, int pipe) {
  for (int done = 0; done < times;) {
    const auto seen = store.Get("counter");
    if (!seen) ::_exit(1);
    const auto next = std::to_string(std::stoi(seen->bytes) + 1);
    const auto put = store.Put("counter", next, PutCondition::IfMatch(seen->version));
    if (!put && put.error().code != ErrorCode::kAlreadyExists) ::_exit(2);
    if (!put) continue;
    ++done;
    if (::write(pipe, "+", 1) != 1) ::_exit(3);
  }
  ::_exit(0);
}

TEST_F(LocalStoreProcess, LosesNoIncrementOfManyProcesses) {
  constexpr int kProcesses = 4;
  constexpr int kIncrements = 50;
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const auto store = Open();
  ASSERT_TRUE(store->Put("counter", "0", PutCondition::IfAbsent()));
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) Increment(*store, kIncrements, pipe[1]);
  }
  ::close(pipe[1]);
  int acknowledged = 0;
  for (char byte = 0; ::read(pipe[0], &byte, 1) == 1;) ++acknowledged;
  ::close(pipe[0]);
  for (int i = 0; i < kProcesses; ++i) {
    int status = 0;
    ASSERT_GT(::wait(&status), 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  EXPECT_EQ(acknowledged, kProcesses * kIncrements);
  EXPECT_EQ(store->Get("counter").value().bytes, std::to_string(acknowledged));
}

}  // namespace
}  // namespace revops::store
