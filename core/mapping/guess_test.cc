#include "core/mapping/guess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::mapping {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

using Rows = std::vector<std::vector<const char*>>;

Guesser Guess(const std::vector<std::string>& columns, const Rows& rows,
              const RateTable* rates = nullptr) {
  Guesser guesser(columns, rates);
  for (const auto& row : rows) {
    std::vector<std::optional<std::string_view>> values;
    for (const char* value : row) {
      values.push_back(*value == '\0' ? std::nullopt : std::optional<std::string_view>(value));
    }
    guesser.Add(values);
  }
  return guesser;
}

std::optional<std::string> Column(const Mapping& mapping, mapping::Field field) {
  return mapping.column(field);
}

TEST(GuesserTest, KnowsASalesforceReport) {
  const auto guess =
      Guess({"Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Fiscal Period",
             "Amount", "Expected Revenue", "Probability (%)", "Age", "Close Date", "Created Date",
             "Next Step", "Lead Source", "Type"},
            {{"Ada", "Acme", "Acme - 10", "Prospecting", "Q4-2026", "$1,200.00", "$120.00", "10",
              "3", "11/22/2026", "10/1/2026", "", "Web", "New Business"},
             {"Bob", "Beta", "Beta - 3", "Closed Won", "Q4-2026", "$50.00", "$50.00", "100", "30",
              "11/2/2026", "9/1/2026", "", "Phone", "Renewal"},
             {"Ada", "Core", "Core - 1", "Legal Review", "Q4-2026", "", "", "70", "5", "12/5/2026",
              "9/7/2026", "", "Web", "Renewal"},
             {"Ada", "Dot", "Dot - 1", "Closed Lost", "Q4-2026", "$7.00", "$0.00", "0", "5",
              "12/5/2026", "9/7/2026", "", "Web", "Renewal"}})
          .MakeGuess();
  const Mapping& mapping = guess.mapping;
  EXPECT_EQ(mapping.name.substr(0, 11), "salesforce-");
  EXPECT_EQ(Column(mapping, mapping::Field::kId), std::nullopt);
  EXPECT_EQ(Column(mapping, mapping::Field::kCustomer), "Account Name");
  EXPECT_EQ(Column(mapping, mapping::Field::kAmount), "Amount");
  EXPECT_EQ(Column(mapping, mapping::Field::kDate), "Close Date");
  EXPECT_EQ(Column(mapping, mapping::Field::kStage), "Stage");
  EXPECT_EQ(Column(mapping, mapping::Field::kStatus), "Stage");
  EXPECT_EQ(mapping.date_order, DateOrder::kMonthDayYear);
  EXPECT_EQ(mapping.decimal_mark, DecimalMark::kPoint);
  EXPECT_THAT(mapping.dimensions, ElementsAre(MappedDimension{"OWNER", "Opportunity Owner"},
                                              MappedDimension{"LEAD_SOURCE", "Lead Source"},
                                              MappedDimension{"DEAL_TYPE", "Type"}));
  EXPECT_THAT(mapping.stages,
              ElementsAre("Prospecting", "Legal Review", "Closed Won", "Closed Lost"));
  EXPECT_THAT(mapping.statuses, ElementsAre(Pair("closed lost", sales::Status::kLost),
                                            Pair("closed won", sales::Status::kWon),
                                            Pair("legal review", sales::Status::kOpen),
                                            Pair("prospecting", sales::Status::kOpen)));
  EXPECT_THAT(guess.questions, IsEmpty());
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::text, HasSubstr("Legal Review (1 row)"))));
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::text, HasSubstr("Created Date"))));
}

TEST(GuesserTest, KnowsAHubSpotExport) {
  const auto guess = Guess({"Record ID", "Deal Name", "Deal Stage", "Pipeline", "Close Date",
                            "Deal owner", "Amount", "Associated Company"},
                           {{"9000000001", "Deal a", "Appointment Scheduled", "Sales Pipeline",
                             "2026-11-30 10:22", "Ada Lovelace", "1000", "Acme"},
                            {"9000000002", "Deal b", "Closed Won", "Sales Pipeline",
                             "2026-10-01 09:00", "Bob Byte", "2500.5", "Beta"}})
                         .MakeGuess();
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kId), "Record ID");
  EXPECT_FALSE(guess.mapping.text_ids);
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kCustomer), "Associated Company");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kDate), "Close Date");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kStatus), "Deal Stage");
  EXPECT_EQ(guess.mapping.statuses.at("appointment scheduled"), sales::Status::kOpen);
  EXPECT_THAT(guess.questions, IsEmpty());
}

TEST(GuesserTest, KnowsAPipedriveExport) {
  const auto guess =
      Guess({"Deal - Title", "Deal - Organization", "Deal - Value", "Deal - Currency of Value",
             "Deal - Stage", "Deal - Status", "Deal - Owner", "Deal - Expected close date",
             "Deal - ID"},
            {{"Big one", "Acme", "1000", "EUR", "Negotiations Started", "open", "Ada", "2026-12-01",
              "1"},
             {"Small one", "Beta", "70", "EUR", "Lead In", "lost", "Bob", "2026-12-01", "2"}})
          .MakeGuess();
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kId), "Deal - ID");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kAmount), "Deal - Value");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kStatus), "Deal - Status");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kCustomer), "Deal - Organization");
  EXPECT_THAT(guess.mapping.stages, ElementsAre("Lead In", "Negotiations Started"));
}

TEST(GuesserTest, ReadsAGermanSpreadsheet) {
  const auto guess = Guess({"Auftragsnummer", "Kunde", "Gebiet", "Produkt", "Betrag (EUR)",
                            "Abschlussdatum", "Phase"},
                           {{"A-1", "Müller", "Nord", "Pumpe", "1.234,50", "22.11.2026", "Angebot"},
                            {"A-2", "Schmidt", "Süd", "Ventil", "17,00", "03.11.2026", "Gewonnen"}})
                         .MakeGuess();
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kRegion), "Gebiet");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kProduct), "Produkt");
  EXPECT_EQ(guess.mapping.decimal_mark, DecimalMark::kComma);
  EXPECT_EQ(guess.mapping.date_order, DateOrder::kDayMonthYear);
  EXPECT_EQ(guess.mapping.currency, "EUR");
  EXPECT_TRUE(guess.mapping.text_ids);
  EXPECT_EQ(guess.mapping.statuses.at("gewonnen"), sales::Status::kWon);
}

TEST(GuesserTest, KnowsSalesforcesOwnFieldNames) {
  const auto guess =
      Guess({"Id", "IsDeleted", "AccountId", "Name", "StageName", "Amount", "Probability",
             "ExpectedRevenue", "CloseDate", "Type", "LeadSource", "IsClosed", "IsWon",
             "ForecastCategoryName", "CurrencyIsoCode", "OwnerId", "CreatedDate"},
            {{"0065g00000AAAAA", "false", "0015g1", "Acme 10", "Kick-off", "1200.0", "10.0",
              "120.0", "2026-11-30", "New Customer", "Web", "false", "false", "Pipeline", "USD",
              "0055g1", "2026-10-01T09:15:00.000+0000"},
             {"0065g00000AAAAB", "false", "0015g2", "Beta 3", "Signed", "50.25", "100.0", "50.25",
              "2026-11-02", "Existing Customer", "Phone", "true", "true", "Closed", "USD", "0055g2",
              "2026-09-01T09:15:00.000+0000"},
             {"0065g00000AAAAC", "false", "0015g3", "Core 1", "Gave up", "", "0.0", "",
              "2026-11-05", "Existing Customer", "Web", "true", "false", "Omitted", "USD", "0055g1",
              "2026-09-07T09:15:00.000+0000"}})
          .MakeGuess();
  const Mapping& mapping = guess.mapping;
  EXPECT_EQ(Column(mapping, mapping::Field::kId), "Id");
  EXPECT_TRUE(mapping.text_ids);
  EXPECT_EQ(Column(mapping, mapping::Field::kAmount), "Amount");
  EXPECT_EQ(Column(mapping, mapping::Field::kDate), "CloseDate");
  EXPECT_EQ(Column(mapping, mapping::Field::kStage), "StageName");
  EXPECT_EQ(Column(mapping, mapping::Field::kStatus), "StageName");
  EXPECT_THAT(mapping.statuses, ElementsAre(Pair("gave up", sales::Status::kLost),
                                            Pair("kick-off", sales::Status::kOpen),
                                            Pair("signed", sales::Status::kWon)));
  EXPECT_THAT(mapping.stages, ElementsAre("Kick-off", "Signed", "Gave up"));
  EXPECT_EQ(mapping.currency, "USD");
  EXPECT_EQ(mapping.currency_column, "CurrencyIsoCode");
  EXPECT_THAT(guess.questions, IsEmpty());
}

TEST(GuesserTest, KnowsADynamicsExport) {
  const auto guess =
      Guess({"(Do Not Modify) Opportunity", "(Do Not Modify) Row Checksum",
             "(Do Not Modify) Modified On", "Topic", "Potential Customer", "Est. Close Date",
             "Est. Revenue", "Status", "Status Reason", "Pipeline Phase", "Currency", "Owner"},
            {{"1f0c7a7e-0001-ec11-b6e6-000d3a000001", "abc=", "11/20/2026 9:15 AM", "100 bikes",
              "Acme", "12/24/2026", "$1,000.00", "Open", "In Progress", "2-Develop", "US Dollar",
              "Ada"},
             {"1f0c7a7e-0002-ec11-b6e6-000d3a000002", "def=", "11/21/2026 9:15 AM", "Helmets",
              "Beta", "11/13/2026", "$70.50", "Won", "Won", "4-Close", "US Dollar", "Bob"},
             {"1f0c7a7e-0003-ec11-b6e6-000d3a000003", "ghi=", "11/21/2026 9:15 AM", "Bells", "Beta",
              "11/14/2026", "$7.00", "Lost", "Out-Sold", "1-Qualify", "US Dollar", "Bob"}})
          .MakeGuess();
  const Mapping& mapping = guess.mapping;
  EXPECT_EQ(Column(mapping, mapping::Field::kId), "(Do Not Modify) Opportunity");
  EXPECT_EQ(Column(mapping, mapping::Field::kCustomer), "Potential Customer");
  EXPECT_EQ(Column(mapping, mapping::Field::kAmount), "Est. Revenue");
  EXPECT_EQ(Column(mapping, mapping::Field::kDate), "Est. Close Date");
  EXPECT_EQ(Column(mapping, mapping::Field::kStage), "Pipeline Phase");
  EXPECT_EQ(Column(mapping, mapping::Field::kStatus), "Status");
  EXPECT_THAT(mapping.stages, ElementsAre("1-Qualify", "2-Develop", "4-Close"));
  EXPECT_EQ(mapping.statuses.at("won"), sales::Status::kWon);
  EXPECT_EQ(mapping.currency, "USD");
  EXPECT_EQ(mapping.date_order, DateOrder::kMonthDayYear);
  EXPECT_THAT(guess.questions, IsEmpty());
}

TEST(GuesserTest, ReadsAFrenchSpreadsheet) {
  const auto guess = Guess({"Référence", "Client", "Montant", "Date de clôture", "Étape"},
                           {{"A1", "Acme", "1 234,50 €", "22/11/2026", "Proposition"},
                            {"A2", "Beta", "17,00 €", "03/11/2026", "Gagné"}})
                         .MakeGuess();
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kId), "Référence");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kCustomer), "Client");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kAmount), "Montant");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kDate), "Date de clôture");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kStage), "Étape");
  EXPECT_EQ(guess.mapping.statuses.at("gagné"), sales::Status::kWon);
  EXPECT_EQ(guess.mapping.decimal_mark, DecimalMark::kComma);
  EXPECT_EQ(guess.mapping.currency, "EUR");
}

TEST(GuesserTest, TakesAFlagWhereNothingElseTells) {
  const auto guess = Guess({"Id", "Amount", "Date", "Is Closed"},
                           {{"1", "10", "2026-11-01", "true"}, {"2", "20", "2026-11-02", "false"}})
                         .MakeGuess();
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kStatus), "Is Closed");
  EXPECT_THAT(guess.mapping.statuses, ElementsAre(Pair("false", sales::Status::kOpen),
                                                  Pair("true", sales::Status::kClosed)));
}

TEST(GuesserTest, KnowsWordsAndNotPartsOfThem) {
  const auto guess =
      Guess({"Id", "Amount", "Date", "Stage"}, {{"1", "10", "2026-11-01", "In Person Demo"},
                                                {"2", "10", "2026-11-01", "Wonderful"},
                                                {"3", "10", "2026-11-01", "closedwon"},
                                                {"4", "10", "2026-11-01", "7. Closed/Lost"},
                                                {"5", "10", "2026-11-01", "Won (invoiced)"},
                                                {"6", "10", "2026-11-01", "Cancelled"},
                                                {"7", "10", "2026-11-01", "Not won"}})
          .MakeGuess();
  EXPECT_THAT(guess.mapping.statuses, ElementsAre(Pair("7. closed/lost", sales::Status::kLost),
                                                  Pair("cancelled", sales::Status::kLost),
                                                  Pair("closedwon", sales::Status::kWon),
                                                  Pair("in person demo", sales::Status::kOpen),
                                                  Pair("not won", sales::Status::kOpen),
                                                  Pair("won (invoiced)", sales::Status::kWon),
                                                  Pair("wonderful", sales::Status::kOpen)));
}

TEST(GuesserTest, AsksWhatCannotBeTold) {
  const auto guess =
      Guess({"Id", "Amount", "Close Date", "Status"},
            {{"1", "1,000", "11/12/2026", "Open"}, {"2", "25,000", "3/4/2026", "Won"}})
          .MakeGuess();
  ASSERT_EQ(guess.questions.size(), 2U);
  EXPECT_EQ(guess.questions[0].about, "date_order");
  EXPECT_THAT(guess.questions[0].text, HasSubstr("11/12/2026"));
  EXPECT_THAT(guess.questions[0].choices, ElementsAre("day_month_year", "month_day_year"));
  EXPECT_EQ(guess.questions[1].about, "decimal_mark");
  EXPECT_THAT(guess.questions[1].text, HasSubstr("1,000"));
}

Guesser::Guess GuessOfAmounts(const char* one, const char* other) {
  return Guess({"Id", "Amount", "Status"}, {{"1", one, "Open"}, {"2", other, "Won"}}).MakeGuess();
}

TEST(GuesserTest, AsksWhetherThreeDigitsAreDecimals) {
  for (const auto& [one, other] :
       {std::pair("1,234", "25,678"), std::pair("123.456", "999.125"), std::pair("1,234", "500")}) {
    const auto guess = GuessOfAmounts(one, other);
    ASSERT_EQ(guess.questions.size(), 1U) << one;
    EXPECT_EQ(guess.questions[0].about, "decimal_mark");
    EXPECT_THAT(guess.questions[0].text, HasSubstr(one));
  }
  EXPECT_THAT(GuessOfAmounts("1,234", "0.5").questions, IsEmpty());
  EXPECT_THAT(GuessOfAmounts("1.234", "1.234.567").questions, IsEmpty());
  EXPECT_EQ(GuessOfAmounts("1.234", "1.234.567").mapping.decimal_mark, DecimalMark::kComma);
  EXPECT_EQ(GuessOfAmounts("1.234", "1234.567").mapping.decimal_mark, DecimalMark::kPoint);
  EXPECT_EQ(GuessOfAmounts("0,125", "1,5").mapping.decimal_mark, DecimalMark::kComma);
}

TEST(GuesserTest, TakesAmountsByTheirNameThatAreMoreExactThanAmounts) {
  const auto guess = GuessOfAmounts("1.12345", "2.24690");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kAmount), "Amount");
}

TEST(GuesserTest, SaysWhichCurrencyASignIsTakenFor) {
  const auto dollars = GuessOfAmounts("$10", "$ 20.50");
  EXPECT_EQ(dollars.mapping.currency, "USD");
  EXPECT_THAT(dollars.questions, IsEmpty());
  EXPECT_THAT(dollars.findings, Contains(Field(&Finding::text, HasSubstr("taken for USD"))));

  const auto kronor = GuessOfAmounts("10 kr", "20 kr");
  EXPECT_EQ(kronor.mapping.currency, "SEK");
  ASSERT_EQ(kronor.questions.size(), 1U);
  EXPECT_EQ(kronor.questions[0].about, "currency");
  EXPECT_THAT(kronor.questions[0].choices, ElementsAre("SEK", "NOK", "DKK", "ISK"));

  EXPECT_EQ(GuessOfAmounts("10", "20").mapping.currency, std::nullopt);
}

TEST(GuesserTest, KeepsTheZerosOfIds) {
  const auto guess = [](const char* one, const char* other) {
    return Guess({"Id", "Amount"}, {{one, "10"}, {other, "20"}}).MakeGuess();
  };
  EXPECT_TRUE(guess("00123", "00124").mapping.text_ids);
  EXPECT_TRUE(guess("123", "0124").mapping.text_ids);
  EXPECT_FALSE(guess("0", "124").mapping.text_ids);
}

TEST(GuesserTest, IsNotReadyForAFileWithoutALineOfNames) {
  const auto guess = Guess({"1", "Acme", "100.50", "Open", "2026-01-01"},
                           {{"2", "Beta", "200.50", "Won", "2026-01-02"},
                            {"3", "Gamma", "300.50", "Lost", "2026-01-03"}})
                         .MakeGuess();
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::text, HasSubstr("100.50 is no name"))));
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::is_problem, true)));
}

TEST(GuesserTest, OneValueAnswersForAll) {
  const auto guess =
      Guess({"Id", "Amount", "Close Date", "Status"},
            {{"1", "1,234", "11/12/2026", "Open"}, {"2", "5,678.25", "13/4/2026", "Won"}})
          .MakeGuess();
  EXPECT_THAT(guess.questions, IsEmpty());
  EXPECT_EQ(guess.mapping.date_order, DateOrder::kDayMonthYear);
  EXPECT_EQ(guess.mapping.decimal_mark, DecimalMark::kPoint);
}

TEST(GuesserTest, TakesAYearOfTwoDigitsForTheLastPart) {
  const auto guess = [](const char* first, const char* second) {
    return Guess({"Amount", "Close Date"}, {{"1", first}, {"2", second}}).MakeGuess();
  };
  EXPECT_EQ(guess("22.11.26", "01.02.26").mapping.date_order, DateOrder::kDayMonthYear);
  EXPECT_EQ(guess("11/22/26", "01/02/26").mapping.date_order, DateOrder::kMonthDayYear);
  EXPECT_EQ(guess("99-11-22", "99-02-01").mapping.date_order, DateOrder::kYearMonthDay);
  EXPECT_EQ(guess("05.06.26", "01.02.26").questions.size(), 1U);
  EXPECT_THAT(guess("2026-11-22", "2026-02-01").questions, IsEmpty());
  EXPECT_EQ(guess("2026-11-22", "2026-02-01").mapping.date_order, DateOrder::kYearMonthDay);
}

TEST(GuesserTest, TakesAColumnByItsNameAlthoughSomeValuesDoNotFit) {
  const auto guess =
      Guess({"Id", "Amount", "Close Date", "Status"}, {{"1", "10", "2026-11-01", "Open"},
                                                       {"2", "n/a", "soon", "Open"},
                                                       {"3", "7.50", "2026-11-02", "Won"}})
          .MakeGuess();
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kAmount), "Amount");
  EXPECT_EQ(Column(guess.mapping, mapping::Field::kDate), "Close Date");
}

TEST(GuesserTest, IsNotReadyForAFileOfSomethingElse) {
  const auto guess = Guess({"A", "B"}, {{"1", "1"}, {"1", "x"}}).MakeGuess();
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::is_problem, true)));
}

TEST(GuesserTest, DoesNotGuessWhatAStatusMeans) {
  const auto guess = Guess({"Id", "Amount", "Date", "Status"},
                           {{"1", "10", "2026-11-01", "Zeta"}, {"2", "20", "2026-11-02", "Open"}})
                         .MakeGuess();
  EXPECT_FALSE(guess.mapping.statuses.contains("zeta"));
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::text, HasSubstr("Zeta (1 row)"))));
}

TEST(GuesserTest, RefusesToAddCurrencies) {
  const auto guess = Guess({"Id", "Amount", "Date", "Status"}, {{"1", "€ 10", "2026-11-01", "Open"},
                                                                {"2", "£20", "2026-11-02", "Open"}})
                         .MakeGuess();
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::is_problem, true)));
}

TEST(GuesserTest, NeedsACurrencyWhereThereAreSeveral) {
  const auto guesser = Guess({"Amount", "Currency", "Status"},
                             {{"10", "EUR", "Open"}, {"20", "GBP", "Open"}, {"30", "EUR", "Zeta"}});
  Mapping mapping = guesser.MakeGuess().mapping;
  EXPECT_EQ(mapping.currency, "EUR");
  EXPECT_THAT(guesser.FindingsFor(mapping),
              ElementsAre(Field(&Finding::text, HasSubstr("Zeta (1 row)"))));
  mapping.currency.reset();
  EXPECT_THAT(guesser.FindingsFor(mapping), Contains(Field(&Finding::is_problem, true)));
}

TEST(GuesserTest, TakesTheOneCurrencyThatTheRowsName) {
  const std::vector<std::string> columns = {"Amount", "Currency"};
  Mapping mapping;
  mapping.currency_column = "Currency";
  EXPECT_EQ(Guess(columns, {{"1", "EUR"}, {"2", "Euro"}}).CurrencyNamedFor(mapping), "EUR");
  EXPECT_EQ(Guess(columns, {{"1", "EUR"}, {"2", "USD"}}).CurrencyNamedFor(mapping), std::nullopt);
  EXPECT_EQ(Guess(columns, {{"1", "Taler"}}).CurrencyNamedFor(mapping), std::nullopt);
  mapping.currency = "GBP";
  EXPECT_EQ(Guess(columns, {{"1", "EUR"}}).CurrencyNamedFor(mapping), std::nullopt);
}

Guesser::Guess GuessWithRates(const std::vector<std::string>& columns, const Rows& rows) {
  const auto table = RateTable::ParseCsv("date,currency,rate\n", "rates.csv", "USD");
  return Guess(columns, rows, &*table).MakeGuess();
}

TEST(GuesserTest, TurnsAmountsThatNameTheirCurrencyIntoThatOfTheRates) {
  const std::vector<std::string> columns = {"Amount", "Currency", "Status"};
  for (const Rows& rows : {Rows{{"10", "EUR", "Open"}, {"20", "GBP", "Open"}},
                           Rows{{"10", "EUR", "Open"}}, Rows{{"€ 10", "", "Open"}}}) {
    const auto guess = GuessWithRates(columns, rows);
    EXPECT_EQ(guess.mapping.currency, "USD");
    EXPECT_THAT(guess.findings, Not(Contains(Field(&Finding::is_problem, true))));
  }
  const auto plain = GuessWithRates(columns, {{"10", "", "Open"}});
  EXPECT_EQ(plain.mapping.currency, std::nullopt);
  EXPECT_THAT(plain.findings, Not(Contains(Field(&Finding::is_problem, true))));
}

TEST(GuesserTest, DoesNotTurnAmountsWhoseCurrencyNoRowNames) {
  const auto guess = GuessWithRates({"Amount (EUR)", "Status"}, {{"10", "Open"}});
  EXPECT_EQ(guess.mapping.currency, "EUR");
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::is_problem, true)));
  EXPECT_THAT(guess.findings, Contains(Field(&Finding::text, HasSubstr("rates.csv"))));
}

TEST(GuesserTest, FindsThatAMappingSaysAnotherCurrencyThanTheRates) {
  const auto table = RateTable::ParseCsv("date,currency,rate\n", "rates.csv", "USD");
  const auto guesser =
      Guess({"Amount", "Currency"}, {{"10", "EUR"}, {"20", "GBP"}}, &table.value());
  Mapping mapping = guesser.MakeGuess().mapping;
  EXPECT_THAT(guesser.FindingsFor(mapping), IsEmpty());
  mapping.currency.reset();
  EXPECT_THAT(guesser.FindingsFor(mapping), IsEmpty());
  mapping.currency = "GBP";
  EXPECT_THAT(guesser.FindingsFor(mapping), ElementsAre(Field(&Finding::is_problem, true)));
}

TEST(GuesserTest, TakesTheColumnInWhichTheSystemHasConvertedAmounts) {
  const auto hubspot =
      Guess({"Amount", "Currency", "Amount in company currency", "Deal Stage"},
            {{"10", "EUR", "11.00", "Closed Won"}, {"20", "GBP", "25.50", "Closed Lost"}})
          .MakeGuess();
  EXPECT_EQ(Column(hubspot.mapping, mapping::Field::kAmount), "Amount in company currency");
  EXPECT_EQ(hubspot.mapping.currency_column, std::nullopt);
  EXPECT_EQ(hubspot.mapping.currency, std::nullopt);
  EXPECT_THAT(hubspot.findings, Contains(Field(&Finding::text, HasSubstr("EUR (1 row)"))));
  EXPECT_THAT(hubspot.findings, Not(Contains(Field(&Finding::is_problem, true))));

  const auto salesforce =
      Guess({"Amount (converted) Currency", "Amount (converted)", "Amount Currency", "Amount"},
            {{"USD", "11.00", "EUR", "10"}, {"USD", "25.50", "GBP", "20"}})
          .MakeGuess();
  EXPECT_EQ(Column(salesforce.mapping, mapping::Field::kAmount), "Amount (converted)");
  EXPECT_EQ(salesforce.mapping.currency_column, "Amount (converted) Currency");
  EXPECT_EQ(salesforce.mapping.currency, "USD");

  const auto one_currency = Guess({"Est. Revenue", "Est. Revenue (Base)", "Currency"},
                                  {{"10", "11.00", "Euro"}, {"20", "22.00", "Euro"}})
                                .MakeGuess();
  EXPECT_EQ(Column(one_currency.mapping, mapping::Field::kAmount), "Est. Revenue");
  EXPECT_EQ(one_currency.mapping.currency, "EUR");
}

TEST(GuesserTest, OrdersUnknownStagesByTheirProbability) {
  const auto guess = Guess({"Stage", "Probability", "Amount", "Close Date"},
                           {{"Late", "80%", "1", "2026-11-01"},
                            {"Gone (lost)", "0%", "1", "2026-11-01"},
                            {"Early", "10%", "1", "2026-11-01"},
                            {"Won", "100%", "1", "2026-11-01"}})
                         .MakeGuess();
  EXPECT_THAT(guess.mapping.stages, ElementsAre("Early", "Late", "Won", "Gone (lost)"));
}

TEST(GuesserTest, LeavesOutWhatRefusedRowsCarry) {
  const std::vector<std::string> columns = {"Id", "Amount", "Date", "Status"};
  std::vector<std::string> mended = columns;
  mended.emplace_back("REFUSED_LINE");
  mended.emplace_back("REFUSED_BECAUSE");
  const Rows row = {{"1", "10", "2026-11-01", "Open", "2", "AMOUNT is not an amount"}};
  const auto guesser = Guess(mended, row);
  EXPECT_EQ(guesser.MakeGuess().mapping.shape, ShapeOf(columns));
  EXPECT_EQ(guesser.Columns().size(), columns.size());
}

TEST(GuesserTest, ShowsColumnsAsPeopleRecogniseThem) {
  Guesser guesser({"Word", "Many"});
  for (int i = 0; i < 60; ++i) {
    const std::string many = "text " + std::to_string(i);
    const std::vector<std::optional<std::string_view>> values = {i % 3 == 0 ? "a" : "b", many};
    guesser.Add(values);
  }
  const auto columns = guesser.Columns();
  ASSERT_TRUE(columns[0].values);
  EXPECT_THAT(*columns[0].values, ElementsAre(Pair("b", 40U), Pair("a", 20U)));
  EXPECT_EQ(columns[1].values, std::nullopt);
  EXPECT_THAT(columns[1].samples, ElementsAre("text 0", "text 1", "text 2"));
}

}  // namespace
}  // namespace revops::mapping
