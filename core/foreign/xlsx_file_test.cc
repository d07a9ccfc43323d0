#include "core/foreign/xlsx_file.h"

#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/foreign/number_format.h"
#include "core/foreign/xlsx_parts.h"
#include "core/foreign/zip_writer_testing.h"

namespace revops::foreign {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Table {
  FileDescription about;
  std::vector<std::uint64_t> numbers;
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::vector<std::string> findings;
};

Result<Table> ReadAll(std::string_view bytes) {
  const MemorySource source(bytes);
  REVOPS_TRY_ASSIGN(const auto file, OpenXlsx(source));
  Table table{file->description(), {}, {}, {}};
  REVOPS_TRY(file->Read([&table](const FileRow& row) -> Result<void> {
    table.numbers.push_back(row.number);
    auto& copy = table.rows.emplace_back();
    for (const auto& value : row.values) {
      copy.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
    }
    return {};
  }));
  table.findings = file->findings();
  return table;
}

Table MustRead(const TestWorkbook& workbook) {
  auto table = ReadAll(workbook.Write());
  EXPECT_TRUE(table.has_value()) << (table ? "" : table.error().message);
  return table ? *std::move(table) : Table{};
}

std::string MustFail(std::string_view bytes) {
  const auto table = ReadAll(bytes);
  EXPECT_FALSE(table.has_value());
  return table ? "" : table.error().message;
}

std::string Text(const std::string& place, const std::string& text) {
  return "<c r=\"" + place + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

const std::string kHeader = "<row r=\"1\">" + Text("A1", "Name") + Text("B1", "Amount") + "</row>";

TEST(XlsxFile, ReadsEveryKindOfCell) {
  TestWorkbook workbook;
  workbook.shared_texts = {"<t>Name</t>", "<r><t>A</t></r><r><t xml:space=\"preserve\"> b</t></r>",
                           "<t>kanji</t><rPh><t>spoken</t></rPh>", "<t>two_x000D_lines</t>"};
  workbook.styles =
      "<numFmts><numFmt numFmtId=\"164\" formatCode=\"dd\\.mm\\.yyyy\"/></numFmts>"
      "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
      "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs>";
  workbook.sheets = {
      {"Deals",
       "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>" + Text("B1", "Amount") +
           Text("C1", "Closed") + Text("D1", "Won") + "</row>" +
           "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"B2\"><v>1234.5000000000001</v></c>"
           "<c r=\"C2\" s=\"1\"><v>46348</v></c><c r=\"D2\" t=\"b\"><v>1</v></c></row>"
           "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c><c r=\"B3\"><f>1+1</f><v>2</v></c>"
           "<c r=\"C3\" s=\"2\"><v>46348.4375</v></c><c r=\"D3\" t=\"b\"><v>0</v></c></row>"
           "<row r=\"4\"><c r=\"A4\" t=\"s\"><v>3</v></c><c r=\"D4\" t=\"str\"><f>x</f><v>t</v></c>"
           "</row></sheetData>"}};
  const Table table = MustRead(workbook);
  EXPECT_EQ(table.about.format, "xlsx");
  EXPECT_EQ(table.about.sheet, "Deals");
  EXPECT_EQ(table.about.header_line, 1);
  EXPECT_THAT(table.about.columns, ElementsAre("Name", "Amount", "Closed", "Won"));
  ASSERT_EQ(table.rows.size(), 3);
  EXPECT_THAT(table.rows[0], ElementsAre("A b", "1234.5000000000001", "2026-11-22", "true"));
  EXPECT_THAT(table.rows[1], ElementsAre("kanji", "2", "2026-11-22T10:30:00", "false"));
  EXPECT_THAT(table.rows[2], ElementsAre("two\rlines", std::nullopt, std::nullopt, "t"));
  EXPECT_THAT(table.findings, IsEmpty());
}

TEST(XlsxFile, CountsDaysFrom1904WhereTheWorkbookDoes) {
  TestWorkbook workbook;
  workbook.properties = "date1904=\"1\"";
  workbook.styles = "<cellXfs><xf numFmtId=\"14\"/></cellXfs>";
  workbook.sheets = {{"S", "<sheetData>" + kHeader +
                               "<row r=\"2\"><c r=\"A2\" s=\"0\"><v>44886</v></c></row>"
                               "</sheetData>"}};
  EXPECT_EQ(MustRead(workbook).rows[0][0], "2026-11-22");
}

TEST(XlsxFile, SaysWhatWouldSurprise) {
  TestWorkbook workbook;
  workbook.sheets = {
      {"Notes", "<sheetData><row r=\"1\">" + Text("A1", "Read me") + "</row></sheetData>"},
      {"Deals",
       "<sheetData>" + kHeader + "<row r=\"2\" hidden=\"1\">" + Text("A2", "x") +
           "<c r=\"B2\" t=\"e\"><v>#N/A</v></c><c r=\"D2\"><v>5</v></c></row><row r=\"3\">" +
           Text("A3", "y") + "<c r=\"B3\"><f>A1</f></c></row></sheetData>" +
           "<mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"A2:A3\"/></mergeCells>"}};
  const Table table = MustRead(workbook);
  EXPECT_EQ(table.about.sheet, "Deals");
  EXPECT_THAT(table.findings, Contains(HasSubstr("the workbook also has Notes")));
  EXPECT_THAT(table.findings, Contains(HasSubstr("1 range of cells is merged (A2:A3)")));
  EXPECT_THAT(table.findings, Contains(HasSubstr("1 formula has no value")));
  EXPECT_THAT(table.findings, Contains(HasSubstr("1 cell holds an error")));
  EXPECT_THAT(table.findings, Contains(HasSubstr("1 row is hidden")));
  EXPECT_THAT(table.findings, Contains(HasSubstr("1 cell stands beside")));
}

TEST(XlsxFile, PassesACoverPage) {
  TestWorkbook workbook;
  workbook.sheets = {
      {"Cover", "<sheetData><row r=\"1\">" + Text("A1", "Sales report") + "</row><row r=\"2\">" +
                    Text("A2", "for 2026") + "</row></sheetData>"},
      {"Deals", "<sheetData><row r=\"1\">" + Text("A1", "Name") + Text("B1", "Stage") +
                    Text("C1", "Owner") + "</row><row r=\"2\">" + Text("A2", "x") +
                    Text("B2", "y") + Text("C2", "z") + "</row></sheetData>"}};
  const Table table = MustRead(workbook);
  EXPECT_EQ(table.about.sheet, "Deals");
  EXPECT_THAT(table.findings, ElementsAre(HasSubstr("the workbook also has Cover")));
  workbook.sheets.pop_back();
  EXPECT_EQ(MustRead(workbook).about.sheet, "Cover");
}

TEST(XlsxFile, FindsTheTableBetweenTitleAndFooter) {
  TestWorkbook workbook;
  workbook.sheets = {{"S", "<sheetData><row r=\"1\">" + Text("B1", "Pipeline") +
                               "</row><row r=\"4\">" + Text("B4", "Name") + Text("C4", "Stage") +
                               Text("D4", "Owner") + "</row><row r=\"5\">" + Text("B5", "x") +
                               Text("C5", "y") + Text("D5", "z") + "</row><row r=\"8\">" +
                               Text("B8", "Confidential") + "</row></sheetData>"}};
  const Table table = MustRead(workbook);
  EXPECT_EQ(table.about.header_line, 4);
  EXPECT_THAT(table.about.columns, ElementsAre("Name", "Stage", "Owner"));
  EXPECT_THAT(table.numbers, ElementsAre(5));
  EXPECT_THAT(table.findings, ElementsAre(HasSubstr("Confidential")));
}

TEST(XlsxFile, RefusesWhatIsNoPlainWorkbook) {
  EXPECT_THAT(MustFail("PK\x03\x04 not really"), HasSubstr("no workbook"));
  EXPECT_THAT(MustFail(WriteZip({{"a.csv", "a,b"}})), HasSubstr("unpack it first"));
  EXPECT_THAT(MustFail(WriteZip({{"content.xml", ""}})), HasSubstr(".ods"));
  EXPECT_THAT(MustFail(WriteZip({{"xl/workbook.bin", ""}})), HasSubstr(".xlsb"));
  TestWorkbook with_macros;
  with_macros.sheets = {{"S", "<sheetData>" + kHeader + "</sheetData>"}};
  with_macros.further_members = {{"xl/vbaProject.bin", "x"}};
  EXPECT_THAT(MustFail(with_macros.Write()), HasSubstr("macros"));
  TestWorkbook empty;
  empty.sheets = {{"S", "<sheetData/>"}};
  EXPECT_THAT(MustFail(empty.Write()), HasSubstr("no sheet with a line of names"));
  TestWorkbook broken;
  broken.sheets = {{"S", "<sheetData><row>"}};
  EXPECT_THAT(MustFail(broken.Write()), HasSubstr("damaged"));
}

TEST(XlsxFile, TakesNoEntities) {
  TestWorkbook workbook;
  workbook.sheets = {{"S", "<sheetData>" + kHeader + "</sheetData>"}};
  workbook.further_members = {};
  std::string bomb =
      "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><workbook>&b;"
      "</workbook>";
  EXPECT_THAT(MustFail(WriteZip(
                  {{"xl/workbook.xml", bomb}, {"xl/_rels/workbook.xml.rels", "<Relationships/>"}})),
              HasSubstr("damaged"));
}

TEST(NumberFormat, TellsDatesFromOtherNumbers) {
  for (const char* code : {"dd/mm/yyyy", "m/d/yy h:mm", "[$-409]d\\-mmm\\-yyyy;@",
                           "yyyy\"年\"m\"月\"", "[h]:mm", "YYYY-MM-DD"}) {
    EXPECT_TRUE(is_date_format(std::string_view(code))) << code;
  }
  for (const char* code : {"General", "0.00", "#,##0.00 \"days\"", "[Red]0", "0.00E+00", "\\d0",
                           "_d0", "[$USD] #,##0", "0;[Red]-0 \"m\"", ""}) {
    EXPECT_FALSE(is_date_format(std::string_view(code))) << code;
  }
}

TEST(NumberFormat, TellsTheCurrencyThatIsShown) {
  for (const auto& [code, currency] :
       std::vector<std::pair<const char*, const char*>>{{"\"$\"#,##0.00", "$"},
                                                        {"#,##0.00\\ [$€-407]", "€"},
                                                        {"_-* #,##0.00\\ \"€\"_-;\\-* 0", "€"},
                                                        {"[$CHF] #,##0", "CHF"},
                                                        {"[$$-409]#,##0.00;[Red]-0", "$"},
                                                        {"#,##0.00", ""},
                                                        {"0.0%;\"$\"0", ""},
                                                        {"0 \"days\"", ""}}) {
    EXPECT_EQ(CurrencyOfFormat(code), currency) << code;
  }
}

TEST(XlsxFile, SaysWhereNumbersAreShownAsSeveralCurrencies) {
  TestWorkbook workbook;
  workbook.styles =
      "<numFmts><numFmt numFmtId=\"164\" formatCode=\"[$€-407] 0\"/>"
      "<numFmt numFmtId=\"165\" formatCode=\"[$$-409] 0\"/></numFmts>"
      "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs>";
  const auto with = [&](const std::string& second) {
    workbook.sheets = {{"S", "<sheetData>" + kHeader +
                                 "<row r=\"2\"><c r=\"A2\" s=\"2\"><v>7</v></c>"
                                 "<c r=\"B2\" s=\"1\"><v>5</v></c></row><row r=\"3\">" +
                                 second + "</row></sheetData>"}};
    return MustRead(workbook).findings;
  };
  EXPECT_THAT(with("<c r=\"B3\" s=\"1\"><v>5</v></c>"), IsEmpty());
  EXPECT_THAT(with("<c r=\"B3\" s=\"2\"><v>5</v></c>"), ElementsAre(HasSubstr("as € and $")));
}

TEST(NumberFormat, CountsDaysAsWorkbooksDo) {
  EXPECT_EQ(ToIsoDate(1, false), "1900-01-01");
  EXPECT_EQ(ToIsoDate(59, false), "1900-02-28");
  EXPECT_EQ(ToIsoDate(60, false), std::nullopt);
  EXPECT_EQ(ToIsoDate(61, false), "1900-03-01");
  EXPECT_EQ(ToIsoDate(2'958'465, false), "9999-12-31");
  EXPECT_EQ(ToIsoDate(2'958'466, false), std::nullopt);
  EXPECT_EQ(ToIsoDate(-1, false), std::nullopt);
  EXPECT_EQ(ToIsoDate(0.4375, false), "10:30:00");
  EXPECT_EQ(ToIsoDate(0, true), "1904-01-01");
}

TEST(SharedTexts, TakesEscapesApart) {
  std::string text;
  AppendUnescaped(text, "a_x0041_b_x005F_x000D_c_xZZZZ_d_x00");
  EXPECT_EQ(text, "aAb_x000D_c_xZZZZ_d_x00");
}

}  // namespace
}  // namespace revops::foreign
