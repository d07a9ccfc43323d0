#include "core/warehouse/snowflake/errors.h"

#include <algorithm>
#include <array>

namespace revops::warehouse {
namespace {

struct CodeRow {
  std::string_view code;
  ErrorCode meaning;
  std::string_view advice;
};

constexpr std::array kCodes = {
    CodeRow{"002003", ErrorCode::kNotFound,
            "the table, schema or database does not exist, or the role may not use it: check "
            "SNOWFLAKE_DATABASE, SNOWFLAKE_SCHEMA and the grants of SNOWFLAKE_ROLE"},
    CodeRow{"002043", ErrorCode::kNotFound,
            "the database or schema does not exist, or the role may not use it: check "
            "SNOWFLAKE_DATABASE, SNOWFLAKE_SCHEMA and the grants of SNOWFLAKE_ROLE"},
    CodeRow{"090105", ErrorCode::kNotFound,
            "the database does not exist, or the role may not use it: check SNOWFLAKE_DATABASE and "
            "the grants of SNOWFLAKE_ROLE"},
    CodeRow{"090106", ErrorCode::kNotFound,
            "the schema does not exist, or the role may not use it: check SNOWFLAKE_SCHEMA and the "
            "grants of SNOWFLAKE_ROLE"},
    CodeRow{"000904", ErrorCode::kInvalidArgument, "the table lacks a column"},
    CodeRow{"000606", ErrorCode::kUnavailable,
            "no warehouse runs: name one in SNOWFLAKE_WAREHOUSE that the role may use and that "
            "resumes by itself (ALTER WAREHOUSE … SET AUTO_RESUME = TRUE)"},
    CodeRow{"000604", ErrorCode::kCancelled, "the statement was cancelled"},
    CodeRow{"000630", ErrorCode::kTimeout, "the statement reached its timeout"},
    CodeRow{"000707", ErrorCode::kUnsupported, "the table keeps no history to read from"},
    CodeRow{"003001", ErrorCode::kPermissionDenied,
            "the role lacks a privilege: grant it what `revops snowflake setup` prints"},
    CodeRow{"390144", ErrorCode::kUnauthenticated,
            "the token was refused: is the public key registered for SNOWFLAKE_USER (ALTER USER … "
            "SET RSA_PUBLIC_KEY), is the account right, and the machine's clock?"},
    CodeRow{"390189", ErrorCode::kPermissionDenied,
            "the role does not exist or is not granted to the user: check SNOWFLAKE_ROLE"},
    CodeRow{"390201", ErrorCode::kNotFound,
            "the database, schema or warehouse does not exist, or the role may not use it"},
    CodeRow{
        "390303", ErrorCode::kUnauthenticated,
        "the token is not valid: renew that of OAuth; of a workload identity compare the role's "
        "ARN and "
        "the ISSUER of the user (SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER …)"},
    CodeRow{"390318", ErrorCode::kUnauthenticated, "the OAuth token has expired: renew it"},
    CodeRow{"394400", ErrorCode::kUnauthenticated,
            "the access token is not valid or has expired: make a new one (ALTER USER … ADD "
            "PROGRAMMATIC ACCESS TOKEN)"},
    CodeRow{"391908", ErrorCode::kResourceExhausted, "the result is too large for the SQL API"},
};

struct StatusRow {
  int status;
  ErrorCode meaning;
  std::string_view advice;
};

constexpr std::array kStatuses = {
    StatusRow{401, ErrorCode::kUnauthenticated,
              "the credentials were refused: check SNOWFLAKE_USER and its key or token"},
    StatusRow{403, ErrorCode::kPermissionDenied,
              "the request was forbidden: a network policy may exclude this machine's address"},
    StatusRow{404, ErrorCode::kUnavailable, "there is no Snowflake account at this address"},
    StatusRow{408, ErrorCode::kTimeout, "the statement reached its timeout"},
    StatusRow{422, ErrorCode::kInternal, "the statement failed"},
    StatusRow{429, ErrorCode::kUnavailable, "too many requests at once"},
    StatusRow{522, ErrorCode::kUnavailable, "the connection was not made"},
};

/// Codes of values that do not convert: the message quotes the value.
constexpr std::string_view kConversionCodes = "100";
constexpr std::size_t kQuoteMax = 500;

/// The server's text in one line of bounded length; empty when it may hold values of rows.
std::string Quote(const SnowflakeFailure& failure) {
  std::string line;
  if (failure.code.starts_with(kConversionCodes)) return line;
  for (const char c : failure.message) {
    const bool is_gap = static_cast<unsigned char>(c) <= ' ';
    if (!is_gap) line += c;
    if (is_gap && !line.empty() && line.back() != ' ') line += ' ';
    const bool is_start = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (line.size() > kQuoteMax && is_start) {
      if (!is_gap) line.pop_back();
      return line + "…";
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::string Joined(std::string_view advice, const SnowflakeFailure& failure) {
  std::string message = "Snowflake: " + std::string(advice);
  if (const std::string quote = Quote(failure); !quote.empty()) {
    message += " (it says: " + quote + ")";
  }
  return message;
}

}  // namespace

Error ToError(const SnowflakeFailure& failure) {
  const std::string origin =
      "snowflake:" + (failure.code.empty() ? std::to_string(failure.status) : failure.code);
  const auto by_code = std::find_if(kCodes.begin(), kCodes.end(),
                                    [&](const CodeRow& row) { return row.code == failure.code; });
  if (by_code != kCodes.end()) {
    return {by_code->meaning, Joined(by_code->advice, failure), origin, {}};
  }
  const auto by_status =
      std::find_if(kStatuses.begin(), kStatuses.end(),
                   [&](const StatusRow& row) { return row.status == failure.status; });
  if (by_status != kStatuses.end()) {
    return {by_status->meaning, Joined(by_status->advice, failure), origin, {}};
  }
  if (failure.status >= 500) {
    return {ErrorCode::kUnavailable, Joined("the service does not answer", failure), origin, {}};
  }
  return {ErrorCode::kInternal, Joined("the request was refused", failure), origin, {}};
}

bool is_retried(int status) {
  return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace revops::warehouse
