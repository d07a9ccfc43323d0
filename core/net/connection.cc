#include "core/net/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <span>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

namespace revops::net {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

/// Requests answered in one go before other connections have their turn.
constexpr int kRequestsPerTurn = 16;
constexpr std::size_t kStreamBytesMax = 1024 * 1024;
constexpr std::chrono::milliseconds kLingerMax{1'000};

/// Calls the handler; whatever it throws becomes a 500.
template <class Call>
auto Guarded(Call&& call, std::string_view request_id) -> decltype(call()) {
  try {
    return call();
  } catch (...) {
    return RefusalResponse({500, "the request could not be answered"}, request_id);
  }
}

std::string_view View(const RequestIds::Id& id) { return {id.data(), id.size()}; }

}  // namespace

Connection::Connection(LoopState& loop, Socket socket, const AddressKey& address)
    : loop_(loop),
      socket_(std::move(socket)),
      executor_(socket_.get_executor()),
      address_(address),
      reader_(loop.server.limits, loop.server.hosts) {
  loop_.open.insert(this);
}

void Connection::Start() {
  SetDeadline(now() + limits().first_byte_timeout);
  Read();
}

void Connection::Drain() {
  const bool is_idle = phase_ == Phase::kReading && reader_.is_idle();
  if (is_idle || phase_ == Phase::kLingering) Close();
  if (phase_ == Phase::kAnswering) asker_.request_stop();
  if (phase_ == Phase::kStreaming) EndStream();
}

void Connection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  TimerWheel::Cancel(*this);
  loop_.open.erase(this);
  if (stream_ != nullptr) stream_->Close();
  stream_token_.reset();
  ErrorCode ignored;
  socket_.close(ignored);
  LetBodyGo();
  loop_.server.limiter.Release(address_);
  asker_.request_stop();
}

void Connection::OnDeadline() {
  if (phase_ != Phase::kReading || awaited_ == Awaited::kRequest) return Close();
  Refuse({408, "the request did not arrive in time"});
}

void Connection::SetDeadline(Clock::SteadyTime deadline) {
  loop_.wheel.Set(*this, deadline);
  if (!loop_.ticking) loop_.start_ticking();
}

void Connection::Advance() {
  for (int i = 0; i < kRequestsPerTurn; ++i) {
    if (!Step()) return;
  }
  asio::post(executor_, [self = shared_from_this()] {
    if (self->phase_ == Phase::kReading) self->Advance();
  });
}

/// Goes one request further; false when the connection waits for something or is closed.
bool Connection::Step() {
  switch (reader_.Next()) {
    case RequestReader::Step::kNeedMore:
      if (!HoldBody()) return Refuse({503, "too many large requests at once"});
      ArmReadDeadline();
      Read();
      return false;
    case RequestReader::Step::kHead:
      return BeginBody();
    case RequestReader::Step::kPiece:
      return HandOverPiece();
    case RequestReader::Step::kContinue:
      writer_.StartContinue();
      return Write(AfterWrite::kSameRequest);
    case RequestReader::Step::kRefused:
      return Refuse(reader_.refusal());
    case RequestReader::Step::kReady:
      break;
  }
  return Dispatch();
}

void Connection::Read() {
  if (read_pending_) return;
  read_pending_ = true;
  const bool wanted = phase_ == Phase::kReading;
  const std::span<char> space = wanted ? reader_.space() : std::span<char>(loop_.discarded);
  socket_.async_read_some(asio::buffer(space.data(), space.size()),
                          [self = shared_from_this()](const ErrorCode& error, std::size_t size) {
                            self->OnRead(error.failed(), size);
                          });
}

void Connection::OnRead(bool failed, std::size_t size) {
  read_pending_ = false;
  if (phase_ == Phase::kClosed || phase_ == Phase::kWriting) return;
  if (failed) return Close();
  if (phase_ != Phase::kReading) return Read();
  reader_.Commit(size);
  last_read_size_ = size;
  Advance();
}

void Connection::ArmReadDeadline() {
  if (reader_.in_body()) {
    const bool first = awaited_ != Awaited::kBody;
    awaited_ = Awaited::kBody;
    SetDeadline(first ? transfer_.Start(limits(), now())
                      : transfer_.Progress(limits(), now(), last_read_size_));
  } else if (!reader_.is_idle() && awaited_ == Awaited::kRequest) {
    awaited_ = Awaited::kHead;
    SetDeadline(now() + limits().head_timeout);
  }
}

bool Connection::BeginBody() {
  HttpRequest head = request();
  head.request_id = {};
  try {
    upload_ = loop_.server.handler.BeginUpload(head);
  } catch (...) {
    return Refuse({500, "the request could not be answered"});
  }
  if (upload_ != nullptr) reader_.StreamBody(upload_->bytes_max());
  return true;
}

/// The task keeps the connection, which reads nothing before OnPiece: a slow disk slows the peer.
bool Connection::HandOverPiece() {
  if (!HoldBody()) return Refuse({503, "too many large requests at once"});
  phase_ = Phase::kAnswering;
  TimerWheel::Cancel(*this);
  auto task = [self = shared_from_this()] {
    Result<void> written = Fail(revops::ErrorCode::kInternal, "the request could not be answered");
    try {
      written = self->upload_->Write(self->reader_.body());
    } catch (...) {  // NOLINT(bugprone-empty-catch): `written` says it.
    }
    asio::post(self->executor_, [self, written = std::move(written)] { self->OnPiece(written); });
  };
  if (loop_.server.workers.SubmitAdmitted(std::move(task))) return false;
  return Refuse({503, "the server is busy"});
}

void Connection::OnPiece(const Result<void>& written) {
  if (phase_ != Phase::kAnswering) return;
  if (!written) {
    const bool is_full = written.error().code == revops::ErrorCode::kResourceExhausted;
    Refuse({is_full ? 507 : 500, written.error().message});
    return;
  }
  reader_.DropPiece();
  LetBodyGo();
  phase_ = Phase::kReading;
  awaited_ = Awaited::kRequest;  // Its time does not count while the disk is written.
  Advance();
}

bool Connection::HoldBody() {
  const std::size_t more = reader_.body().size() - body_bytes_held_;
  if (more == 0) return true;
  if (!loop_.server.bodies.Take(more)) return false;
  body_bytes_held_ += more;
  return true;
}

void Connection::LetBodyGo() {
  if (body_bytes_held_ > 0) loop_.server.bodies.GiveBack(body_bytes_held_);
  body_bytes_held_ = 0;
}

HttpRequest Connection::request() const {
  const RequestHead& head = reader_.head();
  return {head.method,    head.path,         head.query,   head.fields,
          reader_.body(), View(request_id_), upload_.get()};
}

bool Connection::Dispatch() {
  awaited_ = Awaited::kRequest;
  ++requests_;
  loop_.counters.requests.Add(1);
  loop_.ids.Next(request_id_);
  auto answer = Guarded(
      [this]() -> std::optional<HttpResponse> { return loop_.server.handler.AnswerNow(request()); },
      View(request_id_));
  if (!answer) return HandToWorker();
  return answer->later ? Defer(answer->later) : Respond(std::move(*answer), false);
}

/// The request's views stay valid without a copy: the task keeps the connection, which neither
/// reads nor consumes before OnAnswer.
bool Connection::HandToWorker() {
  phase_ = Phase::kAnswering;
  TimerWheel::Cancel(*this);
  auto task = TaskFor([this] { return loop_.server.handler.Answer(request()); });
  if (loop_.server.workers.Submit(std::move(task))) return false;
  loop_.counters.refused_requests.Add(1);
  return Respond(RefusalResponse({503, "the server is busy"}, View(request_id_)), false);
}

/// Keeps the connection.
std::function<void()> Connection::TaskFor(HttpRender render) {
  return [self = shared_from_this(), render = std::move(render)] {
    HttpResponse response = Guarded(render, View(self->request_id_));
    asio::post(self->executor_, [self, response = std::move(response)]() mutable {
      self->OnAnswer(std::move(response));
    });
  };
}

/// No thread waits meanwhile: an answer that takes its time costs a connection alone.
bool Connection::Defer(const HttpLater& later) {
  phase_ = Phase::kAnswering;
  TimerWheel::Cancel(*this);
  loop_.server.deferrals.Begin();
  asker_ = std::stop_source();
  later(
      [self = shared_from_this()](HttpRender render) {
        self->OnRender(std::move(render));
        self->loop_.server.deferrals.End();
      },
      asker_.get_token());
  if (loop_.draining) {
    asker_.request_stop();
  } else {
    WatchAsker();
  }
  return false;
}

void Connection::WatchAsker() {
  if (std::exchange(watch_pending_, true)) return;
  socket_.async_wait(Socket::wait_read, [self = shared_from_this()](const ErrorCode& error) {
    self->OnAskerReadable(error.failed());
  });
}

/// A peer that has closed its side has gone. One that sends the next request already is not watched
/// any further: its end would stand behind that request.
void Connection::OnAskerReadable(bool failed) {
  watch_pending_ = false;
  if (phase_ != Phase::kAnswering) return;
  char next = 0;
  const ssize_t seen =
      failed ? 0 : ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
  if (seen > 0) return;
  if (seen < 0 && (errno == EAGAIN || errno == EINTR)) return WatchAsker();
  asker_.request_stop();
}

/// A thousand who waited for one answer get it at once; whoever was let in is not refused then.
void Connection::OnRender(HttpRender render) {
  if (loop_.server.workers.SubmitAdmitted(TaskFor(std::move(render)))) return;
  asio::post(executor_, [self = shared_from_this()] {
    self->loop_.counters.refused_requests.Add(1);
    self->OnAnswer(RefusalResponse({503, "the server is busy"}, View(self->request_id_)));
  });
}

void Connection::OnAnswer(HttpResponse&& response) {
  if (phase_ != Phase::kAnswering) return;
  if (response.later) {
    Defer(response.later);
    return;
  }
  if (Respond(std::move(response), false)) Advance();
}

bool Connection::Refuse(const Refusal& refusal) {
  upload_.reset();
  loop_.counters.refused_requests.Add(1);
  loop_.ids.Next(request_id_);
  return Respond(RefusalResponse(refusal, View(request_id_)), true);
}

bool Connection::Respond(HttpResponse&& response, bool close) {
  const RequestHead& head = reader_.head();
  const bool closing = close || response.stream || !head.keep_alive || loop_.draining ||
                       requests_ >= limits().requests_per_connection_max;
  writer_.Start(std::move(response), {.date_line = loop_.date.At(loop_.server.clock.Now()),
                                      .request_id = View(request_id_),
                                      .head_only = head.method == "HEAD",
                                      .close = closing,
                                      .http_1_0 = head.http_1_0});
  loop_.counters.CountResponse(writer_.response().status);
  if (writer_.streams()) return Write(AfterWrite::kStream);
  return Write(closing ? AfterWrite::kClose : AfterWrite::kNextRequest);
}

bool Connection::Write(AfterWrite then) {
  phase_ = then == AfterWrite::kMoreStream ? Phase::kStreaming : Phase::kWriting;
  after_write_ = then;
  return Flush();
}

/// Sends what the socket takes; true when a request may be read next.
bool Connection::Flush() {
  while (!writer_.is_done()) {
    const std::span<iovec> pending = writer_.pending();
    msghdr message{};
    message.msg_iov = pending.data();
    message.msg_iovlen = pending.size();
    const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      errno == EAGAIN ? WaitWritable() : Close();
      return false;
    }
    const auto size = static_cast<std::size_t>(sent);
    loop_.counters.bytes_sent.Add(size);
    writer_.Consume(size);
    if (write_waits_) SetDeadline(transfer_.Progress(limits(), now(), size));
  }
  return OnWritten();
}

void Connection::WaitWritable() {
  if (!write_waits_) SetDeadline(transfer_.Start(limits(), now()));
  write_waits_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const ErrorCode& error) {
    self->OnWritable(error.failed());
  });
}

void Connection::OnWritable(bool failed) {
  if (phase_ == Phase::kClosed) return;
  if (failed) return Close();
  if (Flush()) return Advance();
  // What producers sent meanwhile has woken nobody.
  if (phase_ == Phase::kStreaming) PumpStream();
}

bool Connection::OnWritten() {
  write_waits_ = false;
  switch (after_write_) {
    case AfterWrite::kSameRequest:
      phase_ = Phase::kReading;
      return true;
    case AfterWrite::kNextRequest:
      phase_ = Phase::kReading;
      writer_.Release();
      reader_.Consume();
      upload_.reset();
      LetBodyGo();
      SetDeadline(now() + limits().idle_timeout);
      return true;
    case AfterWrite::kStream:
      BeginStream();
      return false;
    case AfterWrite::kMoreStream:
      TimerWheel::Cancel(*this);
      return false;
    case AfterWrite::kClose:
      break;
  }
  Linger();
  return false;
}

void Connection::BeginStream() {
  phase_ = Phase::kStreaming;
  TimerWheel::Cancel(*this);
  const auto wake = [weak = weak_from_this(), executor = executor_] {
    asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->PumpStream();
    });
  };
  stream_ = std::make_shared<StreamQueue>(StreamQueue::Config{
      .bytes_max = kStreamBytesMax, .chunked = !reader_.head().http_1_0, .wake = wake});
  const HttpStreamStart start = writer_.response().stream;
  writer_.Release();
  try {
    stream_token_ = start(StreamQueue::MakeSink(stream_));
  } catch (...) {
    return Close();
  }
  if (loop_.draining) return EndStream();
  Read();
}

/// Sends what the producers have queued, unless a write is under way, which does it afterwards.
void Connection::PumpStream() {
  if (phase_ != Phase::kStreaming || write_waits_) return;
  StreamQueue::Taken taken = stream_->Take();
  if (taken.overflowed) return Close();
  if (taken.ended) stream_token_.reset();
  if (taken.bytes.empty() && !taken.ended) return;
  writer_.StartBytes(std::move(taken.bytes));
  Write(taken.ended ? AfterWrite::kClose : AfterWrite::kMoreStream);
}

void Connection::EndStream() {
  stream_->End();
  PumpStream();
}

/// Closes our side and waits a moment for the peer's, so that a reset does not overtake the answer
/// while the peer is still sending.
void Connection::Linger() {
  phase_ = Phase::kLingering;
  writer_.Release();
  ErrorCode error;
  socket_.shutdown(Socket::shutdown_send, error);
  if (error) return Close();
  SetDeadline(now() + std::min(limits().transfer_grace, kLingerMax));
  Read();
}

}  // namespace revops::net
