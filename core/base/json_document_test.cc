#include "core/base/json_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/json_writer.h"

namespace revops {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(JsonDocument, ReadsWhatTheWriterWrote) {
  std::string text;
  JsonWriter json(text);
  json.Begin('{');
  json.Key("text").Text("a \"b\"");
  json.Key("none").Text(std::optional<std::string>());
  json.Key("count").Count(7);
  json.Key("flag").Bool(true);
  json.Key("amount").Amount(*Money::Parse("-0.05"));
  json.Key("texts").Begin('[');
  json.Text("x");
  json.Text("y");
  json.End(']');
  json.Key("map").Begin('{');
  json.Key("z").Count(1);
  json.Key("a").Null();
  json.End('}');
  json.End('}');
  JsonDocument document(text, "the test");
  const JsonValue root = document.root();
  EXPECT_EQ(root.Text("text"), "a \"b\"");
  EXPECT_EQ(root.MaybeText("none"), std::nullopt);
  EXPECT_FALSE(root.has("none"));
  EXPECT_EQ(root.Count("count"), 7U);
  EXPECT_TRUE(root.Flag("flag"));
  EXPECT_EQ(root.Amount("amount").ToString(), "-0.05");
  EXPECT_THAT(root.Texts("texts"), ElementsAre("x", "y"));
  const auto map = root.Map("map");
  ASSERT_EQ(map.size(), 2U);
  EXPECT_EQ(map[0].first, "z");
  EXPECT_EQ(map[1].second.AsMaybeText(), std::nullopt);
  EXPECT_TRUE(document.status());
}

TEST(JsonDocument, KeepsTheFirstThatDoesNotFit) {
  JsonDocument document(R"({"text":1,"list":["a",2],"count":-1})", "the test");
  EXPECT_EQ(document.root().Text("text"), "");
  EXPECT_EQ(document.root().Count("count"), 0U);
  document.root().Texts("list");
  ASSERT_FALSE(document.status());
  EXPECT_EQ(document.status().error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(document.status().error().message, "the test has no text in \"text\"");
}

TEST(JsonDocument, RefusesWhatIsMissingOrOfAnotherKind) {
  const std::pair<const char*, const char*> refused[] = {
      {"", "is not JSON"},
      {"[]", "is not an object"},
      {"{}", "lacks \"a\""},
      {R"({"a":null})", "lacks \"a\""},
      {R"({"a":1.5})", "has no count"},
      {R"({"a":9007199254740993})", "has no count"}};
  for (const auto& [text, reason] : refused) {
    JsonDocument document(text, "the test");
    document.root().Count("a");
    ASSERT_FALSE(document.status()) << text;
    EXPECT_THAT(document.status().error().message, HasSubstr(reason)) << text;
  }
}

TEST(JsonDocument, OfANewerFormatIsNotRead) {
  JsonDocument document(R"({"format":2})", "the test");
  const auto checked = document.CheckFormat(1);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace revops
