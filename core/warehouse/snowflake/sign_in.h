#pragma once

#include <memory>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/secret.h"
#include "core/warehouse/snowflake/credentials.h"
#include "core/warehouse/snowflake/secret_credentials.h"
#include "core/warehouse/snowflake/workload_identity.h"

namespace revops::warehouse {

/// What there is to sign in to Snowflake with, whatever runs us. The first that is given counts, in
/// this order.
struct SnowflakeSignIn {
  AskIdentity ask_identity;  ///< of whoever runs us; empty: nobody is asked
  ReadSecret read_secret;    ///< of a secret that is kept elsewhere; empty: there is none
  Secret private_key;        ///< PEM
  Secret access_token;
  Secret oauth_token;
  Secret password;  ///< of the first version: taken for an access token, with a warning
  Secret private_key_passphrase;  ///< of an encrypted key, also of the secret's

  /// Whether there is anything.
  bool is_given() const {
    return ask_identity || read_secret || !private_key.empty() || !access_token.empty() ||
           !oauth_token.empty() || !password.empty();
  }
};

/// `clock` outlives the result.
/// Errors: kInvalidArgument when it cannot be used, or nothing is given; those of reading it.
Result<std::unique_ptr<Credentials>> OpenCredentials(SnowflakeSignIn sign_in,
                                                     KeyPairIdentity identity, const Clock& clock);

}  // namespace revops::warehouse
