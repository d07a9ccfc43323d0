#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/snapshot/snapshot.h"
#include "core/snapshot/test_publisher.h"
#include "core/snapshot/verify.h"
#include "core/store/s3/simulated_store_testing.h"

namespace revops::store {
namespace {

constexpr std::chrono::milliseconds kTimeout{500};

std::vector<sales::Sale> Rows(const char* region) {
  return {
      snapshot::MakeSale({.id = "1", .date = "2026-11-01", .amount = "150000", .region = region})};
}

/// The current snapshot opens, and everything that is stored proves itself.
std::string WholeCurrentId() {
  SimulatedStore store("");
  const auto current = snapshot::OpenCurrent(store, nullptr);
  EXPECT_TRUE(current) << Describe(current.error());
  if (!current || !current->has_value()) return "none";
  EXPECT_FALSE((*current)->degraded);
  const auto report = snapshot::Verify(store);
  EXPECT_TRUE(report && report->damages.empty());
  return (*current)->snapshot->id();
}

/// Publishes a second snapshot with one request after another failing so; true when it was the
/// last one.
bool PublishWithFault(const std::string& action, int nth, const std::string& times) {
  ResetSimulator();
  SimulatedStore sound("");
  const auto first =
      snapshot::PublishRows(sound, Rows("West"), snapshot::At("2026-11-22T02:00:00Z"));
  EXPECT_TRUE(first) << Describe(first.error());
  SimulatedStore store("", times == "1" ? std::chrono::seconds(20) : kTimeout);
  SharedSimulator().Control("rules", "{\"rules\":[{\"nth\":" + std::to_string(nth) +
                                         ",\"action\":{" + action + "},\"times\":" + times + "}]}");
  const auto second =
      snapshot::PublishRows(store, Rows("East"), snapshot::At("2026-11-23T02:00:00Z"));
  const bool was_reached =
      SharedSimulator().ControlGet("journal").find("\"rule\": {") != std::string::npos;
  SharedSimulator().Control("clear_rules", "{}");
  const std::string current = WholeCurrentId();
  EXPECT_TRUE(second ? current == *second : current != "none") << nth << " " << action;
  if (times == "1") {
    EXPECT_TRUE(second) << nth << " " << action;
  }
  return !was_reached;
}

void FailEachRequest(const std::string& action, const std::string& times) {
  constexpr int kRequestsMax = 60;
  int nth = 1;
  while (nth < kRequestsMax && !PublishWithFault(action, nth, times)) ++nth;
  EXPECT_GT(nth, 5);
  EXPECT_LT(nth, kRequestsMax);
}

TEST(S3Publishing, GetsPastALostAnswerOfEveryRequest) {
  FailEachRequest(R"("lose_answer":true)", "1");
}

TEST(S3Publishing, GetsPastAFailureOfEveryRequest) {
  FailEachRequest(R"("status":500,"applied":true)", "1");
}

TEST(S3Publishing, LeavesThePointerWholeWhenS3IsGoneFromAnyRequestOn) {
  FailEachRequest(R"("reset_before":true)", "0");
}

TEST(S3Publishing, LeavesThePointerWholeWhenEveryAnswerIsLostFromAnyRequestOn) {
  FailEachRequest(R"("lose_answer":true)", "0");
}

}  // namespace
}  // namespace revops::store
