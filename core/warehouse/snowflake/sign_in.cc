#include "core/warehouse/snowflake/sign_in.h"

#include <utility>

#include "core/base/logging.h"

namespace revops::warehouse {
namespace {

using Opened = Result<std::unique_ptr<Credentials>>;

}  // namespace

Result<std::unique_ptr<Credentials>> OpenCredentials(SnowflakeSignIn sign_in,
                                                     KeyPairIdentity identity, const Clock& clock) {
  if (sign_in.ask_identity) {
    return Opened(std::make_unique<WorkloadIdentity>(std::move(sign_in.ask_identity), clock));
  }
  if (sign_in.read_secret) {
    REVOPS_TRY_ASSIGN(auto credentials,
                      SecretCredentials::Open({std::move(sign_in.read_secret),
                                               std::move(sign_in.private_key_passphrase),
                                               std::move(identity), clock}));
    return Opened(std::move(credentials));
  }
  if (!sign_in.private_key.empty()) {
    REVOPS_TRY_ASSIGN(
        auto credentials,
        KeyPairCredentials::Open(sign_in.private_key.reveal(),
                                 sign_in.private_key_passphrase.reveal(), identity, clock));
    return Opened(std::move(credentials));
  }
  if (!sign_in.access_token.empty()) {
    return FixedToken({kAccessTokenType, std::move(sign_in.access_token)});
  }
  if (!sign_in.oauth_token.empty()) {
    return FixedToken({kOauthTokenType, std::move(sign_in.oauth_token)});
  }
  if (sign_in.password.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "there is nothing to sign in to Snowflake with");
  }
  Log(LogLevel::kWarning, "snowflake_password_taken_as_access_token",
      {{"reason", "Snowflake has ended passwords for services"},
       {"advice", "make a key pair: docs/runbooks/snowflake.md"}});
  return FixedToken({kAccessTokenType, std::move(sign_in.password)});
}

}  // namespace revops::warehouse
