#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/net/http_client.h"

namespace revops::net {

/// Where a simulator is: "python -m module" in the folder.
struct SimulatorPlace {
  std::string python;
  std::string folder;
  std::string module;
};

/// A simulator of somebody else's service, written in Python, in a process of its own, which ends
/// with this object.
class Simulator {
 public:
  /// Aborts when it does not start.
  explicit Simulator(const SimulatorPlace& place);
  ~Simulator();
  Simulator(const Simulator&) = delete;
  Simulator& operator=(const Simulator&) = delete;

  std::uint16_t port() const { return port_; }
  /// Empty when it does not speak TLS.
  const std::string& ca_file() const { return ca_file_; }

  /// POST to the control plane; aborts when it refuses. Returns the answer's JSON.
  std::string Control(const std::string& name, const std::string& json);
  std::string ControlGet(const std::string& name);

 private:
  std::string Ask(const std::string& method, const std::string& name, const std::string& json);

  pid_t child_ = 0;
  int stdin_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t control_port_ = 0;
  std::string ca_file_;
  SystemClock clock_;
  std::unique_ptr<HttpClient> http_;
};

}  // namespace revops::net
