#pragma once

#include "apps/revops/data_folder.h"
#include "core/base/result.h"

namespace revops::app {

/// A listening socket in the folder; replaces one that is there. The path goes through the folder's
/// descriptor, so that its length does not matter.
Result<int> ListenOnSocket(const DataFolder& folder);

/// A connection to it; -1 when nobody listens.
Result<int> ConnectToSocket(const DataFolder& folder);

/// Whether the peer runs as our user or as root.
bool is_trusted_peer(int fd);

void RemoveSocket(const DataFolder& folder);

}  // namespace revops::app
