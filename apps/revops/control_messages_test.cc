#include "apps/revops/control_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::app {
namespace {

using testing::HasSubstr;

TEST(ControlRequest, ReadsBackWhatItWrites) {
  const CommandRequest request{"sql", {{"statement", "SELECT 'ü\n\"\\'"}, {"format", ""}}};
  const auto encoded = EncodeRequest(request);
  ASSERT_TRUE(encoded);
  const auto read = ParseRequest({'R', *encoded});
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, request.name);
  EXPECT_EQ(read->arguments, request.arguments);
}

TEST(ControlRequest, IsUtf8) {
  const auto encoded = EncodeRequest({"sql", {{"statement", "SELECT '\xFF'"}}});
  ASSERT_FALSE(encoded);
  EXPECT_EQ(encoded.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(encoded.error().message, HasSubstr("UTF-8"));
}

TEST(ControlRequest, FitsAFrame) {
  const auto encoded = EncodeRequest({"sql", {{"statement", std::string(kFrameBytesMax, 'x')}}});
  ASSERT_FALSE(encoded);
  EXPECT_EQ(encoded.error().code, ErrorCode::kInvalidArgument);
}

TEST(ControlRequest, RefusesEverythingElse) {
  for (const char* payload :
       {"", "7", "[]", "{}", R"({"command":"sql"})", R"({"command":7,"arguments":{}})",
        R"({"command":"sql","arguments":[]})", R"({"command":"sql","arguments":{"a":1}})"}) {
    EXPECT_EQ(ParseRequest({'R', payload}).error().code, ErrorCode::kInvalidArgument) << payload;
  }
  EXPECT_FALSE(ParseRequest({'I', R"({"command":"sql","arguments":{}})"}));
}

TEST(ControlDone, ReadsBackSuccessAndEveryError) {
  EXPECT_TRUE(ParseDone(EncodeDone({})));
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const Error error{static_cast<ErrorCode>(i), "a \"message\"", "duckdb:catalog", "a context"};
    const auto read = ParseDone(EncodeDone(Fail(error)));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, error.code);
    EXPECT_EQ(read.error().message, error.message);
    EXPECT_EQ(read.error().origin, error.origin);
    EXPECT_EQ(read.error().context, error.context);
  }
}

TEST(ControlDone, SaysWhatItCanOfAMessageThatIsNotUtf8OrTooLong) {
  const std::string bytes = "cannot read \xFF.csv" + std::string(2 * kFrameBytesMax, '\1');
  const std::string encoded = EncodeDone(Fail(Error{ErrorCode::kNotFound, bytes, bytes, bytes}));
  EXPECT_LE(encoded.size(), kFrameBytesMax);
  const auto read = ParseDone(encoded);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(read.error().message, HasSubstr("cannot read \xEF\xBF\xBD.csv"));
}

TEST(ControlDone, RefusesEverythingElse) {
  for (const char* payload : {"", "7", "{}", "[true]", R"({"ok":1})", R"({"ok":true)"}) {
    EXPECT_EQ(ParseDone(payload).error().code, ErrorCode::kCorrupt) << payload;
  }
  EXPECT_EQ(ParseDone(R"({"ok":false,"code":"teapot"})").error().code, ErrorCode::kInternal);
}

}  // namespace
}  // namespace revops::app
