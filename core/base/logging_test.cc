#include "core/base/logging.h"

#include <gtest/gtest.h>

namespace revops {
namespace {

std::string Json(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonString, EscapesWhatJsonReserves) {
  EXPECT_EQ(Json("a\"b\\c\nd\x01"), R"("a\"b\\c\nd\u0001")");
  EXPECT_EQ(Json("Zürich €"), "\"Zürich €\"");
}

TEST(JsonString, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(Json("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(Json("\xC0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(Json("\xED\xA0\x80").find('\xED'), std::string::npos);
}

TEST(JsonString, KeepsTheFirstAndLastCharactersOfEveryLength) {
  for (const char* text : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(Json(text), '"' + std::string(text) + '"');
  }
}

TEST(JsonString, ReplacesSequencesJustOutside) {
  for (const std::string text : {"\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                                 "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xC2", "\xE2\x82",
                                 "\xF0\x9F\x98", "\xC2\x7F", "\xE2\x28\xA1", "\xF0\x9F\x28\x80"}) {
    EXPECT_TRUE(Json(text).starts_with("\"\xEF\xBF\xBD")) << text;
  }
}

TEST(Log, WritesOneJsonObjectALine) {
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "refresh_finished", {{"rows", std::int64_t{8}}, {"id", "a\nb"}});
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(line.starts_with("{\"ts\":\"")) << line;
  EXPECT_TRUE(line.ends_with(R"("level":"info","event":"refresh_finished","rows":8,"id":"a\nb"})"
                             "\n"))
      << line;
}

TEST(Log, LeavesOutWhatIsBelowTheLevel) {
  SetLogLevel(LogLevel::kWarning);
  testing::internal::CaptureStderr();
  Log(LogLevel::kInfo, "ignored");
  LogError("kept", {ErrorCode::kTimeout, "late", {}, {}});
  SetLogLevel(LogLevel::kInfo);
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(text.find("ignored"), std::string::npos);
  EXPECT_NE(text.find(R"("code":"timeout","error":"late")"), std::string::npos);
}

}  // namespace
}  // namespace revops
