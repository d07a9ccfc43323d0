#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/net/http_client.h"

namespace revops::store {

/// As x-amz-checksum-sha256 has it: base64 of the SHA-256.
std::string ChecksumOf(std::string_view bytes);

/// Checks the body of a GET by x-amz-checksum-sha256 where the answer has it, else by an ETag that
/// is an MD5: of an object that was put whole and is not encrypted with a key of KMS or of the
/// customer. What has neither passes: length and TLS alone vouch for it then.
/// Errors: kCorrupt.
Result<void> CheckBody(const net::ClientResponse& response);

/// What an answer's ETag says, in quotes; empty when there is none that can be sent back.
std::string ETagOf(const net::ClientResponse& response);

/// Whether it is one that ETagOf has made.
bool is_etag(std::string_view text);

}  // namespace revops::store
