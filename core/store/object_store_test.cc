#include "core/store/object_store.h"

#include <gtest/gtest.h>

namespace revops::store {
namespace {

class ValidKey : public testing::TestWithParam<std::string> {};

TEST_P(ValidKey, IsAccepted) { EXPECT_TRUE(is_valid_key(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(ObjectStore, ValidKey,
                         testing::Values("a", "A-Z_0.9", "revops/current.json", "...", ".a", "a.",
                                         "-", "_", "a/.../b", "pipeline/by-region/latest.json",
                                         std::string(255, 'x'),
                                         std::string(255, 'x') + "/" + std::string(254, 'y') +
                                             "/z"));

class InvalidKey : public testing::TestWithParam<std::string> {};

TEST_P(InvalidKey, IsRefused) { EXPECT_FALSE(is_valid_key(GetParam())) << GetParam(); }

INSTANTIATE_TEST_SUITE_P(ObjectStore, InvalidKey,
                         testing::Values("", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b",
                                         "a/./b", "a/..", "a b", "a\\b", "a\nb", "a~", "~a", "a:b",
                                         "a%2e", "caf\xc3\xa9", "\xff", std::string("a\0b", 3),
                                         std::string("a\0", 2), std::string(256, 'x'),
                                         std::string(255, 'x') + "/" + std::string(254, 'y') +
                                             "/zz"));

TEST(ObjectKey, EveryByteOutsideTheAlphabetIsRefused) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string key = std::string("a") + static_cast<char>(byte) + "b";
    const bool is_separator = byte == '/';
    const bool is_allowed = alphabet.find(static_cast<char>(byte)) != std::string::npos;
    EXPECT_EQ(is_valid_key(key), is_allowed || is_separator) << byte;
  }
}

}  // namespace
}  // namespace revops::store
