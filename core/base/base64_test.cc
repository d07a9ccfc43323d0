#include "core/base/base64.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace revops {
namespace {

// RFC 4648, section 10.
constexpr std::pair<std::string_view, std::string_view> kVectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
};

TEST(Base64, MatchesThePublishedVectors) {
  for (const auto& [bytes, text] : kVectors) {
    EXPECT_EQ(ToBase64(bytes), text);
    EXPECT_EQ(FromBase64(text), bytes);
  }
}

TEST(Base64, HasAnAlphabetOfItsOwnInTokens) {
  EXPECT_EQ(ToBase64("\xFB\xEF\xBF\xFF"), "+++//w==");
  EXPECT_EQ(ToBase64Url("\xFB\xEF\xBF\xFF"), "---__w");
}

TEST(Base64, IsRefusedWithoutPaddingOrWithOtherLetters) {
  for (const std::string_view text : {"Zg", "Zg=", "!!!!", "Zg==Zg==", "Z===", "===="}) {
    EXPECT_EQ(FromBase64(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Base64, ReadsWhatItWrote, (const std::string& bytes)) {
  RC_ASSERT(FromBase64(ToBase64(bytes)) == bytes);
}

}  // namespace
}  // namespace revops
