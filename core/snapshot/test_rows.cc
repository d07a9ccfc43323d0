#include "core/snapshot/test_rows.h"

#include <algorithm>

namespace revops::snapshot {

sales::Sale MakeSale(const RowValues& values) {
  const auto text = [](const char* value) {
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  sales::Sale sale;
  sale.id = text(values.id);
  if (values.date != nullptr) sale.sold_on = Date::Parse(values.date);
  if (values.amount != nullptr) sale.amount = Money::Parse(values.amount);
  sale.texts = {text(values.product), text(values.region), text(values.stage),
                text(values.customer), text(values.status)};
  return sale;
}

std::vector<sales::Sale> SampleRows() {
  std::vector<sales::Sale> rows = {
      MakeSale({"1", "2026-11-07", "150000", "Sage Intacct", "North", "Negotiation", "Acme Corp",
                "Closed"}),
      MakeSale(
          {"2", "2026-11-02", "75000", "Sage Intacct", "North", "Proposal", "TechStart", "Open"}),
      MakeSale({"3", "2026-11-12", "45000", "Sage Payroll", "South", "Qualification", "MidCorp",
                "Open"}),
      MakeSale(
          {"4", "2026-11-17", "30000", "Sage HR", "East", "Negotiation", "SmallBiz", "Closed"}),
      MakeSale({"5", "2026-11-14", "22000", "Sage 50", "West", "Prospecting", "Startup", "Closed"}),
      MakeSale({"6", "2026-11-19", "95000", "Sage Intacct", "North", "Negotiation", "BigEnterprise",
                "Closed"}),
      MakeSale(
          {"7", "2026-11-20", "42000", "Sage Payroll", "South", "Proposal", "RetailCo", "Open"}),
      MakeSale(
          {"8", "2026-11-18", "31000", "Sage HR", "West", "Qualification", "ServiceInc", "Closed"}),
  };
  SortCanonically(rows);
  return rows;
}

std::vector<sales::Sale> AwkwardRows() {
  std::vector<sales::Sale> rows = {
      MakeSale({"-3", "2026-10-31", "-0.05", "Sage \"50\"", "North", "Proposal", "a,b", "Won"}),
      MakeSale({"10", "2026-11-01", "0", "", "  ", "Legal review", "line\nbreak", "Closed Lost"}),
      MakeSale(
          {"9", "2026-11-01", nullptr, nullptr, "North", nullptr, "carriage\rreturn", nullptr}),
      MakeSale(
          {"9", "2026-11-01", nullptr, nullptr, "North", nullptr, "carriage\rreturn", nullptr}),
      MakeSale(
          {"9", "2026-11-30", "12.34", "Sage HR", "\xC3\x9Cst", "negotiation", "\xFF\xFE", "open"}),
      MakeSale({"10", "2026-12-01", "999999999.99", "Sage HR", "North", "Proposal", "\"", "OPEN"}),
      MakeSale({"10", "2026-12-02", "1", "Sage HR", "North", "Proposal", nullptr, "pending"}),
      MakeSale({"99999999999999999999999999999999999999", nullptr, "7.1", "Sage HR", nullptr,
                "Proposal", "", "Open"}),
      MakeSale({nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr}),
  };
  SortCanonically(rows);
  return rows;
}

void SortCanonically(std::vector<sales::Sale>& rows) {
  std::vector<std::optional<std::string_view>> a_texts;
  std::vector<std::optional<std::string_view>> b_texts;
  std::stable_sort(rows.begin(), rows.end(), [&](const sales::Sale& a, const sales::Sale& b) {
    return sales::CompareCanonically(sales::Schema::FctSales(), sales::ToView(a, a_texts),
                                     sales::ToView(b, b_texts)) < 0;
  });
}

rc::Gen<std::vector<sales::Sale>> AnyRows() {
  const auto text = rc::gen::elementOf(std::vector<std::optional<std::string>>{
      std::nullopt, "", " ", ",", "\"", "\"\"", "a\"b", "\r\n", "plain", "\xFF", "\xC2\xA0", "open",
      std::string("nul\0inside", 10), "NULL", "'"});
  auto rows = rc::gen::container<std::vector<sales::Sale>>(rc::gen::exec([text] {
    sales::Sale sale;
    const int id = *rc::gen::inRange(-3, 12);
    if (id != 0) sale.id = std::to_string(id == 1 ? 0 : id);
    const int day = *rc::gen::inRange(-3, 70);
    if (day >= 0) sale.sold_on = *Date::Parse("2026-10-20") + day;
    const int cents = *rc::gen::inRange(-200, 200);
    if (cents % 3 != 0) sale.amount = Money::FromCents(cents);
    for (int i = 0; i < 5; ++i) sale.texts.push_back(*text);
    return sale;
  }));
  return rc::gen::map(rows, [](std::vector<sales::Sale> values) {
    SortCanonically(values);
    return values;
  });
}

Result<void> WriteAll(const std::vector<sales::Sale>& rows, std::size_t batch,
                      sales::SaleSink& sink) {
  for (std::size_t start = 0; start < rows.size(); start += batch) {
    const std::size_t count = std::min(batch, rows.size() - start);
    std::vector<std::vector<std::optional<std::string_view>>> texts(count);
    std::vector<sales::SaleView> views;
    for (std::size_t i = 0; i < count; ++i) {
      views.push_back(sales::ToView(rows[start + i], texts[i]));
    }
    REVOPS_TRY(sink.Write(views));
  }
  return {};
}

}  // namespace revops::snapshot
