#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/net/http_client.h"
#include "core/store/object_store.h"
#include "core/store/s3/errors.h"

namespace revops::store {

/// What an answer other than success says, as far as it can be read: an answer of something else
/// than S3 has its status alone.
S3Failure ReadFailure(const net::ClientResponse& response);

/// One answer of ListObjectsV2.
struct S3ListPage {
  std::vector<ObjectInfo> objects;  ///< in the order of the answer, under their whole keys in S3
  std::string next_token;           ///< empty: the last page
};

/// Errors: kUnavailable for what is not such an answer: junk, a part of one, a page that says that
///         there are more but not how to ask for them, another number of objects than it says.
Result<S3ListPage> ReadListPage(std::string_view body);

/// Percent-encoded but for A–Z a–z 0–9 - _ . ~
std::string EncodeQueryValue(std::string_view text);

}  // namespace revops::store
