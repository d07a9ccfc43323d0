#include "core/foreign/csv_file.h"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/foreign/csv_records.h"
#include "core/foreign/text_encoding.h"

namespace revops::foreign {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Row {
  std::uint64_t line = 0;
  std::vector<std::optional<std::string>> values;
  std::string fault;
};

struct Table {
  FileDescription about;
  std::vector<Row> rows;
  std::vector<std::string> findings;
};

Result<Table> ReadAll(std::string_view bytes) {
  const MemorySource source(bytes);
  REVOPS_TRY_ASSIGN(const auto file, OpenCsv(source));
  Table table{file->description(), {}, {}};
  REVOPS_TRY(file->Read([&table](const FileRow& row) -> Result<void> {
    Row copy{row.number, {}, std::string(row.fault)};
    for (const auto& value : row.values) {
      copy.values.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
    }
    table.rows.push_back(std::move(copy));
    return {};
  }));
  table.findings = file->findings();
  return table;
}

Table MustRead(std::string_view bytes) {
  auto table = ReadAll(bytes);
  EXPECT_TRUE(table.has_value()) << (table ? "" : table.error().message);
  return table ? *std::move(table) : Table{};
}

std::string MustFail(std::string_view bytes) {
  const auto table = ReadAll(bytes);
  EXPECT_FALSE(table.has_value());
  return table ? "" : table.error().message;
}

std::u32string Characters(std::string_view utf8) {
  std::u32string characters;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto first = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t character = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      character = character << 6U | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    }
    characters.push_back(character);
    i += length;
  }
  return characters;
}

std::string ToUtf16(std::string_view utf8, bool is_little) {
  std::string bytes;
  const auto add = [&](std::uint32_t unit) {
    const char high = static_cast<char>(unit >> 8U);
    const char low = static_cast<char>(unit & 0xFFU);
    bytes.push_back(is_little ? low : high);
    bytes.push_back(is_little ? high : low);
  };
  for (const char32_t c : Characters(utf8)) {
    if (c < 0x10000) {
      add(c);
    } else {
      add(0xD800U + ((c - 0x10000U) >> 10U));
      add(0xDC00U + ((c - 0x10000U) & 0x3FFU));
    }
  }
  return bytes;
}

TEST(CsvFile, ReadsCommasInUtf8) {
  const Table table = MustRead("a,b\n1,\"x, \"\"y\"\"\nz\"\n,\"\"\n");
  EXPECT_THAT(table.about.columns, ElementsAre("a", "b"));
  EXPECT_EQ(table.about.delimiter, ",");
  EXPECT_EQ(table.about.encoding, "UTF-8");
  EXPECT_EQ(table.about.header_line, 1);
  ASSERT_EQ(table.rows.size(), 2);
  EXPECT_THAT(table.rows[0].values, ElementsAre("1", "x, \"y\"\nz"));
  EXPECT_EQ(table.rows[1].line, 4);
  EXPECT_THAT(table.rows[1].values, ElementsAre(std::nullopt, ""));
}

TEST(CsvFile, TellsDelimitersByWhatAgrees) {
  EXPECT_EQ(MustRead("a;b;c\n1;2,5;x\n2;3,5;y\n").about.delimiter, ";");
  EXPECT_EQ(MustRead("a\tb\n1,5\t2\n").about.delimiter, "\t");
  EXPECT_EQ(MustRead("a|b\n1|2\n").about.delimiter, "|");
  EXPECT_EQ(MustRead("a\n1\n").about.delimiter, ",");
  EXPECT_EQ(MustRead("name;note\n\"a;b\";\"x,y,z\"\n\"c\";\"u,v,w\"\n").about.delimiter, ";");
  const Table told = MustRead("sep=;\r\na,x;b\r\n1,2;3\r\n");
  EXPECT_EQ(told.about.delimiter, ";");
  EXPECT_EQ(told.about.header_line, 2);
  EXPECT_THAT(told.about.columns, ElementsAre("a,x", "b"));
}

TEST(CsvFile, DecidesTheEncodingOnTheWholeFile) {
  const Table windows = MustRead("name,price\nM\xFCller,\x80 5\n");
  EXPECT_EQ(windows.about.encoding, "windows-1252");
  EXPECT_THAT(windows.rows[0].values, ElementsAre("Müller", "€ 5"));
  // One bad byte between good characters is no reason to read those as something else.
  const Table mostly = MustRead("name,price\nMüller,1\nB\xFChler,2\nJäger,3\n");
  EXPECT_EQ(mostly.about.encoding, "UTF-8");
  EXPECT_EQ(mostly.rows[0].fault, "");
  EXPECT_EQ(mostly.rows[1].fault, "is not UTF-8");
  EXPECT_THAT(mostly.rows[1].values, ElementsAre("B\uFFFDhler", "2"));
  EXPECT_EQ(mostly.rows[2].values[0], "Jäger");
  // Nor are several: reading all of it as Windows-1252 would turn Müller into MÃ¼ller.
  const Table mixed = MustRead(
      "name,price\nMüller,1\nGr\xF6\xDF"
      "e,2\nB\xFChler,3\n");
  EXPECT_EQ(mixed.about.encoding, "UTF-8");
  EXPECT_EQ(mixed.rows[0].values[0], "Müller");
  EXPECT_EQ(mixed.rows[1].fault, "is not UTF-8");
}

TEST(CsvFile, SkipsTitlesOfReports) {
  const Table table =
      MustRead("Pipeline Report\nAs of 2026-11-22\n\nName,Amount,Stage\nA,1,x\nB,2,y\n");
  EXPECT_EQ(table.about.header_line, 4);
  EXPECT_THAT(table.about.columns, ElementsAre("Name", "Amount", "Stage"));
  const Table padded = MustRead("Pipeline,,,,\n,,,,\nA,B,C,D,E\n1,2,3,4,5\n");
  EXPECT_EQ(padded.about.header_line, 3);
}

TEST(CsvFile, TellsFootersOfReportsFromRows) {
  const Table table = MustRead(
      "Name,Amount,Stage\nA,1,x\nB,2,y\n\n\nConfidential Information - Do Not Distribute\n"
      "Copyright (c) 2000-2026\n");
  EXPECT_EQ(table.rows.size(), 2);
  EXPECT_THAT(table.findings, ElementsAre(HasSubstr("2 lines from line 6 on")));
  EXPECT_THAT(table.findings, ElementsAre(HasSubstr("Confidential Information")));
  const Table short_row = MustRead("a,b\n1,2\n\n3\n4,5\n");
  EXPECT_THAT(short_row.findings, ElementsAre());
  ASSERT_EQ(short_row.rows.size(), 3);
  EXPECT_EQ(short_row.rows[1].fault, "has too few values: 1");
  EXPECT_EQ(short_row.rows[1].line, 4);
}

TEST(CsvFile, GivesEveryColumnANameOfItsOwn) {
  const Table table = MustRead("Amount, amount ,,AMOUNT\n1,2,3,4\n");
  EXPECT_THAT(table.about.columns, ElementsAre("Amount", "amount (2)", "Column 3", "AMOUNT (3)"));
  EXPECT_EQ(table.findings.size(), 2);
}

TEST(CsvFile, SaysWhereTheTextIsAtFault) {
  EXPECT_THAT(MustFail("a,b\n1,\"2\n"), HasSubstr("line 2 opens a quote that is never closed"));
  EXPECT_THAT(MustFail("a,b\n1,\"2\"x\n"), HasSubstr("line 2 has text after a closing quote"));
  EXPECT_THAT(MustFail(std::string("a,b\n1,\0\n", 8)), HasSubstr("line 2 holds a NUL character"));
  EXPECT_THAT(MustFail(""), HasSubstr("no line of names"));
  EXPECT_THAT(MustFail("\n\n"), HasSubstr("no line of names"));
  EXPECT_THAT(MustFail(std::string(5'000, 'x')), HasSubstr("names a column with more than"));
}

enum class Ending { kLf, kCrLf, kCr };

std::string Render(const std::vector<std::vector<std::string>>& rows, char delimiter, Ending ending,
                   bool quotes_all) {
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text.push_back(delimiter);
      const bool quoted =
          quotes_all || row[i].empty() ||
          row[i].find_first_of(std::string("\"\r\n") + delimiter) != std::string::npos;
      if (!quoted) {
        text += row[i];
        continue;
      }
      text.push_back('"');
      for (const char c : row[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      text.push_back('"');
    }
    text += ending == Ending::kLf ? "\n" : ending == Ending::kCrLf ? "\r\n" : "\r";
  }
  return text;
}

rc::Gen<std::string> Value() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(std::vector<std::string>{
          "a", "Z", "0", " ", "ü", "ß", "€", "\"", ",", ";", "\t", "|", "\n", "\r\n", "'", "."})),
      [](const std::vector<std::string>& pieces) {
        std::string text;
        for (const auto& piece : pieces) text += piece;
        return text;
      });
}

RC_GTEST_PROP(CsvFile, ReadsBackWhatAnyDialectWrote, ()) {
  const auto columns = *rc::gen::inRange<std::size_t>(2, 7);
  const auto values = rc::gen::container<std::vector<std::string>>(columns, Value());
  auto rows = *rc::gen::container<std::vector<std::vector<std::string>>>(values);
  const char delimiter = *rc::gen::element(',', ';', '\t', '|');
  const auto ending = *rc::gen::element(Ending::kLf, Ending::kCrLf, Ending::kCr);
  std::vector<std::vector<std::string>> all = {{}};
  for (std::size_t i = 0; i < columns; ++i) all[0].push_back("Name " + std::to_string(i));
  all.insert(all.end(), rows.begin(), rows.end());
  std::string text = Render(all, delimiter, ending, *rc::gen::arbitrary<bool>());
  // Other delimiters within the values may agree as well: then the file says which it is.
  text = std::string("sep=") + delimiter + "\n" + text;
  std::string bytes;
  const int encoding = *rc::gen::inRange(0, 4);
  if (encoding == 0) bytes = text;
  if (encoding == 1) bytes = "\xEF\xBB\xBF" + text;
  if (encoding == 2) bytes = "\xFF\xFE" + ToUtf16(text, true);
  if (encoding == 3) bytes = ToUtf16(text, false);
  const auto table = ReadAll(bytes);
  RC_ASSERT(table.has_value());
  RC_ASSERT(table->rows.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RC_ASSERT(table->rows[i].fault.empty());
    for (std::size_t k = 0; k < columns; ++k) {
      RC_ASSERT(table->rows[i].values[k].value_or("") == rows[i][k]);
    }
  }
}

RC_GTEST_PROP(CsvFile, ReadsItsOwnFieldsBack, ()) {
  const auto values = *rc::gen::container<std::vector<std::string>>(3, Value());
  std::string line;
  for (const auto& value : values) {
    if (!line.empty()) line.push_back(',');
    AppendCsvField(line, value);
  }
  bool is_same = false;
  CsvSplitter splitter(',', false, [&](const CsvRecord& record) -> Result<void> {
    is_same = std::equal(record.fields.begin(), record.fields.end(), values.begin(), values.end());
    return {};
  });
  for (const char c : line + "\n") RC_ASSERT(splitter.Take({&c, 1}).has_value());
  RC_ASSERT(splitter.Finish().has_value());
  RC_ASSERT(is_same);
}

}  // namespace
}  // namespace revops::foreign
