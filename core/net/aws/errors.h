#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace revops::net {

/// Our error for an answer of STS, Secrets Manager or a source of credentials that is not 200: by
/// its code, else by its status. The origin is "aws:<code or status>". The service's own text is
/// left out: it may quote what it was given.
Error AwsError(int status, const std::string& code);

/// Whether the service asks for patience: the same request may be sent again.
bool is_aws_busy(int status, std::string_view code);

/// Whether the keys themselves were refused: others may be taken.
bool is_aws_key_refusal(std::string_view code);

}  // namespace revops::net
