#include "core/store/s3/answers.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/store/s3/checksum.h"
#include "fuzz/replay.h"
#include "fuzz/s3_answer_check.h"

namespace revops::store {
namespace {

constexpr const char* kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";

std::string Contents(const std::string& key, const std::string& size = "7") {
  return "<Contents><Key>" + key +
         "</Key><LastModified>2026-11-22T02:00:00.000Z</LastModified><ETag>&quot;x&quot;</ETag>"
         "<Size>" +
         size + "</Size><StorageClass>STANDARD</StorageClass></Contents>";
}

std::string List(const std::string& inner) { return kHead + inner + "</ListBucketResult>"; }

const std::string kLast = "<IsTruncated>false</IsTruncated>";

TEST(S3Answer, ReplaysTheCorpus) {
  EXPECT_GE(fuzz::Replay("fuzz/corpus/s3_answer", fuzz::CheckS3Answer), 20U);
}

TEST(S3ListPage, HasKeySizeAndTime) {
  const auto page = ReadListPage(
      List("<Name>b</Name><Prefix>a</Prefix><KeyCount>2</KeyCount><MaxKeys>1000</MaxKeys>"
           "<EncodingType>url</EncodingType>" +
           kLast + Contents("a/b%2Fc%20d+e%C3%A9%2B", "0") + Contents("a/b", "5000000000")));
  ASSERT_TRUE(page) << Describe(page.error());
  ASSERT_EQ(page->objects.size(), 2U);
  EXPECT_EQ(page->objects[0].key, "a/b/c d e\xC3\xA9+");
  EXPECT_EQ(page->objects[0].size_bytes, 0U);
  EXPECT_EQ(page->objects[1].size_bytes, 5'000'000'000U);
  EXPECT_EQ(ToString(page->objects[1].modified_at), "2026-11-22T02:00:00.000Z");
  EXPECT_EQ(page->next_token, "");
}

TEST(S3ListPage, ReadsKeysAsTheyAreWhenTheyAreNotEncoded) {
  const auto page = ReadListPage(List(kLast + Contents("a%2Fb&amp;+")));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->objects[0].key, "a%2Fb&+");
}

TEST(S3ListPage, SaysHowToGoOn) {
  const auto page = ReadListPage(
      List("<IsTruncated>true</IsTruncated><NextContinuationToken>1/+=x</NextContinuationToken>"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->next_token, "1/+=x");
  EXPECT_EQ(EncodeQueryValue(page->next_token), "1%2F%2B%3Dx");
}

TEST(S3ListPage, IsNothingElse) {
  const std::string whole = List(kLast + Contents("a"));
  for (const std::string& body : {
           std::string(),
           std::string("<html><body>busy<br></body></html>"),
           std::string("{}"),
           std::string("<ListBucketResult/>"),
           std::string("<Error><Code>InternalError</Code></Error>"),
           whole.substr(0, whole.size() - 5),
           whole + std::string("\0", 1),
           List("<KeyCount>2</KeyCount>" + kLast + Contents("a")),
           List("<KeyCount>x</KeyCount>" + kLast + Contents("a")),
           List(Contents("a")),
           List("<IsTruncated>perhaps</IsTruncated>"),
           List("<IsTruncated>true</IsTruncated>"),
           List(kLast + "<Contents><Key>a</Key></Contents>"),
           List(kLast + Contents("a", "-1")),
           List(kLast + Contents("a", "99999999999999999999999")),
           List(kLast + Contents("")),
           List("<EncodingType>base64</EncodingType>" + kLast),
           List("<EncodingType>url</EncodingType>" + kLast + Contents("a%2")),
           List("<EncodingType>url</EncodingType>" + kLast + Contents("a%zz")),
       }) {
    const auto page = ReadListPage(body);
    ASSERT_FALSE(page) << body;
    EXPECT_EQ(page.error().code, ErrorCode::kUnavailable) << body;
    EXPECT_EQ(page.error().origin, "s3:list") << body;
  }
}

TEST(S3ListPage, ExpandsNoEntitiesOfADocument) {
  const auto page =
      ReadListPage("<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" +
                   List(kLast + Contents("&x;")).substr(std::string(kHead).find('\n') + 1));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->objects[0].key, "&x;");
}

TEST(S3Failure, IsReadFromXmlAndHeaders) {
  net::ClientResponse response{
      301,
      {{"x-amz-bucket-region", "eu-central-1"}, {"x-amz-request-id", "R1"}},
      "<Error><Code>PermanentRedirect</Code><Message>a &amp; b</Message></Error>"};
  const S3Failure failure = ReadFailure(response);
  EXPECT_EQ(failure.status, 301);
  EXPECT_EQ(failure.code, "PermanentRedirect");
  EXPECT_EQ(failure.message, "a & b");
  EXPECT_EQ(failure.region, "eu-central-1");
  EXPECT_EQ(failure.request_id, "R1");
  response.body =
      "<Error><Code>X</Code><Region>us-west-2</Region><RequestId>R2</RequestId></Error>";
  EXPECT_EQ(ReadFailure(response).region, "us-west-2");
  EXPECT_EQ(ReadFailure(response).request_id, "R2");
}

TEST(S3Failure, HasItsStatusAloneWhenSomethingElseAnswers) {
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("{\"Code\":\"NoSuchKey\"}"),
        std::string("<Fault><Code>NoSuchKey</Code></Fault>"),
        "<Error><Code>NoSuchKey</Code></Error>" + std::string(100'000, ' ')}) {
    EXPECT_EQ(ReadFailure({404, {}, body}).code, "");
    EXPECT_EQ(ReadFailure({404, {}, body}).status, 404);
  }
}

net::ClientResponse Body(std::string body,
                         std::vector<std::pair<std::string, std::string>> headers) {
  return {200, std::move(headers), std::move(body)};
}

constexpr const char* kMd5OfAbc = "\"900150983cd24fb0d6963f7d28e17f72\"";
constexpr const char* kWrongMd5 = "\"900150983cd24fb0d6963f7d28e17f73\"";
constexpr const char* kSha256OfAbc = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

TEST(S3Checksum, IsBase64OfTheSha256) {
  EXPECT_EQ(ChecksumOf("abc"), kSha256OfAbc);
  EXPECT_EQ(ChecksumOf(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
}

TEST(S3Checksum, IsComparedWithTheBody) {
  EXPECT_TRUE(CheckBody(Body("abc", {{"x-amz-checksum-sha256", kSha256OfAbc}})));
  const auto damaged = CheckBody(Body("abd", {{"x-amz-checksum-sha256", kSha256OfAbc}}));
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(damaged.error().origin, "s3:checksum");
  // It counts more than an ETag, which may be something else than an MD5.
  EXPECT_TRUE(
      CheckBody(Body("abc", {{"x-amz-checksum-sha256", kSha256OfAbc}, {"ETag", kWrongMd5}})));
}

TEST(S3Checksum, IsTheETagWhereItIsAnMd5) {
  EXPECT_TRUE(CheckBody(Body("abc", {{"ETag", kMd5OfAbc}})));
  EXPECT_FALSE(CheckBody(Body("abc", {{"ETag", kWrongMd5}})));
  EXPECT_FALSE(
      CheckBody(Body("abc", {{"ETag", kWrongMd5}, {"x-amz-server-side-encryption", "AES256"}})));
  for (const char* kind : {"aws:kms", "aws:kms:dsse"}) {
    EXPECT_TRUE(
        CheckBody(Body("abc", {{"ETag", kWrongMd5}, {"x-amz-server-side-encryption", kind}})));
  }
  EXPECT_TRUE(
      CheckBody(Body("abc", {{"ETag", kWrongMd5},
                             {"x-amz-server-side-encryption-customer-algorithm", "AES256"}})));
}

TEST(S3Checksum, OfPartsSaysNothingAboutTheBody) {
  EXPECT_TRUE(
      CheckBody(Body("abc", {{"ETag", "\"900150983cd24fb0d6963f7d28e17f73-2\""},
                             {"x-amz-checksum-sha256", std::string(kSha256OfAbc) + "-2"}})));
}

TEST(S3ETag, IsKeptInQuotes) {
  EXPECT_EQ(ETagOf(Body("", {{"ETag", "\"abc-2\""}})), "\"abc-2\"");
  EXPECT_EQ(ETagOf(Body("", {{"ETag", "abc"}})), "\"abc\"");
  for (const char* bad : {"", "\"\"", "W/\"abc\"", "\"a b\"", "\"a", "\"a\"\"b\""}) {
    EXPECT_EQ(ETagOf(Body("", {{"ETag", bad}})), "") << bad;
  }
  EXPECT_EQ(ETagOf(Body("", {})), "");
  for (const char* bad : {"", "*", "x", "\"", "\"\"", "W/\"x\"", "\"x\", \"y\""}) {
    EXPECT_FALSE(is_etag(bad)) << bad;
  }
}

}  // namespace
}  // namespace revops::store
