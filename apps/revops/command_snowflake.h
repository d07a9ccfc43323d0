#pragma once

#include <string>

#include "apps/revops/settings.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/base/result.h"

namespace revops::app {

/// `revops snowflake setup`.
struct SnowflakeSetupOptions {
  bool apply = false;   ///< run it, instead of printing it
  bool sample = false;  ///< with the eight rows
  std::string service_user = "REVOPS";
  std::string service_role = "REVOPS_READER";
  std::string public_key_file;  ///< PEM, as openssl writes it; may be empty
  std::string aws_role;         ///< ARN; may be empty
  std::string aws_issuer;       ///< URL; goes with the role
};

/// The script for a worksheet; with `apply`, what was done. Names come from the settings, where
/// Snowflake is configured. Applying takes the configured credentials, whose user must have the
/// role ACCOUNTADMIN. Errors: kNotFound or kInvalidArgument for the public key's file;
/// kInvalidArgument without an account to apply it to; the server's.
Result<std::string> SetUpSnowflake(const SnowflakeSetupOptions& options, const Settings& settings,
                                   const Clock& clock, Random& random);

}  // namespace revops::app
