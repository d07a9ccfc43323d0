#include "core/warehouse/snowflake/aws_sources.h"

#include <chrono>
#include <utility>

#include "core/net/aws/endpoint.h"
#include "core/net/aws/secrets_manager.h"

namespace revops::warehouse {
namespace {

/// Less than Lambda gives a function to start.
constexpr std::chrono::seconds kTimeout{8};

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

}  // namespace revops::warehouse
