#include "apps/revops/jail.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <future>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>

#include "apps/revops/worker_process.h"

namespace revops::app {
namespace {

constexpr int kNotJailed = 200;

/// Whether a call failed because it is not allowed.
bool is_denied(long result) { return result < 0 && (errno == EPERM || errno == EACCES); }

bool is_denied_to_open(const char* path, int flags) {
  return is_denied(open(path, flags | O_CLOEXEC, 0600));
}

/// A process in the jail, with a file as its input.
class Jail : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(input_);
    ASSERT_EQ(write(input_.get(), "rows", 4), 4);
    input_path_ = "/proc/self/fd/" + std::to_string(input_.get());
  }

  /// What `attempt` returned inside, or the signal that ended it, negative.
  template <class Attempt>
  int Run(Attempt attempt, const JailLimits& limits = {}) {
    const pid_t child = fork();
    if (child == 0) {
      if (!EnterJail(input_.get(), limits)) _exit(kNotJailed);
      _exit(static_cast<int>(attempt()));
    }
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  template <class Attempt>
  bool Holds(Attempt attempt) {
    return Run(attempt) == 1;
  }

  const char* input_path() const { return input_path_.c_str(); }
  int input() const { return input_.get(); }

 private:
  static Descriptor MakeInput() {
    auto file = MakeTemporaryFile();
    EXPECT_TRUE(file);
    return file ? *std::move(file) : Descriptor(-1);
  }

  Descriptor input_ = MakeInput();
  std::string input_path_;
};

TEST_F(Jail, ReadsItsInputByNameAndByDescriptor) {
  EXPECT_TRUE(Holds([this] {
    char bytes[4];
    const int opened = open(input_path(), O_RDONLY | O_CLOEXEC);
    return pread(opened, bytes, 4, 0) == 4 && pread(input(), bytes, 4, 0) == 4;
  }));
}

TEST_F(Jail, OpensNoOtherFile) {
  if (!can_close_files()) GTEST_SKIP() << "this kernel has no Landlock";
  for (const char* path : {"/etc/passwd", "/proc/self/maps", "/dev/null", "/", "/proc/self/fd"}) {
    EXPECT_TRUE(Holds([path] { return is_denied_to_open(path, O_RDONLY); })) << path;
  }
  EXPECT_TRUE(Holds([] { return is_denied_to_open("/", O_DIRECTORY); }));
}

TEST_F(Jail, ChangesNoFile) {
  const std::string path = testing::TempDir() + "/revops-jail-test";
  const char* name = path.c_str();
  EXPECT_TRUE(Holds([this] { return is_denied_to_open(input_path(), O_WRONLY); }));
  EXPECT_TRUE(Holds([this] { return is_denied_to_open(input_path(), O_RDWR); }));
  EXPECT_TRUE(Holds([name] { return is_denied_to_open(name, O_WRONLY | O_CREAT); }));
  EXPECT_TRUE(Holds([name] { return is_denied_to_open(name, O_RDONLY | O_CREAT); }));
  EXPECT_NE(access(name, F_OK), 0);
  EXPECT_TRUE(Holds([this] { return is_denied_to_open(input_path(), O_RDONLY | O_TRUNC); }));
  EXPECT_TRUE(Holds([name] { return is_denied(mkdir(name, 0700)); }));
  EXPECT_TRUE(Holds([] { return is_denied(unlink("/etc/passwd")); }));
  EXPECT_TRUE(Holds([] { return is_denied(truncate("/etc/passwd", 0)); }));
  EXPECT_TRUE(Holds([this] { return is_denied(fchmod(input(), 0777)); }));
  EXPECT_TRUE(Holds([] { return is_denied(memfd_create("x", 0)); }));
}

TEST_F(Jail, ReachesNoNetwork) {
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}) {
    EXPECT_TRUE(Holds([family] { return is_denied(socket(family, SOCK_STREAM, 0)); })) << family;
  }
  EXPECT_TRUE(Holds([] {
    int fds[2];
    return is_denied(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
  }));
  EXPECT_TRUE(Holds([this] {
    const sockaddr_in address{
        .sin_family = AF_INET, .sin_port = 80, .sin_addr = {}, .sin_zero = {}};
    return is_denied(connect(input(), reinterpret_cast<const sockaddr*>(&address), sizeof address));
  }));
}

TEST_F(Jail, StartsNoProgramAndNoProcess) {
  EXPECT_TRUE(Holds([] {
    char name[] = "/bin/true";
    char* const words[] = {name, nullptr};
    return is_denied(execve(name, words, environ));
  }));
  EXPECT_TRUE(Holds([] { return is_denied(syscall(SYS_fork)); }));
  EXPECT_TRUE(Holds([] { return is_denied(fork()); }));
}

TEST_F(Jail, TouchesNoOtherProcess) {
  EXPECT_TRUE(Holds([] { return is_denied(ptrace(PTRACE_ATTACH, getppid(), nullptr, nullptr)); }));
  EXPECT_TRUE(Holds([] { return is_denied(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)); }));
  EXPECT_TRUE(Holds([] { return is_denied(kill(getppid(), 0)); }));
  EXPECT_TRUE(Holds([] { return is_denied(syscall(SYS_tgkill, getppid(), getppid(), 0)); }));
  EXPECT_TRUE(Holds([] { return is_denied(syscall(SYS_pidfd_open, getppid(), 0)); }));
  EXPECT_TRUE(Holds([] {
    char byte = 0;
    iovec here{&byte, 1};
    iovec there{&byte, 1};
    return is_denied(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
  }));
}

TEST_F(Jail, CannotRaiseItsLimits) {
  EXPECT_TRUE(Holds([] {
    const rlimit more{RLIM_INFINITY, RLIM_INFINITY};
    return is_denied(setrlimit(RLIMIT_CPU, &more)) &&
           is_denied(syscall(SYS_setrlimit, RLIMIT_CPU, &more));
  }));
}

TEST_F(Jail, StillMakesThreadsAndAborts) {
  EXPECT_TRUE(Holds([] {
    bool ran = false;
    std::thread([&ran] { ran = true; }).join();
    return ran;
  }));
  EXPECT_EQ(Run([]() -> bool { std::abort(); }), -SIGABRT);
}

TEST_F(Jail, TakesNoProcessWithASecondThread) {
  if (kHasThreadSanitizer) GTEST_SKIP() << "the sanitizer has a thread of its own";
  std::promise<void> end;
  std::thread second([&end] { end.get_future().wait(); });
  const auto entered = EnterJail(input());
  end.set_value();
  second.join();
  ASSERT_FALSE(entered);
  EXPECT_EQ(entered.error().code, ErrorCode::kUnavailable);
}

TEST_F(Jail, EndsAProcessThatComputesTooLong) {
  const int ended = Run(
      [] {
        while (getppid() != 0) {
        }
        return false;
      },
      {.processor_seconds = 1});
  EXPECT_TRUE(ended == -SIGKILL || ended == -SIGXCPU) << ended;
}

TEST_F(Jail, EndsAProcessThatWritesTooMuch) {
  const auto write_twice = [this] {
    const std::string bytes(4096, 'x');
    return pwrite(input(), bytes.data(), bytes.size(), 0) == 4096 &&
           pwrite(input(), bytes.data(), bytes.size(), 4096) == 4096;
  };
  EXPECT_EQ(Run(write_twice, {.file_bytes = 8192}), 1);
  EXPECT_EQ(Run(write_twice, {.file_bytes = 4096}), -SIGXFSZ);
}

TEST_F(Jail, HasOnlySoMuchMemory) {
  if (!kLimitsAddressSpace) GTEST_SKIP() << "sanitizers need all addresses";
  const auto map = [](std::size_t bytes) {
    return mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
           MAP_FAILED;
  };
  const JailLimits limits{.address_space_bytes = std::uint64_t{1} << 30U};
  EXPECT_EQ(Run([&] { return map(std::size_t{1} << 26U); }, limits), 1);
  EXPECT_EQ(Run([&] { return map(std::size_t{1} << 30U); }, limits), 0);
}

}  // namespace
}  // namespace revops::app
