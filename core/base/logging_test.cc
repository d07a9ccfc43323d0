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
