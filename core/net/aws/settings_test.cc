#include "core/net/aws/settings.h"

#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/aws/settings_testing.h"

namespace revops::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(AwsSections, AreReadPastCommentsNestedEntriesAndJunk) {
  const auto sections = ReadSections(
      "lost = 1\n"
      "# comment\n"
      "[default]\r\n"
      "region = eu-west-1\r\n"
      "; comment\n"
      "s3 =\n"
      "  addressing_style = path\n"
      "\tregion = nested\n"
      "no entry\n"
      "aws_secret_access_key=a=b#c/+==\n"
      "[ profile   \"two  \" words\" ]\n"
      " region = nested\n"
      "a =\n"
      "[broken\n"
      "region = lost\n"
      "[default]\n"
      "output = json\n"
      "region = eu-west-2");
  EXPECT_THAT(sections.at("default"),
              ElementsAre(Pair("aws_secret_access_key", "a=b#c/+=="), Pair("output", "json"),
                          Pair("region", "eu-west-2"), Pair("s3", "")));
  EXPECT_THAT(sections.at("profile two words"), ElementsAre(Pair("a", "")));
  EXPECT_EQ(sections.size(), 2U);
}

TEST(AwsProfiles, PreferTheCredentialsFileToTheConfigFile) {
  const AwsSettings settings = SettingsOf(
      {{"HOME", "/home/a"}},
      {{"/home/a/.aws/credentials", "[default]\naws_access_key_id=A\n[b]\naws_access_key_id=B"},
       {"/home/a/.aws/config",
        "[default]\naws_access_key_id=X\nregion=r-1\n[b]\nregion=not-a-profile\n[profile "
        "b]\nregion=r-2"}});
  const AwsProfile profile = ReadProfile(settings);
  EXPECT_EQ(profile.name, "default");
  EXPECT_FALSE(profile.is_named);
  EXPECT_EQ(profile.value("aws_access_key_id"), "A");
  EXPECT_EQ(profile.value("region"), "r-1");

  AwsSettings other = settings;
  other.environment = SettingsOf({{"HOME", "/home/a"}, {"AWS_PROFILE", " b "}}).environment;
  EXPECT_EQ(ReadProfile(other).value("aws_access_key_id"), "B");
  EXPECT_EQ(ReadProfile(other).value("region"), "r-2");
  EXPECT_TRUE(ReadProfile(other).is_named);
}

TEST(AwsProfiles, AreReadFromTheFilesThatVariablesName) {
  const AwsSettings settings = SettingsOf({{"HOME", "/home/a"},
                                           {"AWS_SHARED_CREDENTIALS_FILE", "~/keys"},
                                           {"AWS_CONFIG_FILE", "/etc/aws"}},
                                          {{"/home/a/keys", "[default]\naws_access_key_id=A"},
                                           {"/etc/aws", "[profile default]\nregion=r-1"}});
  EXPECT_EQ(ReadProfile(settings).value("aws_access_key_id"), "A");
  EXPECT_EQ(ReadProfile(settings).value("region"), "r-1");
}

TEST(AwsProfiles, AreNotFoundWithoutFilesOrHome) {
  EXPECT_FALSE(ReadProfile(SettingsOf({{"HOME", "/home/a"}})).is_found);
  EXPECT_FALSE(ReadProfile(SettingsOf({})).is_found);
}

TEST(AwsRegions, ComeFromTheEnvironmentBeforeTheProfile) {
  const std::map<std::string, std::string> files = {{"/c", "[default]\nregion = eu-west-3"}};
  std::map<std::string, std::string> variables = {{"AWS_CONFIG_FILE", "/c"}};
  EXPECT_EQ(*FindAwsRegion(SettingsOf(variables, files)), "eu-west-3");
  variables["AWS_DEFAULT_REGION"] = "eu-west-2";
  EXPECT_EQ(*FindAwsRegion(SettingsOf(variables, files)), "eu-west-2");
  variables["AWS_REGION"] = "eu-west-1";
  EXPECT_EQ(*FindAwsRegion(SettingsOf(variables, files)), "eu-west-1");
  EXPECT_EQ(*FindAwsRegion(SettingsOf({})), std::nullopt);
}

TEST(AwsRegions, BecomePartOfAHostNameAndMustLookLikeOne) {
  for (const char* bad : {"eu west", "EU-WEST-1", "a.example.com/", "-a", "a-", "x@y",
                          "a-region-with-a-name-beyond-all-of-32"}) {
    const auto region = FindAwsRegion(SettingsOf({{"AWS_REGION", bad}}));
    ASSERT_FALSE(region) << bad;
    EXPECT_EQ(region.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(region.error().message, HasSubstr("AWS_REGION"));
  }
}

TEST(SmallFiles, AreReadWholeOrNotAtAll) {
  const std::string path = testing::TempDir() + "aws_settings_test";
  EXPECT_EQ(ReadSmallFile(path + ".absent"), std::nullopt);
  EXPECT_EQ(ReadSmallFile(testing::TempDir()), std::nullopt);
  const auto written = [&](std::size_t size) {
    std::ofstream(path) << std::string(size, 'x');
    return ReadSmallFile(path);
  };
  EXPECT_EQ(written(0), "");
  EXPECT_EQ(written(5), "xxxxx");
  EXPECT_EQ(written(std::size_t{1024} * 1024)->size(), std::size_t{1024} * 1024);
  EXPECT_EQ(written(std::size_t{1024} * 1024 + 1), std::nullopt);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace revops::net
