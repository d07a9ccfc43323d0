#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "core/base/check.h"
#include "core/base/random.h"
#include "core/sales/schema.h"
#include "core/warehouse/snowflake/result_set.h"
#include "core/warehouse/snowflake/type_map.h"

namespace revops::warehouse {
namespace {

constexpr std::size_t kBodyBytes = 16'000'000;
constexpr int kRounds = 15;
constexpr double kTarget = 300;  // MB/s

/// A partition's body, row by row as FCT_SALES has them.
std::string MakeBody(bool is_plain) {
  const std::vector<std::string> products = {"Sage HR", "Sage Intacct", "Sage 50", "Sage X3"};
  const std::vector<std::string> regions = {"North", "South", "East", "West"};
  const std::vector<std::string> stages = {"Prospecting", "Qualification", "Proposal",
                                           "Negotiation"};
  const std::vector<std::string> statuses = {"Open", "Closed Won", "Closed Lost", "Closed"};
  const std::vector<std::string> customers = {"Acme Corporation", "Initech", "Globex Industries",
                                              "Umbrella Group plc"};
  SeededRandom random(20261122);
  const auto any = [&](const std::vector<std::string>& texts) {
    return texts[random.Next() % texts.size()];
  };
  std::string body = "[";
  for (std::size_t id = 1; body.size() < kBodyBytes; ++id) {
    std::string customer = any(customers) + " " + std::to_string(random.Next() % 10'000);
    if (!is_plain && id % 10 == 0) customer += "\\n2nd";
    if (!is_plain && id % 10 == 5) customer += " S\xC3\xB6hne";
    body += id > 1 ? ",[\"" : "[\"";
    body += std::to_string(id) + "\",\"" + any(products) + "\",";
    body += id % 50 == 0 ? "null" : "\"" + any(regions) + "\"";
    body += ",\"" + std::to_string(random.Next() % 10'000'000) + "." +
            std::to_string(random.Next() % 90 + 10) + "\",\"" + any(stages) + "\",\"" + customer +
            "\",\"" + std::to_string(20'000 + random.Next() % 800) + "\",\"" + any(statuses) +
            "\"]";
  }
  return body + "]";
}

/// Of the processor, so that a busy machine counts less.
double Seconds(const auto& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// MB/s of ours.
double Measure(const char* name, const std::string& body) {
  std::vector<double> read;
  std::vector<double> decoded;
  std::vector<double> peer;
  for (int round = 0; round < kRounds; ++round) {
    Result<ApiAnswer> answer = Fail(ErrorCode::kInternal, "nothing yet");
    read.push_back(Seconds([&] { answer = ReadApiAnswer(body); }));
    REVOPS_CHECK(answer.has_value());
    decoded.push_back(Seconds([&] {
      SaleReader reader(sales::Schema::FctSales());
      REVOPS_CHECK(reader.Read(answer->cells)->size() == answer->cells.row_count());
    }));
    peer.push_back(Seconds([&] {
      REVOPS_CHECK(boost::json::parse(body).as_array().size() == answer->cells.row_count());
    }));
  }
  const double megabytes = static_cast<double>(body.size()) / 1e6;
  std::vector<double> ours;
  for (std::size_t i = 0; i < read.size(); ++i) ours.push_back(read[i] + decoded[i]);
  const double speed = megabytes / Median(ours);
  std::printf("%-8s ours %5.0f MB/s (reading %5.0f, decoding %5.0f), DOM %5.0f MB/s, ratio %.2f\n",
              name, speed, megabytes / Median(read), megabytes / Median(decoded),
              megabytes / Median(peer), speed / (megabytes / Median(peer)));
  return speed;
}

}  // namespace
}  // namespace revops::warehouse

int main() {
  const double plain = revops::warehouse::Measure("plain", revops::warehouse::MakeBody(true));
  const double mixed = revops::warehouse::Measure("mixed", revops::warehouse::MakeBody(false));
  return plain >= revops::warehouse::kTarget && mixed >= revops::warehouse::kTarget ? 0 : 1;
}
