#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as a list of objects and as a refusal of S3, and aborts when a promise of the
/// readers is broken: a page that is accepted has keys, reads the same when it is written anew, and
/// an error is one printable line of bounded length.
void CheckS3Answer(std::string_view bytes);

}  // namespace revops::fuzz
