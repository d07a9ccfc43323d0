#include "core/warehouse/duckdb/engine.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <utility>

#include "core/base/logging.h"
#include "core/base/random.h"
#include "core/base/sha256.h"
#include "core/warehouse/duckdb/dialect.h"
#include "core/warehouse/duckdb/errors.h"

namespace revops::warehouse {
namespace {

constexpr std::size_t kHeaderBytes = 3 * 4096;  // the main header and the two database headers
constexpr std::chrono::milliseconds kStopCheckedEvery(20);

struct Option {
  const char* name;
  std::string value;
};

/// A database of one file with `options`; null in `database` after a failure.
Result<void> OpenHandle(const std::string& file, const std::vector<Option>& options,
                        duckdb_database* database) {
  duckdb_config config = nullptr;
  REVOPS_CHECK(duckdb_create_config(&config) == DuckDBSuccess);
  for (const Option& option : options) {
    REVOPS_CHECK(duckdb_set_config(config, option.name, option.value.c_str()) == DuckDBSuccess);
  }
  char* message = nullptr;
  const char* path = file.empty() ? nullptr : file.c_str();
  const duckdb_state state = duckdb_open_ext(path, database, config, &message);
  duckdb_destroy_config(&config);
  if (state == DuckDBSuccess) return {};
  const std::string text = message == nullptr ? "" : message;
  duckdb_free(message);
  return Fail(DuckDbOpenError(text, file));
}

/// A new database appears under its name only when it is whole: DuckDB does not open the empty
/// file that a crash while creating one leaves.
Result<void> CreateFile(const std::string& file) {
  const std::string unfinished = file + ".new";
  std::error_code ignored;
  std::filesystem::remove(unfinished, ignored);
  duckdb_database database = nullptr;
  REVOPS_TRY(OpenHandle(unfinished, {{"threads", "1"}}, &database));
  duckdb_close(&database);
  std::error_code failure;
  std::filesystem::rename(unfinished, file, failure);
  if (!failure) return {};
  return Fail(ErrorCode::kUnavailable, "The warehouse file " + file + " could not be created: " +
                                           failure.message() + ". Check the folder's rights.");
}

std::string StatText(const struct stat& status) {
  return std::to_string(status.st_size) + ":" + std::to_string(status.st_mtim.tv_sec) + "." +
         std::to_string(status.st_mtim.tv_nsec) + ":" + std::to_string(status.st_ino);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Open(const DuckDbConfig& config) {
  std::unique_ptr<Engine> engine(new Engine(config));
  SystemRandom random;
  engine->epoch_ = NewId(random);
  REVOPS_TRY_ASSIGN(engine->instance_, engine->OpenInstance());
  REVOPS_TRY(engine->HoldFile());
  return engine;
}

Engine::~Engine() {
  instance_.reset();
  // Closing any descriptor of the file drops DuckDB's lock on it, so this comes last.
  if (file_ >= 0) ::close(file_);
}

Result<std::shared_ptr<Instance>> Engine::OpenInstance() {
  const std::string file = config_.file.string();
  std::error_code failure;
  if (!file.empty() && !std::filesystem::exists(config_.file, failure)) {
    REVOPS_TRY(CreateFile(file));
  }
  duckdb_database database = nullptr;
  REVOPS_TRY(OpenHandle(file,
                        {{"threads", std::to_string(config_.threads)},
                         {"memory_limit", std::to_string(config_.memory_bytes_max) + "B"},
                         {"enable_external_access", "false"},
                         {"autoinstall_known_extensions", "false"},
                         {"autoload_known_extensions", "false"},
                         {"allow_community_extensions", "false"},
                         {"allow_persistent_secrets", "false"}},
                        &database));
  auto instance = std::make_shared<Instance>(database);
  REVOPS_TRY_ASSIGN(const auto session, ConnectTo(instance, {}));
  REVOPS_TRY(session->Run("SET GLOBAL TimeZone = " + Literal(config_.time_zone)));
  REVOPS_TRY(session->Run("SET lock_configuration = true"));
  return instance;
}

Result<void> Engine::HoldFile() {
  if (config_.file.empty()) {
    opened_as_ = epoch_;
    return {};
  }
  file_ = ::open(config_.file.c_str(), O_RDWR | O_CLOEXEC);
  struct stat status{};
  std::string header(kHeaderBytes, '\0');
  if (file_ < 0 || ::fstat(file_, &status) != 0 ||
      ::pread(file_, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size())) {
    return Fail(ErrorCode::kUnavailable, "The warehouse file " + config_.file.string() +
                                             " cannot be read: " + std::strerror(errno) + ".");
  }
  struct stat log{};
  const bool has_log = ::stat((config_.file.string() + ".wal").c_str(), &log) == 0;
  opened_as_ =
      Sha256::Hex(header + StatText(status) + (has_log ? StatText(log) : "")).substr(0, 32);
  return {};
}

Result<std::unique_ptr<Session>> Engine::Connect(SessionLimits limits) {
  REVOPS_TRY_ASSIGN(auto instance, UsableInstance());
  return ConnectTo(std::move(instance), std::move(limits));
}

Result<std::unique_ptr<Session>> Engine::ConnectTo(std::shared_ptr<Instance> instance,
                                                   SessionLimits limits) {
  duckdb_connection connection = nullptr;
  if (duckdb_connect(instance->database, &connection) != DuckDBSuccess) {
    return Fail(ErrorCode::kUnavailable,
                "The embedded warehouse takes no more connections. Restart the program.",
                "duckdb:connection");
  }
  return std::make_unique<Session>(std::move(instance), connection, watchdog_, std::move(limits));
}

Result<std::shared_ptr<Instance>> Engine::UsableInstance() {
  const std::lock_guard lock(instance_mutex_);
  if (instance_ != nullptr && !instance_->is_broken) return instance_;
  if (instance_.use_count() > 1) {
    return Fail(ErrorCode::kUnavailable,
                "The embedded warehouse is being opened again after a failed write. Try again.");
  }
  instance_.reset();
  {
    const std::lock_guard token_lock(token_mutex_);
    ++writes_;
  }
  REVOPS_TRY_ASSIGN(instance_, OpenInstance());
  Log(LogLevel::kWarning, "warehouse_opened_again");
  return instance_;
}

Engine::WriteLock::~WriteLock() {
  {
    const std::lock_guard lock(engine_.token_mutex_);
    engine_.writing_ = false;
  }
  engine_.writer_.unlock();
}

Result<std::unique_lock<std::timed_mutex>> Engine::LockStill(const SessionLimits& limits) {
  std::unique_lock lock(writer_, std::defer_lock);
  while (!lock.try_lock_for(kStopCheckedEvery)) {
    if (limits.stop.stop_requested()) {
      return Fail(ErrorCode::kCancelled, "The warehouse was asked to stop.");
    }
    if (std::chrono::steady_clock::now() >= limits.deadline) {
      return Fail(ErrorCode::kTimeout,
                  "Another write to the warehouse is still under way. Try again later.");
    }
  }
  return lock;
}

Result<std::unique_ptr<Engine::WriteLock>> Engine::LockForWriting(const SessionLimits& limits) {
  REVOPS_TRY_ASSIGN(auto lock, LockStill(limits));
  lock.release();
  const std::lock_guard token_lock(token_mutex_);
  writing_ = true;
  ++writes_;
  return std::unique_ptr<WriteLock>(new WriteLock(*this));
}

std::optional<std::string> Engine::content_token() {
  const std::lock_guard lock(token_mutex_);
  if (writing_) return std::nullopt;
  return writes_ == 0 ? opened_as_ : epoch_ + ":" + std::to_string(writes_);
}

void Engine::RenewFileLock() const {
  if (file_ < 0) return;
  struct flock whole{};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(file_, F_SETLK, &whole) != 0) Log(LogLevel::kError, "warehouse_file_lock_lost");
}

}  // namespace revops::warehouse
