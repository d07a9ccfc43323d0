#include "apps/revops/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <spawn.h>

extern char** environ;

namespace revops::app {
namespace {

constexpr std::chrono::minutes kWorkerMax{15};
constexpr std::size_t kMessageBytesMax = 4096;

/// Our own descriptors are close-on-exec, so what is given is all that the worker gets.
class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  /// By way of a copy above all of `as`, which else could be overwritten before it is given.
  void Give(const Descriptor& fd, int as) {
    constexpr int kAboveAll = 16;
    copies_.emplace_back(fcntl(fd.get(), F_DUPFD_CLOEXEC, kAboveAll));
    posix_spawn_file_actions_adddup2(&actions_, copies_.back().get(), as);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
  std::vector<Descriptor> copies_;
};

/// Waits for the end; past the limit, or when stopped, the worker is killed.
int WaitFor(pid_t child, const std::stop_token& stop) {
  const Descriptor handle(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  const Descriptor stopped(eventfd(0, EFD_CLOEXEC));
  const std::stop_callback wake(stop, [&stopped] { eventfd_write(stopped.get(), 1); });
  pollfd watched[] = {{handle.get(), POLLIN, 0}, {stopped.get(), POLLIN, 0}};
  const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(kWorkerMax);
  const int ready = handle && stopped ? poll(watched, 2, static_cast<int>(limit.count())) : -1;
  if (ready == 0 || stop.stop_requested()) kill(child, SIGKILL);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

/// What the worker said on its standard error: the last line, without the program's name.
std::string LastWords(const Descriptor& file) {
  std::string text(kMessageBytesMax, '\0');
  const ssize_t got = pread(file.get(), text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  text.resize(std::min(text.find('\0'), text.size()));
  while (text.ends_with('\n')) text.pop_back();
  const auto line = text.rfind('\n');
  if (line != std::string::npos) text.erase(0, line + 1);
  constexpr std::string_view kPrefix = "revops: ";
  return text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
}

Result<void> Judge(int status, const Descriptor& messages) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) {
    const bool is_blameless = WEXITSTATUS(status) == kWorkerUnavailable;
    return Fail(is_blameless ? ErrorCode::kUnavailable : ErrorCode::kInvalidArgument,
                LastWords(messages));
  }
  const int signal = WTERMSIG(status);
  const bool is_limit = signal == SIGKILL || signal == SIGXCPU || signal == SIGXFSZ;
  return Fail(ErrorCode::kInvalidArgument,
              is_limit ? "the file needs more time or memory than parsing may take; nothing was "
                         "taken. Split it"
                       : std::string("the file is damaged: it crashed the parser (") +
                             strsignal(signal) + "); nothing was taken");
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Result<Descriptor> MakeTemporaryFile() {
  const char* chosen = std::getenv("TMPDIR");
  std::string name = std::string(chosen && *chosen ? chosen : "/tmp") + "/revops-XXXXXX";
  Descriptor file(mkostemp(name.data(), O_CLOEXEC));
  if (!file) {
    return Fail(ErrorCode::kResourceExhausted,
                "cannot create a temporary file " + name + ": " + std::strerror(errno));
  }
  unlink(name.c_str());
  return file;
}

Result<MappedFile> MappedFile::Map(const Descriptor& file) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return Fail(ErrorCode::kInternal, "cannot size a file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size == 0) return MappedFile(nullptr, 0);
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (data == MAP_FAILED) return Fail(ErrorCode::kResourceExhausted, "cannot map a file");
  return MappedFile(data, size);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) munmap(data_, size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Result<void> RunWorker(const std::vector<std::string>& arguments, const WorkerFiles& files,
                       const std::stop_token& stop) {
  REVOPS_TRY_ASSIGN(const Descriptor messages, MakeTemporaryFile());
  // Room for them is taken beforehand: a worker that runs out of it must be able to say so.
  if (posix_fallocate(messages.get(), 0, kMessageBytesMax) != 0) {
    return Fail(ErrorCode::kResourceExhausted,
                "there is no room for temporary files: make room on the disk that has TMPDIR");
  }
  FileActions actions;
  actions.Give(files.input, 0);
  actions.Give(files.output, 1);
  actions.Give(messages, 2);
  actions.Give(files.refusals, 3);
  actions.Give(files.mapping, 4);
  actions.Give(files.rates, 5);
  std::vector<std::string> words = {"revops"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const char* launcher = std::getenv("REVOPS_LAUNCHER");
  const bool is_launched = launcher != nullptr && *launcher == '/';
  pid_t child = 0;
  if (posix_spawn(&child, is_launched ? launcher : "/proc/self/exe", actions.get(), nullptr,
                  pointers.data(), environ) != 0) {
    return Fail(ErrorCode::kResourceExhausted, "cannot start the import worker");
  }
  const int status = WaitFor(child, stop);
  if (stop.stop_requested()) return Fail(ErrorCode::kCancelled, "the import was stopped");
  return Judge(status, messages);
}

}  // namespace revops::app
