#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/net/http_client.h"

namespace revops::warehouse {

/// An account as the SQL API and tokens name it.
struct SnowflakeAccount {
  net::HttpOrigin origin;
  /// What tokens call it: upper case, without region, cloud and domain; "ORG-MY_ACCOUNT".
  std::string token_name;
};

/// Takes every form that people paste: "org-account", "org-my_account", "abc123.us-east-1[.aws]",
/// each with or without ".snowflakecomputing.com", "https://", a path, any case; and
/// "https://localhost:1234" for a server of one's own.
/// Errors: kInvalidArgument, saying which forms there are.
Result<SnowflakeAccount> ParseSnowflakeAccount(std::string_view text);

}  // namespace revops::warehouse
