#include "core/net/simulator_testing.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

#include <boost/json.hpp>
#include <spawn.h>

#include "core/base/check.h"

namespace revops::net {
namespace {

/// With pipes at its standard input and output.
pid_t Start(const SimulatorPlace& place, int& to_child, int& from_child) {
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  REVOPS_CHECK(pipe2(in.data(), O_CLOEXEC) == 0 && pipe2(out.data(), O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_addchdir_np(&actions, place.folder.c_str());
  std::string python = place.python;
  std::string option = "-m";
  std::string module = place.module;
  std::array<char*, 4> words = {python.data(), option.data(), module.data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawn(&child, python.c_str(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  REVOPS_CHECK(failed == 0);
  close(in[0]);
  close(out[1]);
  to_child = in[1];
  from_child = out[0];
  return child;
}

std::string ReadLine(int fd) {
  std::string line;
  char c = 0;
  while (read(fd, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace

Simulator::Simulator(const SimulatorPlace& place) {
  int from_child = -1;
  child_ = Start(place, stdin_, from_child);
  const std::string line = ReadLine(from_child);
  close(from_child);
  boost::system::error_code error;
  const boost::json::value ready = boost::json::parse(line, error);
  REVOPS_CHECK(!error && ready.is_object());
  port_ = static_cast<std::uint16_t>(ready.at("port").as_int64());
  control_port_ = static_cast<std::uint16_t>(ready.at("control_port").as_int64());
  if (const auto* file = ready.as_object().if_contains("ca_file")) {
    ca_file_ = std::string(file->as_string());
  }
  auto http = HttpClient::Make({}, clock_);
  REVOPS_CHECK(http.has_value());
  http_ = *std::move(http);
}

Simulator::~Simulator() {
  close(stdin_);
  int status = 0;
  waitpid(child_, &status, 0);
}

std::string Simulator::Ask(const std::string& method, const std::string& name,
                           const std::string& json) {
  ClientRequest request;
  request.method = method;
  request.origin = {false, "127.0.0.1", control_port_};
  request.target = "/" + name;
  request.headers = {{"Content-Type", "application/json"}};
  request.body = json;
  request.deadline = clock_.SteadyNow() + std::chrono::seconds(60);
  auto response = http_->Send(request);
  const bool done = response.has_value() && response->status == 200;
  if (!done) {
    std::fprintf(stderr, "%s %s: %s\n", name.c_str(), json.substr(0, 500).c_str(),
                 response ? response->body.c_str() : Describe(response.error()).c_str());
  }
  REVOPS_CHECK(done);
  return response->body;
}

std::string Simulator::Control(const std::string& name, const std::string& json) {
  return Ask("POST", name, json);
}

std::string Simulator::ControlGet(const std::string& name) { return Ask("GET", name, {}); }

}  // namespace revops::net
