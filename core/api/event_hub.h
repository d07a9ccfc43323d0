#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/api/data_version.h"
#include "core/api/import_desk.h"
#include "core/base/clock.h"
#include "core/base/http.h"
#include "core/snapshot/job.h"

namespace revops::api {

/// Hands server-sent events to everybody who listens on /api/events. Thread-safe.
///
/// Keeps the last 256 events; a listener that comes back with an id among them misses nothing.
/// Each listener receives events in order. Sinks are called without any lock of the hub, on the
/// thread that publishes or subscribes: they must not block. One that returns false is dropped.
class EventHub {
 public:
  /// Ids count upwards from the start's milliseconds since 1970, so that ids of an earlier process
  /// are never mistaken for ours: give the real time.
  explicit EventHub(Instant started_at);
  ~EventHub();

  void PublishRefresh(const snapshot::RefreshJob& job);
  void PublishImport(const ImportJob& job);
  void PublishDataVersion(const DataVersion& version);
  /// Every 15 seconds, by the program's timer. Not kept for those who come back.
  void Heartbeat(Instant now);

  /// Sends `retry`, the current data version, then what was missed since `last_event_id`, or the
  /// newest refresh when that id is unknown or empty. Events follow until the returned token is
  /// destroyed; a send that is under way then may still arrive.
  std::shared_ptr<void> Subscribe(std::string_view last_event_id, HttpStreamSink sink);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace revops::api
