#include "core/net/aws/answers.h"

#include <algorithm>
#include <optional>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <pugixml.hpp>

#include "core/net/http_syntax.h"

namespace revops::net {
namespace {

constexpr std::size_t kCodeBytesMax = 64;
/// What fits into a header field with room to spare.
constexpr std::size_t kTokenBytesMax = 8000;

Unexpected NoKeys() {
  return Fail(ErrorCode::kCorrupt, "the answer holds no usable credentials", "aws:credentials");
}

boost::json::value ParseJson(std::string_view body) {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(body, error);
  return error ? boost::json::value() : value;
}

std::string Text(const boost::json::value& object, std::string_view name) {
  const auto* members = object.if_object();
  const auto* value = members != nullptr ? members->if_contains(name) : nullptr;
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<AwsCredentials> Checked(AwsCredentials keys, const std::string& end) {
  keys.expires_at = ParseInstant(end);
  const bool is_whole = keys.expires_at && !keys.access_key_id.empty() &&
                        !keys.secret_access_key.empty() && !keys.session_token.empty();
  if (!is_whole || !IsPrintable(keys.access_key_id) || !IsPrintable(keys.session_token)) {
    return NoKeys();
  }
  return keys;
}

/// Three parts of base64url.
bool IsJwt(std::string_view text) {
  if (text.size() > kTokenBytesMax) return false;
  int parts = 0;
  for (; !text.empty(); ++parts) {
    const std::string_view part = TakeUntil(text, '.');
    const bool is_word = std::all_of(part.begin(), part.end(), [](char c) {
      return IsAlphanumeric(static_cast<unsigned char>(c)) || c == '-' || c == '_';
    });
    if (part.empty() || !is_word) return false;
  }
  return parts == 3;
}

/// Codes are words; anything else is no code and does not belong into an error.
std::string Code(std::string_view text) {
  const bool is_word =
      text.size() <= kCodeBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
        return IsAlphanumeric(static_cast<unsigned char>(c)) || c == '.' || c == '_';
      });
  return is_word ? std::string(text) : std::string();
}

}  // namespace

Result<AwsCredentials> ReadCredentialsJson(std::string_view body) {
  const boost::json::value answer = ParseJson(body);
  const std::string code = Text(answer, "Code");
  if (!code.empty() && code != "Success") return NoKeys();
  return Checked({Text(answer, "AccessKeyId"), Text(answer, "SecretAccessKey"),
                  Text(answer, "Token"), std::nullopt},
                 Text(answer, "Expiration"));
}

Result<AwsCredentials> ReadAssumedRole(std::string_view body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) return NoKeys();
  const auto keys = document.child("AssumeRoleWithWebIdentityResponse")
                        .child("AssumeRoleWithWebIdentityResult")
                        .child("Credentials");
  return Checked({keys.child_value("AccessKeyId"), keys.child_value("SecretAccessKey"),
                  keys.child_value("SessionToken"), std::nullopt},
                 keys.child_value("Expiration"));
}

Result<std::string> ReadSecretString(std::string_view body) {
  const boost::json::value answer = ParseJson(body);
  const auto* members = answer.if_object();
  const auto* secret = members != nullptr ? members->if_contains("SecretString") : nullptr;
  if (secret != nullptr && secret->is_string()) return std::string(secret->get_string());
  if (members != nullptr && members->if_contains("SecretBinary") != nullptr) {
    return Fail(ErrorCode::kUnsupported, "the secret holds bytes: store it as text",
                "aws:SecretBinary");
  }
  return Fail(ErrorCode::kCorrupt, "the answer holds no secret", "aws:secret");
}

Result<Secret> ReadWebIdentityToken(std::string_view body) {
  pugi::xml_document document;
  std::string_view token;
  if (document.load_buffer(body.data(), body.size())) {
    token = document.child("GetWebIdentityTokenResponse")
                .child("GetWebIdentityTokenResult")
                .child_value("WebIdentityToken");
  }
  if (IsJwt(token)) return Secret(token);
  return Fail(ErrorCode::kCorrupt, "the answer holds no usable token", "aws:token");
}

std::string ReadXmlErrorCode(std::string_view body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) return {};
  return Code(document.child("ErrorResponse").child("Error").child_value("Code"));
}

std::string ReadJsonErrorCode(std::string_view body) {
  const boost::json::value answer = ParseJson(body);
  std::string code = Text(answer, "__type");
  if (code.empty()) code = Text(answer, "code");
  return Code(code.substr(code.find('#') + 1));
}

}  // namespace revops::net
