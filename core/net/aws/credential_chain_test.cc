#include "core/net/aws/credential_chain.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/aws/settings_testing.h"
#include "core/net/scripted_testing.h"

namespace revops::net {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;

const std::map<std::string, std::string> kContainer = {
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}};

ClientResponse Keys(const std::string& id, Instant end) {
  return Http(200, R"({"AccessKeyId":")" + id +
                       R"(","SecretAccessKey":"hush","Token":"hush","Expiration":")" +
                       ToString(end) + "\"}");
}

/// A chain whose container gives key "1", "2", …, for an hour each.
struct Bench {
  PausedClock clock;
  ScriptedTransport transport;
  AwsCredentialChain chain;

  explicit Bench(AwsSettings settings = SettingsOf(kContainer))
      : chain({std::move(settings), transport, clock}) {
    transport.answer = [this](const ClientRequest&, std::size_t number) {
      return Keys(std::to_string(number + 1), clock.Now() + minutes(60));
    };
  }
  Result<AwsCredentials> Get() { return chain.Get(clock.SteadyNow() + seconds(30)); }
  std::string Id() {
    const auto keys = Get();
    return keys ? keys->access_key_id : Describe(keys.error());
  }
  std::size_t requests() const { return transport.requests().size(); }
};

TEST(AwsCredentialChain, AsksSourcesInItsOrder) {
  std::map<std::string, std::string> variables = {
      {"AWS_ACCESS_KEY_ID", "from-environment"}, {"AWS_SECRET_ACCESS_KEY", "s"},
      {"AWS_WEB_IDENTITY_TOKEN_FILE", "/token"}, {"AWS_ROLE_ARN", "arn"},
      {"AWS_SHARED_CREDENTIALS_FILE", "/c"},     {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"},
  };
  const std::map<std::string, std::string> files = {
      {"/token", "t"},
      {"/c", "[default]\naws_access_key_id=from-profile\naws_secret_access_key=s"}};
  const auto asked = [&] {
    Bench bench(SettingsOf(variables, files));
    bench.transport.answer = [](const ClientRequest& request, std::size_t) {
      return ScriptedTransport::Answer(
          Fail(ErrorCode::kUnavailable, "asked " + request.origin.host, "net:http"));
    };
    return bench.Id();
  };
  EXPECT_EQ(asked(), "from-environment");
  variables.erase("AWS_ACCESS_KEY_ID");
  variables.erase("AWS_SECRET_ACCESS_KEY");
  EXPECT_THAT(asked(), HasSubstr("asked sts.amazonaws.com"));
  variables.erase("AWS_WEB_IDENTITY_TOKEN_FILE");
  EXPECT_EQ(asked(), "from-profile");
  variables.erase("AWS_SHARED_CREDENTIALS_FILE");
  EXPECT_THAT(asked(), HasSubstr("asked 169.254.170.2"));
  variables.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  EXPECT_THAT(asked(), HasSubstr("no AWS credentials"));
}

TEST(AwsCredentialChain, SaysWhereItLookedWhenThereAreNone) {
  Bench bench(SettingsOf({{"AWS_EC2_METADATA_DISABLED", "true"}}));
  const auto none = bench.Get();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kUnauthenticated);
  for (const char* place : {"AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_PROFILE",
                            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "instance metadata"}) {
    EXPECT_THAT(none.error().message, HasSubstr(place));
  }
  EXPECT_EQ(bench.requests(), 0U);
}

TEST(AwsCredentialChain, DoesNotPassOverASourceThatFails) {
  Bench bench;
  bench.transport.answer = [](const ClientRequest&, std::size_t) { return Http(500); };
  const auto failed = bench.Get();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(Describe(failed.error()), HasSubstr("AWS credentials"));
  EXPECT_EQ(bench.requests(), 1U);
}

TEST(AwsCredentialChain, KeepsKeysUntilFiveMinutesBeforeTheirEnd) {
  Bench bench;
  EXPECT_EQ(bench.Id(), "1");
  bench.clock.Advance(minutes(55) - seconds(1));
  EXPECT_EQ(bench.Id(), "1");
  EXPECT_EQ(bench.requests(), 1U);
  bench.clock.Advance(seconds(1));
  EXPECT_EQ(bench.Id(), "2");
  EXPECT_EQ(bench.Id(), "2");
  EXPECT_EQ(bench.requests(), 2U);
}

TEST(AwsCredentialChain, KeepsKeysWithoutEndUntilTheyAreForgotten) {
  std::string id = "first";
  AwsSettings settings;
  settings.environment = [&id](const std::string& name) -> std::optional<std::string> {
    if (name == "AWS_ACCESS_KEY_ID") return id;
    if (name == "AWS_SECRET_ACCESS_KEY") return "s";
    return std::nullopt;
  };
  Bench bench(settings);
  EXPECT_EQ(bench.Id(), "first");
  id = "second";
  bench.clock.Advance(std::chrono::hours(1000));
  EXPECT_EQ(bench.Id(), "first");
  bench.chain.Forget();
  EXPECT_EQ(bench.Id(), "second");
}

TEST(AwsCredentialChain, KeepsValidKeysWhenARenewalFails) {
  Bench bench;
  EXPECT_EQ(bench.Id(), "1");
  bench.transport.answer = [](const ClientRequest&, std::size_t) { return Http(500); };
  bench.clock.Advance(minutes(56));
  EXPECT_EQ(bench.Id(), "1");
  EXPECT_EQ(bench.requests(), 2U);
  EXPECT_EQ(bench.transport.requests().back().deadline, bench.clock.SteadyNow() + seconds(5));
  EXPECT_EQ(bench.Id(), "1");
  EXPECT_EQ(bench.requests(), 2U) << "tried again at once";
  bench.clock.Advance(seconds(10));
  EXPECT_EQ(bench.Id(), "1");
  EXPECT_EQ(bench.requests(), 3U);
  bench.clock.Advance(minutes(4));
  EXPECT_THAT(bench.Id(), HasSubstr("aws:500"));
  bench.transport.answer = [&](const ClientRequest&, std::size_t) {
    return Keys("new", bench.clock.Now() + minutes(60));
  };
  EXPECT_EQ(bench.Id(), "new") << "an error must not be kept";
}

TEST(AwsCredentialChain, DoesNotAskForeverForKeysThatEndSoon) {
  Bench bench;
  bench.transport.answer = [&](const ClientRequest&, std::size_t number) {
    return Keys(std::to_string(number + 1), bench.clock.Now() + minutes(2));
  };
  EXPECT_EQ(bench.Id(), "1");
  EXPECT_EQ(bench.Id(), "1");
  bench.clock.Advance(seconds(10));
  EXPECT_EQ(bench.Id(), "2");
}

TEST(AwsCredentialChain, RefusesKeysThatHaveEndedWhenTheyCome) {
  Bench bench;
  bench.transport.answer = [&](const ClientRequest&, std::size_t) {
    return Keys("old", bench.clock.Now());
  };
  EXPECT_THAT(bench.Id(), HasSubstr("clock"));
}

TEST(AwsCredentialChain, DoesNotFallBackToForgottenKeys) {
  Bench bench;
  EXPECT_EQ(bench.Id(), "1");
  bench.chain.Forget();
  EXPECT_EQ(bench.Id(), "2");
  bench.chain.Forget();
  bench.transport.answer = [](const ClientRequest&, std::size_t) { return Lost(); };
  EXPECT_THAT(bench.Id(), HasSubstr("broke off"));
}

TEST(AwsCredentialChain, NeverQuotesASecret) {
  Bench bench;
  bench.transport.answer = [](const ClientRequest&, std::size_t) {
    return Http(200, R"({"AccessKeyId":"hush","SecretAccessKey":"hush","Token":"hush"})");
  };
  EXPECT_THAT(bench.Id(), Not(HasSubstr("hush")));
}

/// Holds requests until it is opened.
class Gate {
 public:
  void Open() {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void Pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void AwaitArrival() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return arrived_ > 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  int arrived_ = 0;
};

TEST(AwsCredentialChain, AsksOnceForManyCallers) {
  Bench bench;
  Gate gate;
  bench.transport.answer = [&](const ClientRequest&, std::size_t number) {
    gate.Pass();
    return Keys(std::to_string(number + 1), bench.clock.Now() + minutes(60));
  };
  std::atomic<int> with_first = 0;
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] { with_first += bench.Id() == "1" ? 1 : 0; });
    }
    gate.AwaitArrival();
    gate.Open();
  }
  EXPECT_EQ(with_first, 8);
  EXPECT_EQ(bench.requests(), 1U);
}

TEST(AwsCredentialChain, GivesOldKeysToOthersWhileOneRenews) {
  Bench bench;
  EXPECT_EQ(bench.Id(), "1");
  bench.clock.Advance(minutes(56));
  Gate gate;
  bench.transport.answer = [&](const ClientRequest&, std::size_t) {
    gate.Pass();
    return Keys("2", bench.clock.Now() + minutes(60));
  };
  std::jthread renewing([&] { EXPECT_EQ(bench.Id(), "2"); });
  gate.AwaitArrival();
  EXPECT_EQ(bench.Id(), "1");
  gate.Open();
  renewing.join();
  EXPECT_EQ(bench.Id(), "2");
  EXPECT_EQ(bench.requests(), 2U);
}

TEST(AwsCredentialChain, WaitsForAnothersAnswerUntilTheDeadlineAlone) {
  Bench bench;
  Gate gate;
  bench.transport.answer = [&](const ClientRequest&, std::size_t) {
    gate.Pass();
    return Keys("1", bench.clock.Now() + minutes(60));
  };
  std::jthread asking([&] { EXPECT_EQ(bench.Id(), "1"); });
  gate.AwaitArrival();
  for (const auto left : {std::chrono::milliseconds(0), std::chrono::milliseconds(1)}) {
    const auto late = bench.chain.Get(bench.clock.SteadyNow() + left);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().code, ErrorCode::kTimeout);
  }
  gate.Open();
}

TEST(AwsCredentialChain, LetsTheNextCallerTryWhenTheFirstFailed) {
  Bench bench;
  Gate gate;
  bench.transport.answer = [&](const ClientRequest&, std::size_t number) {
    if (number > 0) return ScriptedTransport::Answer(Keys("2", bench.clock.Now() + minutes(60)));
    gate.Pass();
    return Lost();
  };
  std::jthread first([&] { EXPECT_THAT(bench.Id(), HasSubstr("broke off")); });
  gate.AwaitArrival();
  std::jthread second([&] { EXPECT_EQ(bench.Id(), "2"); });
  gate.Open();
}

}  // namespace
}  // namespace revops::net
