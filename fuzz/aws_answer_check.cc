#include "fuzz/aws_answer_check.h"

#include <algorithm>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/check.h"
#include "core/net/aws/answers.h"
#include "core/net/aws/endpoint.h"
#include "core/net/aws/settings.h"
#include "core/net/client_origin.h"

namespace revops::fuzz {
namespace {

namespace json = boost::json;

bool is_text(const std::string& text, char least) {
  return std::all_of(text.begin(), text.end(), [least](char c) { return c >= least && c <= '~'; });
}

void CheckKeys(const Result<net::AwsCredentials>& keys) {
  if (!keys) {
    REVOPS_CHECK(keys.error().code == ErrorCode::kCorrupt);
    return;
  }
  REVOPS_CHECK(!keys->access_key_id.empty() && !keys->secret_access_key.empty());
  REVOPS_CHECK(!keys->session_token.empty() && keys->expires_at.has_value());
  REVOPS_CHECK(is_text(keys->access_key_id, '!') && is_text(keys->session_token, '!'));
}

void CheckJson(std::string_view bytes) {
  json::error_code error;
  const json::value peer = json::parse({bytes.data(), bytes.size()}, error);
  const auto keys = net::ReadCredentialsJson(bytes);
  const auto secret = net::ReadSecretString(bytes);
  CheckKeys(keys);
  REVOPS_CHECK(!error || (!keys && !secret));
  if (keys) REVOPS_CHECK(peer.at("SecretAccessKey").as_string() == keys->secret_access_key);
  if (secret) REVOPS_CHECK(peer.at("SecretString").as_string() == *secret);
}

void CheckCode(const std::string& code) {
  REVOPS_CHECK(code.size() <= 64 && is_text(code, '.') && code.find('/') == std::string::npos);
}

void CheckSections(std::string_view bytes) {
  const auto sections = net::ReadSections(bytes);
  std::string written;
  for (const auto& [name, entries] : sections) {
    written += "[" + name + "]\n";
    for (const auto& [key, value] : entries) written.append(key).append("=" + value + "\n");
  }
  REVOPS_CHECK(net::ReadSections(written) == sections);
}

void CheckUrl(std::string_view bytes) {
  const auto url = net::ParseAwsUrl(bytes);
  if (!url) return;
  REVOPS_CHECK(net::IsHost(url->origin.host) && url->origin.port != 0);
  const std::string written =
      (url->origin.tls ? "https://" : "http://") + net::Describe(url->origin) + url->target;
  const auto again = net::ParseAwsUrl(written);
  REVOPS_CHECK(again && again->origin == url->origin && again->target == url->target);
}

}  // namespace

void CheckAwsAnswer(std::string_view bytes) {
  CheckJson(bytes);
  CheckKeys(net::ReadAssumedRole(bytes));
  if (const auto token = net::ReadWebIdentityToken(bytes)) {
    const std::string text(token->reveal());
    REVOPS_CHECK(text.size() <= 8000 && is_text(text, '-'));
    REVOPS_CHECK(std::count(text.begin(), text.end(), '.') == 2);
  }
  CheckCode(net::ReadXmlErrorCode(bytes));
  CheckCode(net::ReadJsonErrorCode(bytes));
  CheckSections(bytes);
  CheckUrl(bytes);
}

}  // namespace revops::fuzz
