#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace revops::warehouse {

/// What an answer of the SQL API says went wrong.
struct SnowflakeFailure {
  int status = 0;         ///< of HTTP
  std::string code;       ///< "002003"; may be empty
  std::string sql_state;  ///< "42S02"; may be empty
  std::string message;    ///< one line of the server's text; holds no row data
};

/// Our error for it: the code by the first row of the table that fits (the vendor's code before the
/// status), a message that says what to do, and the origin "snowflake:<code or status>".
Error ToError(const SnowflakeFailure& failure);

/// Whether the same request may be sent again under its id: the server was too busy or broke off.
bool is_retried(int status);

}  // namespace revops::warehouse
