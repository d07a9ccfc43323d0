#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads `bytes` as everything that core/net/aws takes from outside and aborts when a promise is
/// broken: keys are whole and fit into header fields, as an independent parser (Boost.JSON's DOM)
/// reads them; codes are words; a shared file and a URL are read alike once more when they are
/// written down.
void CheckAwsAnswer(std::string_view bytes);

}  // namespace revops::fuzz
