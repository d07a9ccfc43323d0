#include "core/net/aws/credential_sources.h"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/aws/settings_testing.h"
#include "core/net/scripted_testing.h"

namespace revops::net {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Variables = std::map<std::string, std::string>;

constexpr const char* kJsonKeys =
    R"({"Code":"Success","AccessKeyId":"ASIA1","SecretAccessKey":"hush-key","Token":"hush-token",)"
    R"("Expiration":"2026-11-22T08:00:00Z"})";
constexpr const char* kXmlKeys =
    "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
    "<AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>hush-key</SecretAccessKey>"
    "<SessionToken>hush-token</SessionToken><Expiration>2026-11-22T08:00:00Z</Expiration>"
    "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>";

using Source = FoundKeys (*)(const SourceContext&);

/// One source, its surroundings and what it asked.
struct Bench {
  PausedClock clock;
  ScriptedTransport transport;

  Bench() {
    transport.answer = [](const ClientRequest&, std::size_t) { return Http(200, kJsonKeys); };
  }
  void Answer(std::vector<ScriptedTransport::Answer> answers) {
    transport.answer = [answers = std::move(answers)](const ClientRequest&, std::size_t number) {
      return answers[std::min(number, answers.size() - 1)];
    };
  }
  FoundKeys Ask(Source source, const AwsSettings& settings) {
    return source({settings, transport, clock, clock.SteadyNow() + std::chrono::seconds(20)});
  }
  ClientRequest request(std::size_t number = 0) const { return transport.requests().at(number); }
};

void ExpectKeys(const FoundKeys& found) {
  ASSERT_TRUE(found) << Describe(found.error());
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->access_key_id, "ASIA1");
  EXPECT_EQ((*found)->secret_access_key, "hush-key");
  EXPECT_EQ((*found)->session_token, "hush-token");
  EXPECT_EQ((*found)->expires_at, ParseInstant("2026-11-22T08:00:00Z"));
}

void ExpectNone(const FoundKeys& found) {
  ASSERT_TRUE(found) << Describe(found.error());
  EXPECT_FALSE(*found);
}

void ExpectError(const FoundKeys& found, ErrorCode code, const std::string& part) {
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, code) << Describe(found.error());
  EXPECT_THAT(Describe(found.error()), AllOf(HasSubstr(part), Not(HasSubstr("hush"))));
}

std::string Field(const ClientRequest& request, std::string_view name) {
  for (const auto& [field, value] : request.headers) {
    if (field == name) return value;
  }
  return "(none)";
}

TEST(EnvironmentKeys, AreBothOrNone) {
  ExpectNone(
      KeysOfEnvironment(SettingsOf({{"AWS_SESSION_TOKEN", "t"}, {"AWS_ACCESS_KEY_ID", " "}})));
  const auto both = KeysOfEnvironment(
      SettingsOf({{"AWS_ACCESS_KEY_ID", "AKIA1"}, {"AWS_SECRET_ACCESS_KEY", "s\n"}}));
  ASSERT_TRUE(both && *both);
  EXPECT_EQ((*both)->access_key_id, "AKIA1");
  EXPECT_EQ((*both)->secret_access_key, "s");
  EXPECT_EQ((*both)->session_token, "");
  EXPECT_EQ((*both)->expires_at, std::nullopt);
  const auto temporary = KeysOfEnvironment(SettingsOf({{"AWS_ACCESS_KEY_ID", "ASIA1"},
                                                       {"AWS_SECRET_ACCESS_KEY", "s"},
                                                       {"AWS_SESSION_TOKEN", "t"}}));
  EXPECT_EQ((*temporary)->session_token, "t");
  for (const char* one : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}) {
    ExpectError(KeysOfEnvironment(SettingsOf({{one, "hush"}})), ErrorCode::kUnauthenticated,
                "one is missing");
  }
}

FoundKeys Profile(const std::string& credentials, Variables variables = {}) {
  variables["AWS_SHARED_CREDENTIALS_FILE"] = "/c";
  return KeysOfProfile(SettingsOf(std::move(variables), {{"/c", credentials}}));
}

TEST(ProfileKeys, AreThoseOfTheNamedProfile) {
  const std::string file =
      "[default]\naws_access_key_id=A\naws_secret_access_key=B\n"
      "[b]\naws_access_key_id=C\naws_secret_access_key=D\naws_session_token=E\n";
  EXPECT_EQ((*Profile(file))->access_key_id, "A");
  EXPECT_EQ((*Profile(file))->session_token, "");
  EXPECT_EQ((*Profile(file, {{"AWS_PROFILE", "b"}}))->secret_access_key, "D");
  EXPECT_EQ((*Profile(file, {{"AWS_PROFILE", "b"}}))->session_token, "E");
  ExpectError(Profile(file, {{"AWS_PROFILE", "hush"}}), ErrorCode::kUnauthenticated, "AWS_PROFILE");
}

TEST(ProfileKeys, AreNoneInAProfileWithoutAny) {
  ExpectNone(Profile(""));
  ExpectNone(Profile("[default]\nregion=eu-west-1\naws_access_key_id=\n"));
  ExpectNone(Profile("[b]\nregion=eu-west-1\n", {{"AWS_PROFILE", "b"}}));
}

TEST(ProfileKeys, AreRefusedByHalvesAndFromElsewhere) {
  ExpectError(Profile("[default]\naws_access_key_id=hush"), ErrorCode::kUnauthenticated,
              "half a key");
  ExpectError(Profile("[default]\naws_secret_access_key=hush"), ErrorCode::kUnauthenticated,
              "half a key");
  for (const std::string way : {"sso_session", "sso_start_url", "credential_process", "role_arn"}) {
    ExpectError(Profile("[default]\n" + way + "=hush"), ErrorCode::kUnsupported, way);
  }
  ExpectError(Profile("[default]\nrole_arn=r\naws_access_key_id=a\naws_secret_access_key=hush"),
              ErrorCode::kUnsupported, "role_arn");
}

const Variables kWebIdentity = {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/token"},
                                {"AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/a+b"},
                                {"AWS_REGION", "eu-west-1"}};

AwsSettings WebIdentity(Variables more = {}, std::string token = "ey.J+/=\n") {
  more.insert(kWebIdentity.begin(), kWebIdentity.end());
  return SettingsOf(std::move(more), {{"/token", std::move(token)}});
}

TEST(WebIdentityKeys, AreAskedFromStsUnsigned) {
  Bench bench;
  bench.Answer({Http(200, kXmlKeys)});
  ExpectKeys(bench.Ask(KeysOfWebIdentity, WebIdentity()));
  const ClientRequest request = bench.request();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.origin, (HttpOrigin{true, "sts.eu-west-1.amazonaws.com", 443}));
  EXPECT_EQ(request.target, "/");
  EXPECT_EQ(request.body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fa%2Bb"
            "&RoleSessionName=revops-1795312800&WebIdentityToken=ey.J%2B%2F%3D");
  EXPECT_EQ(Field(request, "Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(Field(request, "Authorization"), "(none)");
  EXPECT_EQ(request.deadline, bench.clock.SteadyNow() + std::chrono::seconds(20));
}

TEST(WebIdentityKeys, GoToTheEndpointAndSessionThatAreSet) {
  Bench bench;
  bench.Answer({Http(200, kXmlKeys)});
  ExpectKeys(
      bench.Ask(KeysOfWebIdentity, WebIdentity({{"AWS_ROLE_SESSION_NAME", "me@x"},
                                                {"AWS_ENDPOINT_URL_STS", "http://sts:4566"}})));
  EXPECT_EQ(bench.request().origin, (HttpOrigin{false, "sts", 4566}));
  EXPECT_THAT(bench.request().body, HasSubstr("&RoleSessionName=me%40x&"));
  auto variables = kWebIdentity;
  variables.erase("AWS_REGION");
  ExpectKeys(bench.Ask(KeysOfWebIdentity, SettingsOf(variables, {{"/token", "t"}})));
  EXPECT_EQ(bench.request(1).origin.host, "sts.amazonaws.com");
}

TEST(WebIdentityKeys, NeedARoleAndAToken) {
  Bench bench;
  ExpectNone(bench.Ask(KeysOfWebIdentity, SettingsOf({{"AWS_ROLE_ARN", "a"}})));
  ExpectError(bench.Ask(KeysOfWebIdentity, SettingsOf({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/token"}})),
              ErrorCode::kUnauthenticated, "AWS_ROLE_ARN");
  ExpectError(bench.Ask(KeysOfWebIdentity, SettingsOf(kWebIdentity)), ErrorCode::kUnauthenticated,
              "missing or empty");
  ExpectError(bench.Ask(KeysOfWebIdentity, WebIdentity({}, " \n")), ErrorCode::kUnauthenticated,
              "missing or empty");
  ExpectError(bench.Ask(KeysOfWebIdentity, WebIdentity({{"AWS_REGION", "a b"}})),
              ErrorCode::kInvalidArgument, "AWS_REGION");
  ExpectError(bench.Ask(KeysOfWebIdentity, WebIdentity({{"AWS_ENDPOINT_URL_STS", "sts"}})),
              ErrorCode::kInvalidArgument, "AWS_ENDPOINT_URL_STS");
  EXPECT_TRUE(bench.transport.requests().empty());
}

TEST(WebIdentityKeys, FailAsStsSays) {
  Bench bench;
  const auto failing = [&](ScriptedTransport::Answer answer) {
    bench.Answer({std::move(answer)});
    return bench.Ask(KeysOfWebIdentity, WebIdentity({}, "hush"));
  };
  ExpectError(failing(Http(400,
                           "<ErrorResponse><Error><Code>ExpiredTokenException</Code>"
                           "<Message>hush</Message></Error></ErrorResponse>")),
              ErrorCode::kUnauthenticated, "aws:ExpiredTokenException");
  ExpectError(
      failing(Http(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")),
      ErrorCode::kPermissionDenied, "asking STS");
  ExpectError(failing(Http(503, "hush")), ErrorCode::kUnavailable, "aws:503");
  ExpectError(failing(Http(200, "<html>hush")), ErrorCode::kCorrupt, "no usable credentials");
  ExpectError(failing(Http(200, "")), ErrorCode::kCorrupt, "asking STS");
  ExpectError(failing(Lost()), ErrorCode::kUnavailable, "asking STS");
}

TEST(ContainerKeys, ComeFromTheRelativeUri) {
  Bench bench;
  ExpectNone(bench.Ask(KeysOfContainer, SettingsOf({{"AWS_CONTAINER_AUTHORIZATION_TOKEN", "t"}})));
  ExpectKeys(
      bench.Ask(KeysOfContainer,
                SettingsOf({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/a-b?id=1"},
                            {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://evil.example/"}})));
  const ClientRequest request = bench.request();
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.origin, (HttpOrigin{false, "169.254.170.2", 80}));
  EXPECT_EQ(request.target, "/v2/credentials/a-b?id=1");
  EXPECT_EQ(Field(request, "Authorization"), "(none)");
}

TEST(ContainerKeys, ArePlainHttpFromKnownHostsAlone) {
  Bench bench;
  const std::vector<std::string> allowed = {
      "http://169.254.170.2/x",   "http://169.254.170.23/v1/credentials",
      "http://[fd00:ec2::23]/x",  "http://localhost:8080/x",
      "http://127.0.0.1:51679/x", "http://127.9.9.9/x",
      "http://[::1]/x",           "https://anything.example/x",
  };
  for (const std::string& url : allowed) {
    ExpectKeys(
        bench.Ask(KeysOfContainer, SettingsOf({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}})));
  }
  const std::size_t sent = bench.transport.requests().size();
  const std::vector<std::string> refused = {
      "http://anything.example/x",
      "http://169.254.170.3/x",
      "http://169.254.169.254/x",
      "http://10.0.0.1/x",
      "http://[fd00:ec2::24]/x",
      "http://127.0.0.1.example.com/x",
      "http://localhost.example.com/x",
      "http://169.254.170.2@evil.example/x",
      "http://2130706433/x",
      "ftp://127.0.0.1/x",
      "/v2/credentials",
      "http://127.1/x",
  };
  for (const std::string& url : refused) {
    ExpectError(
        bench.Ask(KeysOfContainer, SettingsOf({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}})),
        ErrorCode::kInvalidArgument, "container");
  }
  for (const char* path : {"@evil.example/x", ":80@evil.example/", ".evil.example/x"}) {
    ExpectKeys(
        bench.Ask(KeysOfContainer, SettingsOf({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path}})));
    EXPECT_EQ(bench.transport.requests().back().origin.host, "169.254.170.2") << path;
  }
  EXPECT_EQ(bench.transport.requests().size(), sent + 3);
}

TEST(ContainerKeys, AreAskedWithTheTokenOfAFileBeforeThatOfAVariable) {
  Bench bench;
  Variables variables = {
      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"},
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic abc"}};
  ExpectKeys(bench.Ask(KeysOfContainer, SettingsOf(variables)));
  EXPECT_EQ(Field(bench.request(), "Authorization"), "Basic abc");
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  ExpectKeys(bench.Ask(KeysOfContainer, SettingsOf(variables, {{"/token", "eyJ.x\n"}})));
  EXPECT_EQ(Field(bench.request(1), "Authorization"), "eyJ.x");
  for (const char* bad : {"", "\n", "hush\r\nX: y"}) {
    ExpectError(bench.Ask(KeysOfContainer, SettingsOf(variables, {{"/token", bad}})),
                ErrorCode::kUnauthenticated, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  }
  ExpectError(bench.Ask(KeysOfContainer, SettingsOf(variables)), ErrorCode::kUnauthenticated,
              "missing");
}

TEST(ContainerKeys, FailWithTheirEndpoint) {
  Bench bench;
  const AwsSettings settings = SettingsOf({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}});
  bench.Answer({Http(500, "hush"), Http(404, "hush"), Http(200, "hush"), Lost()});
  ExpectError(bench.Ask(KeysOfContainer, settings), ErrorCode::kUnavailable, "aws:500");
  ExpectError(bench.Ask(KeysOfContainer, settings), ErrorCode::kNotFound, "aws:404");
  ExpectError(bench.Ask(KeysOfContainer, settings), ErrorCode::kCorrupt, "no usable credentials");
  ExpectError(bench.Ask(KeysOfContainer, settings), ErrorCode::kUnavailable, "credential endpoint");
}

TEST(InstanceKeys, TakeATokenARoleAndItsKeys) {
  Bench bench;
  bench.Answer({Http(200, "AQAEA=="), Http(200, "web role@1\nother\n"), Http(200, kJsonKeys)});
  ExpectKeys(bench.Ask(KeysOfInstance, SettingsOf({{"AWS_EC2_METADATA_DISABLED", "false"}})));
  const auto requests = bench.transport.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].method, "PUT");
  EXPECT_EQ(requests[0].target, "/latest/api/token");
  EXPECT_EQ(Field(requests[0], "X-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(requests[1].target, "/latest/meta-data/iam/security-credentials/");
  EXPECT_EQ(requests[2].target, "/latest/meta-data/iam/security-credentials/web%20role%401");
  for (const ClientRequest& request : requests) {
    EXPECT_EQ(request.origin, (HttpOrigin{false, "169.254.169.254", 80}));
    EXPECT_EQ(request.deadline, bench.clock.SteadyNow() + std::chrono::seconds(1));
  }
  EXPECT_EQ(Field(requests[1], "X-aws-ec2-metadata-token"), "AQAEA==");
  EXPECT_EQ(Field(requests[2], "X-aws-ec2-metadata-token"), "AQAEA==");
}

TEST(InstanceKeys, AreNotAskedForWhenDisabled) {
  Bench bench;
  ExpectNone(bench.Ask(KeysOfInstance, SettingsOf({{"AWS_EC2_METADATA_DISABLED", "TRUE"}})));
  EXPECT_TRUE(bench.transport.requests().empty());
}

TEST(InstanceKeys, AreNoneWhereNoServiceOrNoRoleIs) {
  const std::vector<std::vector<ScriptedTransport::Answer>> cases = {
      {Lost()},
      {Fail(ErrorCode::kTimeout, "late", "net:connect")},
      {Http(403)},
      {Http(200, "")},
      {Http(200, "<html> </html>")},
      {Http(200, "token"), Http(404)},
      {Http(200, "token"), Http(200, "\n")},
  };
  for (const auto& answers : cases) {
    Bench bench;
    bench.Answer(answers);
    ExpectNone(bench.Ask(KeysOfInstance, SettingsOf({})));
    EXPECT_EQ(bench.transport.requests().size(), answers.size());
  }
}

TEST(InstanceKeys, FailWhereTheServiceKnowsARoleAndFails) {
  struct Case {
    std::vector<ScriptedTransport::Answer> after_token;
    ErrorCode code;
  };
  const std::vector<Case> cases = {
      {{Lost()}, ErrorCode::kUnavailable},
      {{Http(500, "hush")}, ErrorCode::kUnavailable},
      {{Http(200, "role"), Lost()}, ErrorCode::kUnavailable},
      {{Http(200, "role"), Http(401, "hush")}, ErrorCode::kUnauthenticated},
      {{Http(200, "role"),
        Http(200, R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"hush"})")},
       ErrorCode::kCorrupt},
      {{Http(200, "role"), Http(200, "hush")}, ErrorCode::kCorrupt},
  };
  for (const Case& test : cases) {
    Bench bench;
    auto answers = test.after_token;
    answers.insert(answers.begin(), Http(200, "token"));
    bench.Answer(answers);
    ExpectError(bench.Ask(KeysOfInstance, SettingsOf({})), test.code, "instance metadata service");
  }
}

TEST(InstanceKeys, ComeFromTheEndpointThatIsSet) {
  Bench bench;
  ExpectError(bench.Ask(KeysOfInstance, SettingsOf({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "x"}})),
              ErrorCode::kInvalidArgument, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  bench.Answer({Http(200, "token"), Http(200, "role"), Http(200, kJsonKeys)});
  ExpectKeys(bench.Ask(KeysOfInstance, SettingsOf({{"AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                                    "http://[fd00:ec2::254]"}})));
  EXPECT_EQ(bench.request().origin, (HttpOrigin{false, "fd00:ec2::254", 80}));
}

}  // namespace
}  // namespace revops::net
