#include "lambdas/common/function_main.h"

#include <csignal>
#include <cstdlib>
#include <utility>

#include <malloc.h>
#include <openssl/crypto.h>

#include "core/base/logging.h"
#include "core/net/aws/endpoint.h"
#include "lambdas/common/version.h"

namespace revops::lambda {
namespace {

constexpr int kFailed = 1;

Result<net::HttpOrigin> RuntimeOrigin() {
  const auto text = ReadEnvironment("AWS_LAMBDA_RUNTIME_API");
  if (text) return net::ParseRuntimeApi(*text);
  return Fail(ErrorCode::kInvalidArgument,
              "AWS_LAMBDA_RUNTIME_API is not set: this program runs in AWS Lambda, or under its "
              "runtime interface emulator");
}

Result<std::unique_ptr<net::HttpClient>> MakeClient(const Clock& clock) {
  net::HttpClientConfig config;
  config.user_agent = std::string("revops/") + kFunctionVersion;
  return net::HttpClient::Make(std::move(config), clock);
}

/// A start should not go to the kernel for every few pages, nor look for the machine's time zone,
/// which no answer depends on.
void AskTheSystemForLess() {
  constexpr int kHeapBytes = 4 << 20;
  mallopt(M_TOP_PAD, kHeapBytes);
  mallopt(M_TRIM_THRESHOLD, 2 * kHeapBytes);
  mallopt(M_MMAP_THRESHOLD, kHeapBytes);
  mallopt(M_ARENA_MAX, 1);
  ::setenv("TZ", "UTC0", 1);
}

/// Ends with an error in any case.
Result<void> Run(const FunctionNeeds& needs, const net::AwsSettings& aws,
                 net::HttpTransport& transport, const Clock& clock, const Serve& serve,
                 const std::function<Result<void>(const FunctionTools&, const Serve&)>& body) {
  REVOPS_TRY_ASSIGN(const FunctionSettings settings, ReadFunctionSettings(ReadEnvironment, needs));
  SystemRandom random;
  net::SystemPause pause;
  net::AwsCredentialChain credentials({aws, transport, clock});
  return body({settings, aws, clock, random, pause, transport, credentials}, serve);
}

}  // namespace

int RunFunction(const FunctionNeeds& needs,
                const std::function<Result<void>(const FunctionTools&, const Serve&)>& body) {
  AskTheSystemForLess();
  std::signal(SIGPIPE, SIG_IGN);
  // The file that it would look for is at the build machine's place.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  const SystemClock clock;
  const auto origin = RuntimeOrigin();
  auto client = MakeClient(clock);
  if (!origin || !client) {
    LogError("function_not_started", origin ? client.error() : origin.error());
    return kFailed;
  }
  const net::LambdaLoopConfig config{*origin, clock};
  const net::AwsSettings aws{.environment = ReadEnvironment};
  bool has_started = false;
  const Serve serve = [&](net::LambdaHandler& handler) {
    has_started = true;
    return net::RunLambdaLoop(config, **client, handler);
  };
  const Result<void> ended = Run(needs, aws, **client, clock, serve, body);
  if (ended) return 0;
  if (!has_started) {
    net::ReportLambdaInitError(config, **client, ended.error());
  } else {
    LogError("function_ended", ended.error());
  }
  return kFailed;
}

Result<std::unique_ptr<ProcessorStarter>> OpenProcessor(const FunctionTools& tools) {
  REVOPS_TRY_ASSIGN(auto endpoint, net::FindAwsEndpoint(tools.aws, "LAMBDA"));
  const std::string region = tools.aws.Variable("AWS_REGION").value_or(tools.settings.store_region);
  return std::unique_ptr<ProcessorStarter>(std::make_unique<ProcessorInvoke>(
      ProcessorInvoke::Target{tools.settings.processor_function, region, std::move(endpoint)},
      ProcessorInvoke::Parts{tools.transport, tools.credentials, tools.clock, tools.random,
                             tools.pause}));
}

}  // namespace revops::lambda
