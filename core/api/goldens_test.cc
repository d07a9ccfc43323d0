#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "core/api/testing/service_fixture.h"

/// contracts/goldens/api: the answers to the eight sample rows, one file a request, read by the
/// tests of other languages as well. REVOPS_UPDATE_GOLDENS=1 writes them anew.

namespace revops::api {
namespace {

namespace json = boost::json;

struct GoldenCase {
  std::string name;
  std::string target;
};

const std::vector<GoldenCase>& Cases() {
  static const std::vector<GoldenCase> cases = {
      {"by-region", "/api/pipeline/by-region"},
      {"by-product", "/api/pipeline/by-product"},
      {"by-stage", "/api/pipeline/by-stage"},
      {"by-status", "/api/pipeline/by-status"},
      {"by-month", "/api/pipeline/by-month"},
      {"summary", "/api/summary"},
      {"last-month", "/api/sales/last-month"},
      {"last-month-limit-3", "/api/sales/last-month?limit=3"},
      {"snapshots", "/api/snapshots"},
      {"metrics", "/api/metrics"},
      {"readyz", "/readyz"},
      {"healthz", "/healthz"},
      {"by-product-filtered",
       "/api/pipeline/by-product?region=North&region=West&not_stage=negotiation"},
      {"by-status-open", "/api/pipeline/by-status?status=Open"},
      {"by-region-dated", "/api/pipeline/by-region?from=2026-11-12&to=2026-11-18"},
      {"by-region-unknown", "/api/pipeline/by-region?region="},
      {"summary-filtered", "/api/summary?product=Sage+Intacct&from=2026-11-01"},
      {"unknown-parameter", "/api/summary?colour=red"},
      {"malformed-date", "/api/pipeline/by-month?from=2026-02-30"},
      {"no-such-snapshot", "/api/summary?as_of=20200101T000000Z-00000000"},
  };
  return cases;
}

std::filesystem::path Folder() {
  return std::filesystem::path(REVOPS_SOURCE_DIR) / "contracts" / "goldens" / "api";
}

/// Two spaces a level, so that a difference is seen line by line.
void Print(std::string& out, const json::value& value, const std::string& indent) {
  const std::string deeper = indent + "  ";
  std::string_view separator = "\n";
  if (value.is_object() && !value.get_object().empty()) {
    out += '{';
    for (const auto& member : value.get_object()) {
      out.append(separator).append(deeper).append(json::serialize(json::string(member.key())));
      out += ": ";
      Print(out, member.value(), deeper);
      separator = ",\n";
    }
    out.append("\n").append(indent).append("}");
  } else if (value.is_array() && !value.get_array().empty()) {
    out += '[';
    for (const json::value& item : value.get_array()) {
      out.append(separator).append(deeper);
      Print(out, item, deeper);
      separator = ",\n";
    }
    out.append("\n").append(indent).append("]");
  } else {
    out += json::serialize(value);
  }
}

std::string Render(const json::value& value) {
  std::string out;
  Print(out, value, "");
  return out + "\n";
}

json::value NullOr(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

/// The rows that all answers are about, in the columns of the table.
json::value Inputs() {
  json::array rows;
  for (const SampleRow& row : SampleRows(TestService::Today())) {
    rows.push_back(json::object{{"SALE_ID", NullOr(row.id)},
                                {"PRODUCT", NullOr(row.product)},
                                {"REGION", NullOr(row.region)},
                                {"AMOUNT", NullOr(row.amount)},
                                {"STAGE", NullOr(row.stage)},
                                {"CUSTOMER_NAME", NullOr(row.customer)},
                                {"SALE_DATE", row.sold_on->ToString()},
                                {"STATUS", NullOr(row.status)}});
  }
  return json::object{{"now", "2026-11-22T10:00:00.000Z"},
                      {"business_date", "2026-11-22"},
                      {"checked_at", "2026-11-22T02:00:00.000Z"},
                      {"rows", rows}};
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void Compare(const std::string& name, const json::value& value) {
  const std::filesystem::path path = Folder() / (name + ".json");
  const std::string text = Render(value);
  if (std::getenv("REVOPS_UPDATE_GOLDENS") != nullptr) {
    std::filesystem::create_directories(Folder());
    std::ofstream(path, std::ios::binary) << text;
  }
  EXPECT_EQ(Read(path), text) << path << ": REVOPS_UPDATE_GOLDENS=1 writes it anew";
}

TEST(Goldens, InputsAreTheSampleRows) { Compare("inputs", Inputs()); }

TEST(Goldens, AnswersAreAsRecorded) {
  TestService test;
  test.PublishSampleRows();
  test.live.rows = SampleRows(TestService::Today());
  test.status.next = TestService::ToInstant("2026-11-23T02:00:00Z");
  for (const GoldenCase& golden : Cases()) {
    const Seen seen = test.Get(golden.target);
    Compare(golden.name, json::object{{"request", "GET " + golden.target},
                                      {"status", seen.status},
                                      {"answer", json::parse(seen.body)}});
  }
}

}  // namespace
}  // namespace revops::api
