#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as each JSON document of a snapshot's store (pointer, manifest, definitions, job,
/// collecting) and aborts when a promise is broken: nothing but kCorrupt and kUnsupported refuses
/// one; what was accepted, written and read again, is written alike.
void CheckSnapshotJson(std::string_view bytes);

}  // namespace revops::fuzz
