#include "core/store/s3/config.h"

#include <string>

#include <gtest/gtest.h>

namespace revops::store {
namespace {

TEST(S3Url, NamesABucketAndAPrefix) {
  EXPECT_EQ(*ParseS3Url("s3://sales-data"), (S3Place{"sales-data", ""}));
  EXPECT_EQ(*ParseS3Url("s3://sales-data/"), (S3Place{"sales-data", ""}));
  EXPECT_EQ(*ParseS3Url("s3://sales.data/a"), (S3Place{"sales.data", "a/"}));
  EXPECT_EQ(*ParseS3Url("s3://sales-data/some/pre.fix_/"),
            (S3Place{"sales-data", "some/pre.fix_/"}));
}

TEST(S3Url, IsRefusedOtherwise) {
  for (const std::string url :
       {"", "sales-data", "s3:", "s3://", "s3:///a", "https://sales-data.s3.amazonaws.com",
        "s3://ab", "s3://Sales", "s3://-sales", "s3://sales-", "s3://sa..les", "s3://sales_data",
        "s3://sales-data//", "s3://sales-data/a//b", "s3://sales-data/../b", "s3://sales-data/a b",
        "s3://sales-data/a?b", "s3://key:secret@sales-data"}) {
    const auto place = ParseS3Url(url);
    ASSERT_FALSE(place) << url;
    EXPECT_EQ(place.error().code, ErrorCode::kInvalidArgument) << url;
  }
  EXPECT_FALSE(ParseS3Url("s3://" + std::string(64, 'a')));
  EXPECT_FALSE(ParseS3Url("s3://sales-data/" + std::string(256, 'a')));
}

TEST(S3Config, IsCheckedWhole) {
  const S3Config good{{"sales-data", "a/"}, "eu-west-1", {}, std::chrono::seconds(20)};
  EXPECT_TRUE(CheckS3Config(good));
  for (auto change : {+[](S3Config& config) { config.place.bucket = "B"; },
                      +[](S3Config& config) { config.place.prefix = "a"; },
                      +[](S3Config& config) { config.place.prefix = "/"; },
                      +[](S3Config& config) { config.region = ""; },
                      +[](S3Config& config) { config.region = "eu west"; },
                      +[](S3Config& config) { config.operation_timeout = {}; }}) {
    S3Config bad = good;
    change(bad);
    EXPECT_FALSE(CheckS3Config(bad));
  }
}

TEST(S3Address, IsTheBucketsHost) {
  const S3Address address = AddressOf({{"sales-data", "a/"}, "eu-west-1", {}});
  EXPECT_EQ(address.origin, (net::HttpOrigin{true, "sales-data.s3.eu-west-1.amazonaws.com", 443}));
  EXPECT_EQ(address.bucket_path, "/");
  EXPECT_EQ(address.key_path, "/");
}

TEST(S3Address, IsOfChinaInItsRegions) {
  EXPECT_EQ(AddressOf({{"sales-data", ""}, "cn-north-1", {}}).origin.host,
            "sales-data.s3.cn-north-1.amazonaws.com.cn");
}

// The certificate of *.s3.eu-west-1.amazonaws.com does not cover a name with dots.
TEST(S3Address, HasTheBucketInThePathWhenItsNameHasDots) {
  const S3Address address = AddressOf({{"sales.data", ""}, "eu-west-1", {}});
  EXPECT_EQ(address.origin, (net::HttpOrigin{true, "s3.eu-west-1.amazonaws.com", 443}));
  EXPECT_EQ(address.bucket_path, "/sales.data");
  EXPECT_EQ(address.key_path, "/sales.data/");
}

TEST(S3Address, HasTheBucketInThePathOfAnotherServer) {
  const net::HttpOrigin minio{false, "127.0.0.1", 9000};
  const S3Address address = AddressOf({{"sales-data", ""}, "eu-west-1", minio});
  EXPECT_EQ(address.origin, minio);
  EXPECT_EQ(address.bucket_path, "/sales-data");
  EXPECT_EQ(address.key_path, "/sales-data/");
}

}  // namespace
}  // namespace revops::store
