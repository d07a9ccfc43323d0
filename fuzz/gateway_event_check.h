#pragma once

#include <string_view>

namespace revops::fuzz {

/// Reads an event of a gateway and aborts when a promise is broken: nothing but kInvalidArgument
/// refuses it; what was accepted could stand in an HTTP message, means the same when it comes as
/// another gateway's event, and its bytes as an answer's body are JSON again.
void CheckGatewayEvent(std::string_view bytes);

}  // namespace revops::fuzz
