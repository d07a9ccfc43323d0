#include "core/warehouse/snowflake/account.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/sales/normalize.h"

namespace revops::warehouse {
namespace {

constexpr std::array<std::string_view, 2> kDomains = {".snowflakecomputing.com",
                                                      ".snowflakecomputing.cn"};
constexpr std::size_t kLabelMax = 63;

/// Does not repeat what was given: people paste addresses with a password.
Unexpected NoAccount() {
  return Fail(ErrorCode::kInvalidArgument,
              "this is no Snowflake account: give organisation-account as in "
              "https://ORGANISATION-ACCOUNT.snowflakecomputing.com (in Snowflake: your name at "
              "the bottom left, Account, View account details)");
}

std::string Upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_label(std::string_view text) {
  const auto fits = [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= kLabelMax && is_alphanumeric(text.front()) &&
         is_alphanumeric(text.back()) && std::all_of(text.begin(), text.end(), fits);
}

/// Labels between dots, the last of which is no top-level domain: another service's address.
bool is_name(std::string_view text) {
  std::string_view label;
  while (true) {
    const auto dot = text.find('.');
    label = text.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return label != "com" && label != "cn";
    text.remove_prefix(dot + 1);
  }
}

/// Regions in China have a domain of their own.
std::string_view DomainOf(std::string_view account) {
  return account.find(".cn-") == std::string_view::npos ? kDomains[0] : kDomains[1];
}

/// Cuts `ending` off; false when it is not there.
bool CutEnding(std::string& text, std::string_view ending) {
  if (!text.ends_with(ending)) return false;
  text.resize(text.size() - ending.size());
  return true;
}

/// A locator loses its region and cloud; a global identifier what follows its first hyphen. Dots
/// that are left become hyphens.
std::string TokenName(const std::string& account) {
  const bool is_global = account.find(".global") != std::string::npos;
  std::string name = Upper(account.substr(0, account.find(is_global ? '-' : '.')));
  std::replace(name.begin(), name.end(), '.', '-');
  return name;
}

/// An address with a port.
Result<SnowflakeAccount> ParseServer(const std::string& url) {
  auto origin = net::ParseOrigin(url);
  if (!origin) return NoAccount();
  const std::string host = origin->host;
  if (host.ends_with(kDomains[0]) || host.ends_with(kDomains[1])) {
    return ParseSnowflakeAccount(host);
  }
  return SnowflakeAccount{*std::move(origin), TokenName(host)};
}

}  // namespace

Result<SnowflakeAccount> ParseSnowflakeAccount(std::string_view text) {
  std::string account = sales::Fold(sales::Trim(text));
  if (account.starts_with("https://")) account.erase(0, 8);
  account.erase(std::min(account.find_first_of("/?#"), account.size()));
  if (account.find(':') != std::string::npos) {
    return ParseServer("https://" + account);
  }
  std::string_view domain = DomainOf(account);
  for (const std::string_view known : kDomains) {
    if (CutEnding(account, known)) domain = known;
  }
  if (!is_name(account)) return NoAccount();
  SnowflakeAccount parsed;
  parsed.token_name = TokenName(account);
  // A host name has no underscore; Snowflake takes a hyphen in its place.
  if (account.find('.') == std::string::npos) {
    std::replace(account.begin(), account.end(), '_', '-');
  }
  parsed.origin = {true, account + std::string(domain), 443};
  return parsed;
}

}  // namespace revops::warehouse
