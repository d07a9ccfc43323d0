#include "apps/revops/aws_access.h"

#include <string>
#include <utility>

#include "apps/revops/settings.h"
#include "apps/revops/version.h"

namespace revops::app {

AwsAccess::AwsAccess() : settings_{.environment = ReadEnvironment} {}

Result<std::unique_ptr<AwsAccess>> AwsAccess::Open() {
  std::unique_ptr<AwsAccess> made(new AwsAccess());
  net::HttpClientConfig http;
  http.user_agent = std::string("revops/") + kProgramVersion;
  http.ca_file = made->settings_.Variable("AWS_CA_BUNDLE").value_or("");
  REVOPS_TRY_ASSIGN(made->http_, net::HttpClient::Make(std::move(http), made->clock_));
  made->credentials_ = std::make_unique<net::AwsCredentialChain>(
      net::AwsCredentialChain::Config{made->settings_, *made->http_, made->clock_});
  return made;
}

}  // namespace revops::app
