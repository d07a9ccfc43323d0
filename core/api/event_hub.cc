#include "core/api/event_hub.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/api/job_json.h"
#include "core/api/json.h"

namespace revops::api {
namespace {

constexpr std::size_t kEventsKept = 256;
constexpr std::string_view kRetry = "retry: 2000\n\n";

struct Event {
  std::uint64_t id = 0;
  std::string text;
};

struct Listener {
  explicit Listener(HttpStreamSink where) : sink(std::move(where)) {}

  std::mutex sending;  ///< taken before the hub's lock, never after it
  HttpStreamSink sink;
  std::uint64_t sent = 0;  ///< the newest event that it has; under the hub's lock
  bool gone = false;       ///< likewise
};

/// One event as it goes over the wire (HTML Living Standard, 9.2); `data` is one line.
std::string Frame(std::uint64_t id, std::string_view name, std::string_view data) {
  std::string text = "id: " + std::to_string(id) + "\nevent: ";
  text.append(name).append("\ndata: ").append(data).append("\n\n");
  return text;
}

std::string ToJson(const DataVersion& version) {
  std::string json = "{";
  AppendText(json, "snapshot_id", version.snapshot_id);
  AppendText(json, "content_hash", version.content_hash);
  AppendInstant(json, "data_as_of", version.data_as_of);
  AppendInstant(json, "computed_at", version.computed_at);
  return json + "}";
}

std::optional<std::uint64_t> ParseId(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace

struct EventHub::Impl {
  std::mutex mutex;
  std::uint64_t newest_id = 0;
  std::deque<Event> kept;
  std::optional<std::string> data_version;  ///< JSON of the newest one
  std::optional<std::string> refresh;       ///< likewise
  std::vector<std::shared_ptr<Listener>> listeners;

  void Publish(std::string_view name, const std::string& json,
               std::optional<std::string>* newest = nullptr);
  void Remove(const std::shared_ptr<Listener>& listener);
  void Send(const std::shared_ptr<Listener>& listener, const std::string& text);
  /// Whatever the listener lacks.
  void Deliver(const std::shared_ptr<Listener>& listener);
  std::string TakeMissed(Listener& listener);
  std::string Greeting(std::string_view last_event_id);
  bool is_kept_after(std::uint64_t id) const;

  struct Token;
};

/// Ends the stream when the server lets go of it.
struct EventHub::Impl::Token {
  std::weak_ptr<Impl> hub;
  std::shared_ptr<Listener> listener;

  Token(std::weak_ptr<Impl> of, std::shared_ptr<Listener> whose)
      : hub(std::move(of)), listener(std::move(whose)) {}
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  ~Token() {
    if (const auto alive = hub.lock()) alive->Remove(listener);
  }
};

EventHub::EventHub(Instant started_at) : impl_(std::make_shared<Impl>()) {
  impl_->newest_id =
      static_cast<std::uint64_t>(std::max<std::int64_t>(started_at.time_since_epoch().count(), 0));
}

EventHub::~EventHub() = default;

void EventHub::PublishRefresh(const snapshot::RefreshJob& job) {
  impl_->Publish("refresh", JobJson(job, false), &impl_->refresh);
}

void EventHub::PublishImport(const ImportJob& job) { impl_->Publish("import", ImportJobJson(job)); }

void EventHub::PublishDataVersion(const DataVersion& version) {
  impl_->Publish("data-version", ToJson(version), &impl_->data_version);
}

void EventHub::Heartbeat(Instant now) {
  std::string json = "{";
  AppendInstant(json, "now", now);
  json += '}';
  std::unique_lock lock(impl_->mutex);
  const std::string text = Frame(impl_->newest_id, "heartbeat", json);
  const auto listeners = impl_->listeners;
  lock.unlock();
  for (const auto& listener : listeners) {
    impl_->Deliver(listener);
    const std::lock_guard sending(listener->sending);
    impl_->Send(listener, text);
  }
}

std::shared_ptr<void> EventHub::Subscribe(std::string_view last_event_id, HttpStreamSink sink) {
  const auto listener = std::make_shared<Listener>(std::move(sink));
  {
    const std::lock_guard sending(listener->sending);
    std::unique_lock lock(impl_->mutex);
    const std::string greeting = impl_->Greeting(last_event_id);
    listener->sent = impl_->newest_id;
    impl_->listeners.push_back(listener);
    lock.unlock();
    impl_->Send(listener, greeting);
  }
  return std::make_shared<Impl::Token>(impl_, listener);
}

void EventHub::Impl::Publish(std::string_view name, const std::string& json,
                             std::optional<std::string>* newest) {
  std::unique_lock lock(mutex);
  if (newest != nullptr) *newest = json;
  ++newest_id;
  kept.push_back({newest_id, Frame(newest_id, name, json)});
  if (kept.size() > kEventsKept) kept.pop_front();
  const auto audience = listeners;
  lock.unlock();
  for (const auto& listener : audience) Deliver(listener);
}

void EventHub::Impl::Remove(const std::shared_ptr<Listener>& listener) {
  const std::lock_guard lock(mutex);
  listener->gone = true;
  std::erase(listeners, listener);
}

void EventHub::Impl::Send(const std::shared_ptr<Listener>& listener, const std::string& text) {
  {
    const std::lock_guard lock(mutex);
    if (listener->gone) return;
  }
  if (!listener->sink(text)) Remove(listener);
}

void EventHub::Impl::Deliver(const std::shared_ptr<Listener>& listener) {
  const std::lock_guard sending(listener->sending);
  while (true) {
    const std::string missed = TakeMissed(*listener);
    if (missed.empty()) return;
    Send(listener, missed);
  }
}

std::string EventHub::Impl::TakeMissed(Listener& listener) {
  const std::lock_guard lock(mutex);
  std::string text;
  if (listener.gone) return text;
  for (const Event& event : kept) {
    if (event.id > listener.sent) text += event.text;
  }
  listener.sent = newest_id;
  return text;
}

/// The data version bears the id that the listener is at: what follows continues from there.
std::string EventHub::Impl::Greeting(std::string_view last_event_id) {
  const std::optional<std::uint64_t> last = ParseId(last_event_id);
  const bool resumes = last && is_kept_after(*last);
  const std::uint64_t at = resumes ? *last : newest_id;
  std::string text(kRetry);
  if (data_version) text += Frame(at, "data-version", *data_version);
  if (!resumes && refresh) text += Frame(at, "refresh", *refresh);
  if (!resumes) return text;
  for (const Event& event : kept) {
    if (event.id > *last) text += event.text;
  }
  return text;
}

bool EventHub::Impl::is_kept_after(std::uint64_t id) const {
  return id <= newest_id && id + kept.size() >= newest_id;
}

}  // namespace revops::api
