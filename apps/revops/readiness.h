#pragma once

namespace revops::app {

/// Tells the service manager that started this process that it serves now: sd_notify(3), by the
/// socket that NOTIFY_SOCKET names. Does nothing where none asked.
void NotifyReady();

}  // namespace revops::app
