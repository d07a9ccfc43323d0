#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/api/testing/service_fixture.h"

/// Filtered answers against a slow model: rows counted one by one, in plain integers.

namespace revops::api {
namespace {

namespace json = boost::json;

using Label = std::optional<std::string>;

struct Model {
  std::int64_t deals = 0;
  std::int64_t priced = 0;
  std::int64_t cents = 0;
  friend bool operator==(const Model&, const Model&) = default;
};

struct ModelFilter {
  std::vector<std::string> regions;
  std::vector<std::string> not_products;
  std::vector<std::string> statuses;
  std::optional<Date> from;
  std::optional<Date> to;

  std::string Query() const {
    std::string query = "?";
    for (const auto& value : regions) query += "&region=" + value;
    for (const auto& value : not_products) query += "&not_product=" + value;
    for (const auto& value : statuses) query += "&status=" + value;
    if (from) query += "&from=" + from->ToString();
    if (to) query += "&to=" + to->ToString();
    return query;
  }
};

const std::vector<SampleRow>& Rows() {
  static const std::vector<SampleRow> rows = [] {
    constexpr std::uint32_t kPrime = 2654435761U;
    const std::vector<Label> regions = {std::nullopt, "", "North", "South ", "east"};
    const std::vector<Label> products = {"A", "B", std::nullopt, "C"};
    const std::vector<Label> statuses = {"open", " OPEN", "Closed", "Won", std::nullopt, "odd"};
    std::vector<SampleRow> made(400);
    for (std::uint32_t i = 0; i < made.size(); ++i) {
      const std::uint32_t bits = (i + 1) * kPrime;
      SampleRow& row = made[i];
      row.id = std::to_string(i);
      row.region = regions[(bits >> 3) % regions.size()];
      row.product = products[(bits >> 7) % products.size()];
      row.status = statuses[(bits >> 11) % statuses.size()];
      row.stage = "Proposal";
      if ((bits >> 15) % 7 != 0) row.amount = std::to_string(static_cast<int>(bits >> 20) - 500);
      if ((bits >> 17) % 9 != 0) row.sold_on = TestService::Today() - static_cast<int>(bits >> 24);
    }
    return made;
  }();
  return rows;
}

Label Trimmed(const Label& raw) {
  if (!raw) return std::nullopt;
  const auto first = raw->find_first_not_of(' ');
  if (first == std::string::npos) return std::nullopt;
  return raw->substr(first, raw->find_last_not_of(' ') - first + 1);
}

std::string StatusOf(const SampleRow& row) {
  std::string text = Trimmed(row.status).value_or("");
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text == "open" || text == "closed" || text == "won" ? text : "unknown";
}

bool Names(const std::vector<std::string>& values, const Label& label) {
  return std::find(values.begin(), values.end(), label.value_or("")) != values.end();
}

bool Takes(const ModelFilter& filter, const SampleRow& row) {
  if (!filter.regions.empty() && !Names(filter.regions, Trimmed(row.region))) return false;
  if (Names(filter.not_products, Trimmed(row.product))) return false;
  if (!filter.statuses.empty() && !Names(filter.statuses, StatusOf(row))) return false;
  if ((filter.from || filter.to) && !row.sold_on) return false;
  if (filter.from && *row.sold_on < *filter.from) return false;
  return !filter.to || *row.sold_on < *filter.to;
}

std::map<Label, Model> ByRegion(const ModelFilter& filter) {
  std::map<Label, Model> groups;
  for (const SampleRow& row : Rows()) {
    if (!Takes(filter, row)) continue;
    Model& model = groups[Trimmed(row.region)];
    ++model.deals;
    if (!row.amount) continue;
    ++model.priced;
    model.cents += std::stoll(*row.amount) * 100;
  }
  return groups;
}

Model ReadModel(const json::object& group) {
  Model model;
  model.deals = group.at("deals").as_int64();
  model.priced = group.at("priced").as_int64();
  if (const auto* amount = group.at("amount").if_string()) {
    std::string digits(amount->begin(), amount->end());
    std::erase(digits, '.');
    model.cents = std::stoll(digits);
  }
  return model;
}

std::map<Label, Model> ReadGroups(const std::string& body) {
  std::map<Label, Model> groups;
  const json::value answer = json::parse(body);
  for (const json::value& group : answer.at("data").as_array()) {
    const auto* name = group.at("region").if_string();
    groups[name ? Label(std::string(name->begin(), name->end())) : std::nullopt] =
        ReadModel(group.as_object());
  }
  return groups;
}

TEST(FilteredAnswers, EqualASlowModel) {
  TestService test;
  test.Publish(SampleOf(Rows(), TestService::Today()));
  rc::check([&test] {
    const auto some = [](const std::vector<std::string>& values) {
      return *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(values));
    };
    ModelFilter filter;
    filter.regions = some({"", "North", "South", "east", "nowhere"});
    filter.not_products = some({"", "A", "B", "nothing"});
    filter.statuses = some({"open", "closed", "won", "lost", "unknown"});
    const auto day = rc::gen::inRange(0, 260);
    const Date from = TestService::Today() - *day;
    if (*rc::gen::arbitrary<bool>()) filter.from = from;
    if (*rc::gen::arbitrary<bool>()) filter.to = from + *day;
    const Seen seen = test.Get("/api/pipeline/by-region" + filter.Query());
    RC_ASSERT(seen.status == 200);
    const std::map<Label, Model> expected = ByRegion(filter);
    RC_ASSERT(ReadGroups(seen.body) == expected);
    Model sum;
    for (const auto& [name, model] : expected) {
      sum.deals += model.deals;
      sum.priced += model.priced;
      sum.cents += model.cents;
    }
    const json::value answer = json::parse(seen.body);
    RC_ASSERT(ReadModel(answer.at("totals").as_object()) == sum);
    RC_ASSERT(answer.at("meta").at("rows").as_int64() == sum.deals);
  });
}

}  // namespace
}  // namespace revops::api
