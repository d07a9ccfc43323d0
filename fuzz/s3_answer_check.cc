#include "fuzz/s3_answer_check.h"

#include <algorithm>
#include <string>

#include "core/base/check.h"
#include "core/store/s3/answers.h"

namespace revops::fuzz {
namespace {

constexpr std::size_t kMessageMax = 1200;

/// The page as S3 writes it, its keys URL-encoded.
std::string Rendered(const store::S3ListPage& page) {
  std::string body = "<ListBucketResult><EncodingType>url</EncodingType><KeyCount>" +
                     std::to_string(page.objects.size()) + "</KeyCount><IsTruncated>false" +
                     "</IsTruncated>";
  for (const store::ObjectInfo& info : page.objects) {
    body += "<Contents><Key>" + store::EncodeQueryValue(info.key) + "</Key><Size>" +
            std::to_string(info.size_bytes) + "</Size><LastModified>" + ToString(info.modified_at) +
            "</LastModified></Contents>";
  }
  return body + "</ListBucketResult>";
}

void CheckPage(const store::S3ListPage& page) {
  const auto again = store::ReadListPage(Rendered(page));
  REVOPS_CHECK(again.has_value());
  REVOPS_CHECK(again->objects.size() == page.objects.size());
  for (std::size_t i = 0; i < page.objects.size(); ++i) {
    REVOPS_CHECK(!page.objects[i].key.empty());
    REVOPS_CHECK(again->objects[i].key == page.objects[i].key);
    REVOPS_CHECK(again->objects[i].size_bytes == page.objects[i].size_bytes);
    REVOPS_CHECK(again->objects[i].modified_at == page.objects[i].modified_at);
  }
}

}  // namespace

void CheckS3Answer(std::string_view bytes) {
  if (const auto page = store::ReadListPage(bytes)) CheckPage(*page);
  const Error error = store::ToError(store::ReadFailure({403, {}, std::string(bytes)}));
  const std::string text = error.message + error.origin;
  REVOPS_CHECK(text.size() <= kMessageMax);
  REVOPS_CHECK(std::none_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; }));
}

}  // namespace revops::fuzz
