#include "core/warehouse/snowflake/aws_sources.h"

#include <chrono>
#include <string>
#include <utility>

#include "core/net/aws/endpoint.h"
#include "core/net/aws/secrets_manager.h"
#include "core/net/aws/workload_token.h"

namespace revops::warehouse {
namespace {

/// Less than Lambda gives a function to start.
constexpr std::chrono::seconds kTimeout{8};

/// As Snowflake's own drivers have it.
constexpr char kAudience[] = "snowflakecomputing.com";
constexpr std::chrono::seconds kIdentityLifetime = std::chrono::minutes(5);

}  // namespace

ReadSecret SecretOfAws(AwsCaller caller, std::string id) {
  return [caller = std::move(caller), id = std::move(id)]() -> Result<Secret> {
    REVOPS_TRY_ASSIGN(auto endpoint, net::FindAwsEndpoint(caller.settings, "SECRETS_MANAGER"));
    REVOPS_TRY_ASSIGN(auto region, net::FindAwsRegion(caller.settings));
    const net::SecretReader reader{caller.transport, caller.credentials, caller.clock,
                                   caller.random, caller.pause};
    REVOPS_TRY_ASSIGN(std::string text, reader.Get({region.value_or(""),
                                                    id,
                                                    std::move(endpoint),
                                                    caller.clock.SteadyNow() + kTimeout,
                                                    {}}));
    return TakeSecret(std::move(text));
  };
}

AskIdentity IdentityOfAws(AwsCaller caller) {
  return [caller = std::move(caller)]() -> Result<IdentityToken> {
    REVOPS_TRY_ASSIGN(auto endpoint, net::FindAwsEndpoint(caller.settings, "STS"));
    REVOPS_TRY_ASSIGN(auto region, net::FindAwsRegion(caller.settings));
    REVOPS_TRY_ASSIGN(
        const Secret token,
        net::GetWorkloadToken(
            {caller.transport, caller.credentials, caller.clock, caller.random, caller.pause},
            {region.value_or(""), kAudience, kIdentityLifetime, std::move(endpoint),
             caller.clock.SteadyNow() + kTimeout}));
    std::string text = "WIF.AWS.";
    text.reserve(text.size() + token.reveal().size());
    text += token.reveal();
    return IdentityToken{TakeSecret(std::move(text)), kIdentityLifetime};
  };
}

}  // namespace revops::warehouse
