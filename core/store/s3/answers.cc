#include "core/store/s3/answers.h"

#include <optional>

#include <pugixml.hpp>

#include "core/base/money.h"

namespace revops::store {
namespace {

/// Nothing that S3 says in an error is longer.
constexpr std::size_t kFailureBytesMax = 64UL * 1024;

Unexpected NoListing(const std::string& why) {
  return Fail(ErrorCode::kUnavailable, "S3: an answer is not a list of objects: " + why, "s3:list");
}

/// Whether all of `body` is one XML document. Knows no entities but XML's own.
bool Parse(std::string_view body, pugi::xml_document& document) {
  // The parser ends at a NUL without a word.
  if (body.find('\0') != std::string_view::npos) return false;
  return static_cast<bool>(document.load_buffer(body.data(), body.size(),
                                                pugi::parse_default | pugi::parse_ws_pcdata_single,
                                                pugi::encoding_utf8));
}

S3Failure FailureIn(const pugi::xml_node& error, int status) {
  return {status, error.child_value("Code"), error.child_value("Message"),
          error.child_value("Region"), error.child_value("RequestId")};
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Of encoding-type=url, where a '+' is a space.
std::optional<std::string> DecodeKey(std::string_view text) {
  std::string key;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      key += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = high >= 0 ? HexValue(text[i + 2]) : -1;
    if (low < 0) return std::nullopt;
    key += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return key;
}

std::optional<std::uint64_t> Number(std::string_view text) {
  const auto number = ParseDecimal(text);
  if (!number || *number < 0 || *number > INT64_MAX) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

Result<ObjectInfo> ReadObject(const pugi::xml_node& contents, bool is_encoded) {
  const char* name = contents.child_value("Key");
  const auto key = is_encoded ? DecodeKey(name) : std::string(name);
  const auto size = Number(contents.child_value("Size"));
  const auto modified_at = ParseInstant(contents.child_value("LastModified"));
  if (key && !key->empty() && size && modified_at) return ObjectInfo{*key, *size, *modified_at};
  return NoListing("an object lacks its key, size or time");
}

}  // namespace

S3Failure ReadFailure(const net::ClientResponse& response) {
  S3Failure failure{response.status, {}, {}, {}, {}};
  pugi::xml_document document;
  if (response.body.size() <= kFailureBytesMax && Parse(response.body, document)) {
    failure = FailureIn(document.child("Error"), response.status);
  }
  if (const auto region = response.header("x-amz-bucket-region"); region && failure.region.empty())
    failure.region = *region;
  if (const auto id = response.header("x-amz-request-id"); id && failure.request_id.empty())
    failure.request_id = *id;
  return failure;
}

Result<S3ListPage> ReadListPage(std::string_view body) {
  pugi::xml_document document;
  if (!Parse(body, document)) return NoListing("it is no XML");
  const pugi::xml_node list = document.child("ListBucketResult");
  if (!list) return NoListing("it is something else");
  const std::string_view encoding = list.child_value("EncodingType");
  if (!encoding.empty() && encoding != "url") return NoListing("its encoding is unknown");
  S3ListPage page;
  for (const pugi::xml_node& contents : list.children("Contents")) {
    REVOPS_TRY_ASSIGN(ObjectInfo info, ReadObject(contents, !encoding.empty()));
    page.objects.push_back(std::move(info));
  }
  const std::string_view count = list.child_value("KeyCount");
  if (!count.empty() && Number(count) != page.objects.size())
    return NoListing("objects are missing");
  const std::string_view truncated = list.child_value("IsTruncated");
  page.next_token = list.child_value("NextContinuationToken");
  if (truncated == "false") {
    page.next_token.clear();
    return page;
  }
  if (truncated != "true") return NoListing("it does not say whether there are more");
  if (page.next_token.empty()) return NoListing("it does not say how to ask for more");
  return page;
}

std::string EncodeQueryValue(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
    if (is_plain) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return encoded;
}

}  // namespace revops::store
