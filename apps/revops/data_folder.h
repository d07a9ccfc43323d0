#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace revops::app {

/// The folder that holds everything a deployment keeps.
///
///   revops.toml         configuration, optional
///   format              the version of this layout
///   lock                held by the one process that has the warehouse open
///   revops.sock         where that process takes commands, while it serves
///   warehouse.duckdb    the embedded warehouse
///   store/              snapshots, unless they rest on S3
///   imports/            files that were handed over, and what became of each
///   mappings/           what is remembered of foreign files, one file each
///   receipt/            what the warehouse was asked for, where that costs money
struct DataFolder {
  std::filesystem::path path;

  std::filesystem::path config_file() const { return path / "revops.toml"; }
  std::filesystem::path format_file() const { return path / "format"; }
  std::filesystem::path lock_file() const { return path / "lock"; }
  std::filesystem::path warehouse_file() const { return path / "warehouse.duckdb"; }
  std::filesystem::path store_folder() const { return path / "store"; }
  std::filesystem::path imports_folder() const { return path / "imports"; }
  std::filesystem::path mappings_folder() const { return path / "mappings"; }
  std::filesystem::path receipt_folder() const { return path / "receipt"; }

  static constexpr const char* kSocketName = "revops.sock";

  /// Whether there is a data folder, of whichever version.
  bool exists() const { return std::filesystem::exists(format_file()); }
  /// Creates what is missing. Errors: kUnsupported when a newer version wrote the folder: it is
  /// left alone.
  Result<void> Prepare() const;
  /// Says in revops.toml what kind of data this is ("demo", "sample"), for the page's banner; a
  /// configuration that is there already is left alone.
  Result<void> WriteLabel(std::string_view label) const;
};

/// The right to open the folder's warehouse; given up when destroyed or when the process dies.
class FolderLock {
 public:
  /// Errors: kAlreadyExists when another process holds it.
  static Result<std::unique_ptr<FolderLock>> Take(const DataFolder& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}

  int fd_;
};

/// The process that holds the lock, for messages: "pid 1234"; empty when unknown.
std::string LockHolder(const DataFolder& folder);

}  // namespace revops::app
