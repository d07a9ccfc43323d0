#pragma once

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "apps/revops/data_folder.h"
#include "core/base/result.h"

namespace revops::app {

/// A command of the command line that needs the warehouse, as it crosses to the process that has
/// the warehouse open.
struct CommandRequest {
  std::string name;
  std::map<std::string, std::string> arguments;
};

/// How a running command talks to whoever asked.
struct CommandIo {
  /// Text for standard output; fails when the asker is gone.
  std::function<Result<void>(std::string_view)> write;
  /// The next piece of what the asker sends along; empty at its end.
  std::function<Result<std::string>()> read;
  /// Triggered when the asker is gone or the process stops.
  std::stop_token stop;
};

using CommandRunner = std::function<Result<void>(const CommandRequest&, CommandIo&)>;

/// Takes commands on the folder's unix socket: mode 0600, peers of the same user alone.
///
/// Frames: u32 length of the payload (little endian), u8 type, payload of at most 1 MiB.
///   asker → server: 'R' request {"command","arguments"}, 'I' input, 'E' end of input
///   server → asker: 'O' output, 'D' done {"ok":true} or {"ok":false,"code","message","origin"}
class ControlServer {
 public:
  /// Replaces a stale socket; the caller holds the folder's lock.
  static Result<std::unique_ptr<ControlServer>> Start(const DataFolder& folder,
                                                      CommandRunner runner);
  ~ControlServer();

  /// Takes nothing new, asks running commands to stop and waits for them.
  void Stop();

 private:
  struct Impl;
  explicit ControlServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A connection to the process that serves the folder.
class ControlClient {
 public:
  /// nullptr when nobody serves the folder.
  static Result<std::unique_ptr<ControlClient>> Connect(const DataFolder& folder);
  ~ControlClient();
  ControlClient(const ControlClient&) = delete;
  ControlClient& operator=(const ControlClient&) = delete;

  /// Runs one command there. `io.read` is sent along until it is empty if `sends_input`.
  /// Errors: the command's own; kUnavailable when the connection breaks.
  Result<void> Run(const CommandRequest& request, CommandIo& io, bool sends_input);

 private:
  explicit ControlClient(int fd) : fd_(fd) {}

  int fd_;
};

}  // namespace revops::app
