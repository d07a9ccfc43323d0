#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as what a peer sends over the command socket, as a server and as a client would,
/// and aborts when a promise is broken: frames are what came, in order; nothing but kUnavailable
/// and kCorrupt ends them; requests and answers that were accepted, written again, say the same.
void CheckControlFrames(std::string_view bytes);

}  // namespace revops::fuzz
