#pragma once

#include <string>

#include "apps/revops/engine.h"
#include "core/net/http_server.h"

namespace revops::app {

/// The process's figures in Prometheus' text format.
std::string RenderMetrics(Engine& engine, const net::HttpServerStats& stats);

}  // namespace revops::app
