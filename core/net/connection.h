#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <unordered_set>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "core/net/date_line.h"
#include "core/net/request_ids.h"
#include "core/net/request_reader.h"
#include "core/net/response_writer.h"
#include "core/net/server_state.h"
#include "core/net/stream_queue.h"
#include "core/net/timer_wheel.h"
#include "core/net/transfer_deadline.h"

namespace revops::net {

using Executor = boost::asio::io_context::executor_type;
using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

class Connection;

/// What the connections of one event loop share; touched by its thread alone.
struct LoopState {
  const ServerState& server;
  TimerWheel wheel;
  RequestIds ids;
  DateLine date;
  LoopCounters counters;
  std::unordered_set<Connection*> open;
  bool draining = false;
  bool ticking = false;
  std::function<void()> start_ticking;
  std::array<char, 4096> discarded;  ///< where bytes go that nobody wants
};

/// One client: reads a request, has it answered, writes the answer, again. One operation on the
/// socket is pending at a time, save that the peer is watched during a stream and while it waits
/// for an answer that was promised.
///
/// Threads: the loop's, but for Answer, which runs on a worker while the loop leaves the
/// connection's request alone.
/// Ownership: whatever is pending holds a reference; Close() makes all of it end.
class Connection : public std::enable_shared_from_this<Connection>, public TimerWheel::Timer {
 public:
  /// `address` was admitted by the limiter and is released by Close.
  Connection(LoopState& loop, Socket socket, const AddressKey& address);
  ~Connection() { Close(); }

  void Start();
  /// Closes now if nothing is being answered, else after the answer; ends a stream, and the waiting
  /// for an answer that was promised.
  void Drain();
  void Close();
  void OnDeadline();

 private:
  enum class Phase { kReading, kAnswering, kWriting, kStreaming, kLingering, kClosed };
  /// What the running deadline of a read is for.
  enum class Awaited { kRequest, kHead, kBody };
  enum class AfterWrite { kNextRequest, kSameRequest, kStream, kMoreStream, kClose };

  void Advance();
  bool Step();
  void Read();
  void OnRead(bool failed, std::size_t size);
  void ArmReadDeadline();
  bool BeginBody();
  bool HandOverPiece();
  void OnPiece(const Result<void>& written);
  bool HoldBody();
  void LetBodyGo();

  bool Dispatch();
  bool HandToWorker();
  bool Defer(const HttpLater& later);
  void WatchAsker();
  void OnAskerReadable(bool failed);
  void OnRender(HttpRender render);
  std::function<void()> TaskFor(HttpRender render);
  void OnAnswer(HttpResponse&& response);
  HttpRequest request() const;
  bool Respond(HttpResponse&& response, bool close);
  bool Refuse(const Refusal& refusal);

  bool Write(AfterWrite then);
  bool Flush();
  void WaitWritable();
  void OnWritable(bool failed);
  bool OnWritten();

  void BeginStream();
  void PumpStream();
  void EndStream();

  void Linger();
  void SetDeadline(Clock::SteadyTime deadline);
  Clock::SteadyTime now() const { return loop_.server.clock.SteadyNow(); }
  const HttpLimits& limits() const { return loop_.server.limits; }

  LoopState& loop_;
  Socket socket_;
  const Executor executor_;
  const AddressKey address_;
  RequestReader reader_;
  ResponseWriter writer_;
  std::unique_ptr<HttpUpload> upload_;  ///< where the body of the current request goes
  RequestIds::Id request_id_{};
  Phase phase_ = Phase::kReading;
  AfterWrite after_write_ = AfterWrite::kNextRequest;
  TransferDeadline transfer_;
  std::size_t requests_ = 0;
  Awaited awaited_ = Awaited::kRequest;
  std::size_t last_read_size_ = 0;
  std::size_t body_bytes_held_ = 0;  ///< of the server's budget
  bool read_pending_ = false;
  bool watch_pending_ = false;
  std::stop_source asker_{std::nostopstate};  ///< triggered when nobody waits for the answer
  bool write_waits_ = false;  ///< the peer's window is full; the write's deadline runs

  std::shared_ptr<StreamQueue> stream_;
  std::shared_ptr<void> stream_token_;
};

}  // namespace revops::net
