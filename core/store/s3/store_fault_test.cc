#include <cctype>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/store/s3/simulated_store_testing.h"

namespace revops::store {
namespace {

constexpr std::chrono::milliseconds kTimeout{400};

/// What the simulator may do to a request, in the words of tests/aws/CONTROL.md.
const std::vector<std::string> kFaults = {
    R"("status":500)",
    R"("status":500,"applied":true)",
    R"("status":502,"not_xml":true)",
    R"("status":502,"not_xml":true,"applied":true)",
    R"("status":503,"body":"")",
    R"("code":"SlowDown")",
    R"("code":"ServiceUnavailable")",
    R"("code":"RequestTimeout")",
    R"("code":"ConditionalRequestConflict")",
    R"("code":"OperationAborted")",
    R"("code":"AccessDenied")",
    R"("code":"ExpiredToken")",
    R"("code":"NoSuchBucket")",
    R"("code":"PermanentRedirect","headers":{"x-amz-bucket-region":"eu-west-1"})",
    R"("code":"TemporaryRedirect","location":"http://127.0.0.1:9/")",
    R"("status":404,"not_xml":true)",
    R"("status":301,"not_xml":true)",
    R"("status":400,"body_bytes":200000)",
    R"("empty":true)",
    R"("empty":true,"applied":true)",
    R"("lose_answer":true)",
    R"("lose_answer":"close")",
    R"("reset_before":true)",
    R"("hang":true)",
    R"("hang":true,"applied":true)",
    R"("cut_after":1)",
    R"("cut_head_after":20)",
    R"("oversized_head":true)",
    R"("transfer":"chunked")",
    R"("transfer":"close")",
    R"("close_after":true)",
    R"("content_length":10)",
    R"("content_length":-1)",
    R"("headers":{"ETag":null})",
    R"("delay_seconds":0.1)",
};

struct Operation {
  std::string name;  ///< of the simulator
  /// Asks the store and checks that what it says of success is true. Returns its error, if any.
  std::function<std::optional<Error>(ObjectStore&)> run;
};

template <class T>
std::optional<Error> ErrorOf(const Result<T>& result) {
  if (result) return std::nullopt;
  return result.error();
}

std::optional<Error> PutAndCheck(ObjectStore& store, const std::string& key,
                                 const PutCondition& condition) {
  const auto put = store.Put(key, "new", condition);
  if (!put) return put.error();
  SimulatedStore other("");
  const auto got = other.Get(key);
  EXPECT_TRUE(got && got->bytes == "new" && got->version == *put);
  return std::nullopt;
}

std::vector<Operation> Operations(const Version& old) {
  return {
      {"get",
       [](ObjectStore& store) {
         const auto got = store.Get("a/old");
         EXPECT_TRUE(!got || got->bytes == "old bytes");
         return ErrorOf(got);
       }},
      {"put", [](ObjectStore& store) { return PutAndCheck(store, "a/old", PutCondition::None()); }},
      {"put",
       [](ObjectStore& store) { return PutAndCheck(store, "a/new", PutCondition::IfAbsent()); }},
      {"put",
       [old](ObjectStore& store) {
         return PutAndCheck(store, "a/old", PutCondition::IfMatch(old));
       }},
      {"delete", [](ObjectStore& store) { return ErrorOf(store.Delete("a/old")); }},
      {"list",
       [](ObjectStore& store) {
         const auto infos = store.List("a/");
         EXPECT_TRUE(!infos || (infos->size() == 2 && infos->at(0).key == "a/old" &&
                                infos->at(1).key == "a/other"));
         return ErrorOf(infos);
       }},
  };
}

/// What these faults may be called; above all neither "not found" nor "refused by its condition".
bool is_honest(const Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kCancelled:
      return false;
    default:
      return !error.message.empty();
  }
}

class S3StoreFaults : public testing::TestWithParam<std::string> {
 protected:
  /// Runs every operation on an untouched world with this rule in force.
  void RunAll(const std::string& times, std::size_t& succeeded) {
    for (std::size_t i = 0; i < Operations("").size(); ++i) {
      // What a client must not ask at once, the test itself may.
      ResetSimulator("\"refusal_seconds\":0");
      SimulatedStore sound("");
      SimulatedStore store("", kTimeout);
      const auto old = sound.Put("a/old", "old bytes", PutCondition::None());
      ASSERT_TRUE(old && sound.Put("a/other", "1", PutCondition::None()));
      const Operation operation = Operations(*old)[i];
      SCOPED_TRACE(operation.name + " " + std::to_string(i));
      SharedSimulator().Control("rules", "{\"rules\":[{\"match\":{\"operation\":\"" +
                                             operation.name + "\"},\"action\":{" + GetParam() +
                                             "},\"times\":" + times + "}]}");
      const auto error = operation.run(store);
      EXPECT_TRUE(!error || is_honest(*error)) << Describe(*error);
      if (!error) ++succeeded;
      SharedSimulator().Control("clear_rules", "{}");
      ExpectWhole();
    }
  }

  /// Whatever happened, objects are old or new, and the rest is there.
  static void ExpectWhole() {
    SimulatedStore store("");
    EXPECT_EQ(store.Get("a/other")->bytes, "1");
    for (const char* key : {"a/old", "a/new"}) {
      const auto got = store.Get(key);
      EXPECT_TRUE(got ? got->bytes == "old bytes" || got->bytes == "new"
                      : got.error().code == ErrorCode::kNotFound);
    }
  }
};

TEST_P(S3StoreFaults, OnceNeverGiveAWrongAnswer) {
  std::size_t succeeded = 0;
  RunAll("1", succeeded);
}

TEST_P(S3StoreFaults, ThatStayNeverGiveAWrongAnswer) {
  std::size_t succeeded = 0;
  RunAll("0", succeeded);
}

/// Letters and digits alone.
std::string FaultName(const testing::TestParamInfo<std::string>& tested) {
  std::string name;
  for (const char c : tested.param) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) name += c;
    if (c == '-') name += "Minus";
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Simulator, S3StoreFaults, testing::ValuesIn(kFaults), FaultName);

/// Every operation succeeds although its first attempt met this.
TEST(S3StoreRepetition, GetsPastWhatPasses) {
  for (const char* fault :
       {R"("status":500)", R"("status":500,"applied":true)", R"("code":"SlowDown")",
        R"("lose_answer":true)", R"("reset_before":true)", R"("cut_head_after":20)",
        R"("close_after":true)"}) {
    for (std::size_t i = 0; i < Operations("").size(); ++i) {
      ResetSimulator();
      SimulatedStore store("");
      const auto old = store.Put("a/old", "old bytes", PutCondition::None());
      ASSERT_TRUE(old && store.Put("a/other", "1", PutCondition::None()));
      SharedSimulator().Control("rules", std::string("{\"rules\":[{\"action\":{") + fault + "}}]}");
      const auto error = Operations(*old)[i].run(store);
      EXPECT_FALSE(error) << fault << " " << i << ": " << Describe(*error);
    }
  }
}

TEST(S3StoreClock, FollowsTheServers) {
  for (const char* offset : {"3600", "-3600", "31536000"}) {
    ResetSimulator(std::string("\"clock_offset_seconds\":") + offset);
    SimulatedStore store("");
    ASSERT_TRUE(store.Put("a", "1", PutCondition::IfAbsent())) << offset;
    EXPECT_EQ(store.Get("a")->bytes, "1");
    EXPECT_EQ(store.List("")->size(), 1U);
    EXPECT_TRUE(store.Delete("a"));
  }
}

/// Somebody else's write between a lost answer and its repetition.
TEST(S3StoreLostAnswer, IsNotTakenForSuccessWhenAnotherHasWritten) {
  ResetSimulator();
  SimulatedStore store("");
  const auto old = store.Put("a", "old bytes", PutCondition::None());
  ASSERT_TRUE(old);
  SharedSimulator().Control("rules", R"({"rules":[{"match":{"operation":"put"},
      "action":{"lose_answer":true}},{"match":{"operation":"put"},"action":{"before":{"put":"new"}}}]})");
  const auto put = store.Put("a", "new", PutCondition::IfMatch(*old));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(put.error().origin, "s3:lost_answer");
}

}  // namespace
}  // namespace revops::store
