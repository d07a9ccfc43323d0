#pragma once

#include <string>
#include <string_view>

#include "apps/revops/control.h"
#include "apps/revops/frames.h"
#include "core/base/result.h"

namespace revops::app {

/// The payload of an 'R' frame.
/// Errors: kInvalidArgument for an argument that is not UTF-8 or a request longer than a frame.
Result<std::string> EncodeRequest(const CommandRequest& request);
/// Errors: kInvalidArgument.
Result<CommandRequest> ParseRequest(const Frame& frame);

/// The payload of a 'D' frame; never longer than a frame.
std::string EncodeDone(const Result<void>& result);
/// What the command ended with. Errors: the command's own; kCorrupt for anything else.
Result<void> ParseDone(std::string_view payload);

}  // namespace revops::app
