#include "core/warehouse/snowflake/result_set.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/base/logging.h"
#include "fuzz/replay.h"
#include "fuzz/snowflake_answer_check.h"

namespace revops::warehouse {
namespace {

using testing::ElementsAre;

using Cell = std::optional<std::string>;
using Rows = std::vector<std::vector<Cell>>;

constexpr const char* kResultSet = R"({
  "resultSetMetaData": {
    "numRows": 3,
    "format": "jsonv2",
    "rowType": [
      {"name": "SALE_ID", "database": "D", "schema": "S", "table": "FCT_SALES", "nullable": true,
       "type": "FIXED", "precision": 38, "scale": 2, "length": null, "byteLength": null,
       "collation": null},
      {"name": "REGION", "type": "text", "length": 50, "precision": null, "scale": null}
    ],
    "partitionInfo": [
      {"rowCount": 2, "uncompressedSize": 53},
      {"rowCount": 1, "uncompressedSize": 20, "compressedSize": 30}
    ]
  },
  "data": [["1", "North"], ["2", null]],
  "code": "090001",
  "statementStatusUrl": "/api/v2/statements/01b0-a?requestId=x",
  "sqlState": "00000",
  "statementHandle": "01b0-a",
  "message": "Statement executed successfully.",
  "createdOn": 1620151693299
})";

Rows ToRows(const ResultCells& cells) {
  Rows rows(cells.row_count());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < cells.column_count(); ++column) {
      const auto cell = cells.at(row, column);
      rows[row].push_back(cell ? Cell(*cell) : std::nullopt);
    }
  }
  return rows;
}

Rows Read(const std::string& body) {
  const auto answer = ReadApiAnswer(body);
  EXPECT_TRUE(answer) << body;
  return answer ? ToRows(answer->cells) : Rows();
}

TEST(ReadApiAnswer, ReadsAResultSet) {
  const auto answer = ReadApiAnswer(kResultSet);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, "090001");
  EXPECT_EQ(answer->sql_state, "00000");
  EXPECT_EQ(answer->message, "Statement executed successfully.");
  EXPECT_EQ(answer->handle, "01b0-a");
  EXPECT_EQ(answer->status_url, "/api/v2/statements/01b0-a?requestId=x");
  EXPECT_TRUE(answer->has_metadata);
  EXPECT_EQ(answer->row_count, 3U);
  EXPECT_THAT(answer->columns, ElementsAre(ResultColumn{"SALE_ID", "fixed", 38, 2, 0},
                                           ResultColumn{"REGION", "text", 0, 0, 50}));
  EXPECT_THAT(answer->partition_rows, ElementsAre(2U, 1U));
  EXPECT_TRUE(answer->has_data);
  EXPECT_EQ(ToRows(answer->cells), (Rows{{"1", "North"}, {"2", std::nullopt}}));
}

TEST(ReadApiAnswer, ReadsDataThatComesBeforeItsMetadata) {
  const auto answer = ReadApiAnswer(
      R"({"data":[["1"]],"code":"090001","resultSetMetaData":{"partitionInfo":[{"rowCount":1}],)"
      R"("rowType":[{"type":"text","name":"A"}],"numRows":1}})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(ToRows(answer->cells), (Rows{{"1"}}));
  EXPECT_THAT(answer->columns, ElementsAre(ResultColumn{"A", "text", 0, 0, 0}));
  EXPECT_THAT(answer->partition_rows, ElementsAre(1U));
}

TEST(ReadApiAnswer, ReadsBothFormsOfAPartition) {
  const Rows rows = {{"3", "South"}, {std::nullopt, ""}};
  EXPECT_EQ(Read(R"([["3","South"],[null,""]])"), rows);
  EXPECT_EQ(Read(R"({"data":[["3","South"],[null,""]]})"), rows);
  EXPECT_EQ(Read(" \r\n\t[ [ \"3\" , \"South\" ] , [ null , \"\" ] ]\n "), rows);
  EXPECT_EQ(Read("[]"), Rows());
  EXPECT_EQ(Read(R"({"data":[]})"), Rows());
  EXPECT_FALSE(ReadApiAnswer("[]")->has_metadata);
  EXPECT_TRUE(ReadApiAnswer("[]")->has_data);
}

TEST(ReadApiAnswer, ReadsStatusAndFailure) {
  const auto status = ReadApiAnswer(
      R"({"code":"333334","message":"in progress","statementHandle":"h","statementStatusUrl":"u"})");
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, "333334");
  EXPECT_EQ(status->handle, "h");
  EXPECT_FALSE(status->has_data);
  EXPECT_FALSE(status->has_metadata);
  const auto failure = ReadApiAnswer(
      R"({"code":"002003","sqlState":"42S02","message":"line\nline","createdOn":null})");
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->sql_state, "42S02");
  EXPECT_EQ(failure->message, "line\nline");
}

TEST(ReadApiAnswer, SkipsMembersThatItDoesNotKnow) {
  const std::string body =
      R"({"x":{"data":[["no"]],"code":"no","resultSetMetaData":{"numRows":9}},"y":[[1,{"z":[]}],)"
      R"(true,null,"a"],"statementHandles":["h1","h2"],"stats":{"numRowsInserted":1.5},)"
      R"("resultSetMetaData":{"u":[{"rowCount":7}],"numRows":1,"rowType":[{"name":"A","type":"text",)"
      R"("fields":[{"name":"no"}],"u":{"name":"no"}}],"partitionInfo":[{"rowCount":1,"u":{)"
      R"("rowCount":8}}]},"data":[["yes"]],"code":"1",")" +
      std::string(1000, 'k') + R"(":-1e3})";
  const auto answer = ReadApiAnswer(body);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, "1");
  EXPECT_EQ(answer->row_count, 1U);
  EXPECT_THAT(answer->columns, ElementsAre(ResultColumn{"A", "text", 0, 0, 0}));
  EXPECT_THAT(answer->partition_rows, ElementsAre(1U));
  EXPECT_EQ(ToRows(answer->cells), (Rows{{"yes"}}));
}

TEST(ReadApiAnswer, UnescapesTexts) {
  EXPECT_EQ(
      Read(R"([["\"\\\/\b\f\n\r\t","\u0041\u00e9\u20AC\ud83d\uDCB0","a\u0000b"]])"),
      (Rows{{"\"\\/\b\f\n\r\t", "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xB0", std::string("a\0b", 3)}}));
  const std::string x(5000, 'x');
  EXPECT_EQ(Read("[[\"" + x + "\\n" + x + "\",\"" + x + "\"]]"), (Rows{{x + "\n" + x, x}}));
}

TEST(ReadApiAnswer, StaysWholeWhenItIsMoved) {
  const std::string body = R"([["plain","esc\n"],["a\tb",null]])";
  auto first = ReadApiAnswer(body);
  const ApiAnswer second = *std::move(first);
  EXPECT_EQ(ToRows(second.cells), (Rows{{"plain", "esc\n"}, {"a\tb", std::nullopt}}));
}

TEST(ReadApiAnswer, RefusesWhatIsNoAnswer) {
  const std::vector<std::string> bodies = {
      "", " ", "null", "true", "5", "\"text\"", "<html>504</html>", "{", "[", "{}x", "[] []",
      R"([["a"]][["b"]])", R"({"data":[["a"]]}{"data":[["b"]]})", R"([["a"],])", R"([["a",]])",
      R"([["a"]["b"]])", R"([["a" "b"]])", R"([['a']])", R"({"data":[["a"]]],})",
      // Rows that are none.
      R"(["a"])", "[1]", "[null]", "[true]", "[{}]", "[[]]", R"([["a"],[]])",
      R"([["a"],["b","c"]])", R"([["a","b"],["c"]])", R"({"data":["a"]})", R"({"data":[null]})",
      // Values that are none.
      "[[1]]", "[[-1]]", "[[18446744073709551615]]", "[[1.5]]", "[[true]]", "[[false]]", "[[{}]]",
      R"([[{"a":"b"}]])", R"([[["a"]]])", "[[NaN]]", "[[nul]]", "[[nullx]]", "[[undefined]]",
      // Texts that are none.
      R"([["\ud83d"]])", R"([["\udcb0"]])", R"([["\ud83d\u0041"]])", R"([["\x"]])", R"([["\u12"]])",
      "[[\"a\nb\"]]", std::string("[[\"a\0b\"]]", 9), "[[\"\xFF\"]]", "[[\"\xC0\x80\"]]",
      "[[\"\xED\xA0\x80\"]]", "[[\"\xE2\x82\"]]", "\xEF\xBB\xBF[[\"a\"]]",
      // Twice what there is once, and another shape than the contract's.
      R"({"data":[["a"]],"data":[["b"]]})", R"({"data":{}})",
      R"({"resultSetMetaData":{},"resultSetMetaData":{}})",
      R"({"resultSetMetaData":{"rowType":[],"rowType":[]}})",
      R"({"resultSetMetaData":{"partitionInfo":[],"partitionInfo":[]}})",
      R"({"resultSetMetaData":{"partitionInfo":[5]}})",
      R"({"resultSetMetaData":{"partitionInfo":[[{"rowCount":1}]]}})",
      R"({"resultSetMetaData":{"partitionInfo":[{"rowCount":-1}]}})",
      R"({"resultSetMetaData":{"partitionInfo":[{"rowCount":1.5}]}})",
      R"({"resultSetMetaData":{"rowType":["a"]}})", R"({"resultSetMetaData":{"numRows":-1}})",
      R"({"resultSetMetaData":{"numRows":1e3}})",
      R"({"resultSetMetaData":{"rowType":[{"scale":-1}]}})"};
  for (const std::string& body : bodies) {
    const auto answer = ReadApiAnswer(body);
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(answer.error().origin, "snowflake:answer");
  }
}

TEST(ReadApiAnswer, IsNotMisledByMembersOfAnotherType) {
  const auto answer = ReadApiAnswer(
      R"({"code":5,"message":null,"statementHandle":["h"],"data":null,"resultSetMetaData":"x"})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->code, "");
  EXPECT_EQ(answer->handle, "");
  EXPECT_FALSE(answer->has_data);
  EXPECT_FALSE(answer->has_metadata);
}

TEST(ReadApiAnswer, DoesNotWrapNumbersRound) {
  const auto answer = ReadApiAnswer(
      R"({"resultSetMetaData":{"rowType":[{"scale":4294967298,"precision":18446744073709551615}]}})");
  ASSERT_TRUE(answer);
  EXPECT_GT(answer->columns[0].scale, 2);
  EXPECT_GT(answer->columns[0].precision, 38);
}

TEST(ReadApiAnswer, BoundsTheDepth) {
  const auto nested = [](std::size_t depth) {
    return "{\"x\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_TRUE(ReadApiAnswer(nested(20)));
  EXPECT_FALSE(ReadApiAnswer(nested(1'000'000)));
}

TEST(ReadApiAnswer, NeverTakesABodyThatIsCut) {
  const std::string whole = kResultSet;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(ReadApiAnswer(whole.substr(0, size))) << size;
  }
  const std::string rows = R"([["1","North\n"],[null,"S\ud83d\udcb0"]])";
  for (std::size_t size = 0; size < rows.size(); ++size) {
    EXPECT_FALSE(ReadApiAnswer(rows.substr(0, size))) << size;
  }
}

TEST(ReadApiAnswer, ReadsBigBodies) {
  std::string body = "[";
  for (int i = 0; i < 100'000; ++i) {
    body += (i > 0 ? "," : "") + std::string("[\"") + std::to_string(i) + R"(",null,"a\nb"])";
  }
  body += "]";
  const auto answer = ReadApiAnswer(body);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->cells.row_count(), 100'000U);
  EXPECT_EQ(answer->cells.at(99'999, 0), "99999");
  EXPECT_EQ(answer->cells.at(99'999, 1), std::nullopt);
  EXPECT_EQ(answer->cells.at(0, 2), "a\nb");
}

/// `text` as JSON in which some characters are escaped that need not be.
std::string Written(const std::string& text, bool escapes) {
  std::string json;
  AppendJsonString(json, text);
  if (!escapes) return json;
  std::string escaped;
  for (const char c : json) {
    if (c >= 'a' && c <= 'e' && !escaped.ends_with('\\')) {
      escaped += std::string("\\u00") + "6" + static_cast<char>(c - 'a' + '1');
    } else {
      escaped += c;
    }
  }
  return escaped;
}

rc::Gen<Cell> AnyCell() {
  const auto piece = rc::gen::element<std::string>(
      "", "a", "bcd", "\"", "\\", "/", "\n", "\t", "\x01", "\x7F", "\xC3\xA9", "\xE2\x82\xAC",
      "\xF0\x9F\x92\xB0", "\xE2\x80\xA8", "null", "],[", "0.00", std::string(1, '\0'),
      std::string(5000, 'z'));
  const auto text = rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                                 [](const std::vector<std::string>& pieces) {
                                   std::string joined;
                                   for (const std::string& part : pieces) joined += part;
                                   return Cell(joined);
                                 });
  return rc::gen::weightedOneOf<Cell>({{1, rc::gen::just(Cell())}, {4, text}});
}

TEST(ReadApiAnswer, ReadsBackWhateverRowsAreWritten) {
  const bool held = rc::check([] {
    const auto width = *rc::gen::inRange<std::size_t>(1, 5);
    const auto height = *rc::gen::inRange<std::size_t>(0, 20);
    const Rows rows =
        *rc::gen::container<Rows>(height, rc::gen::container<std::vector<Cell>>(width, AnyCell()));
    const bool escapes = *rc::gen::arbitrary<bool>();
    const std::string space = *rc::gen::element<std::string>("", " ", "\r\n\t");
    std::string body = "[";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      body += (i > 0 ? "," : "") + space + "[";
      for (std::size_t j = 0; j < width; ++j) {
        body += (j > 0 ? "," : "") + space;
        body += (rows[i][j] ? Written(*rows[i][j], escapes) : "null") + space;
      }
      body += "]" + space;
    }
    body += "]";
    if (*rc::gen::arbitrary<bool>()) body = "{\"data\":" + body + "}";
    const auto answer = ReadApiAnswer(body);
    RC_ASSERT(answer.has_value());
    RC_ASSERT(ToRows(answer->cells) == rows);
  });
  EXPECT_TRUE(held);
}

TEST(SnowflakeAnswerGoldens, AreReadAsAnIndependentParserReadsThem) {
  const auto check = [](std::string_view golden) {
    const boost::json::value answer = boost::json::parse(golden);
    if (answer.at("body").is_object()) {
      fuzz::CheckSnowflakeAnswer(boost::json::serialize(answer.at("body")));
    }
  };
  EXPECT_GE(fuzz::Replay("contracts/goldens/snowflake/answers", check), 25U);
}

TEST(SnowflakeAnswerCorpus, KeepsEveryPromise) {
  const auto check = [](std::string_view bytes) {
    for (std::size_t size = 0; size < bytes.size() && size < 1000; ++size) {
      fuzz::CheckSnowflakeAnswer(bytes.substr(0, size));
    }
    fuzz::CheckSnowflakeAnswer(bytes);
  };
  EXPECT_GE(fuzz::Replay("fuzz/corpus/snowflake_answer", check), 50U);
}

}  // namespace
}  // namespace revops::warehouse
