// Results in partitions: order, completeness, memory.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/client_peer_testing.h"
#include "core/net/http_client.h"
#include "core/warehouse/snowflake/client.h"
#include "core/warehouse/snowflake/client_testing.h"

namespace revops::warehouse {
namespace {

using testing::HasSubstr;

using Sizes = std::vector<std::size_t>;

std::size_t PartitionOf(const net::ClientRequest& request) {
  const std::string number = Parameter(request, "partition");
  return number.empty() ? 0 : std::stoul(number);
}

/// Answers rightly.
ScriptedTransport::Answer Right(const net::ClientRequest& request, const Sizes& sizes) {
  const std::size_t partition = PartitionOf(request);
  return partition == 0 ? Http(200, ResultBody(sizes)) : Http(200, PartitionBody(sizes, partition));
}

std::vector<std::string> Numbers(std::size_t count) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < count; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

TEST(SnowflakeResult, ComesInOrderAFewPartitionsAhead) {
  const Sizes sizes(40, 3);
  ClientBench bench;
  std::atomic<std::size_t> furthest = 0;
  bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
    const std::size_t partition = PartitionOf(request);
    std::size_t seen = furthest;
    while (seen < partition && !furthest.compare_exchange_weak(seen, partition)) continue;
    return Right(request, sizes);
  };
  KeepingSink sink;
  sink.check = [&](std::size_t partition) {
    EXPECT_LE(furthest, partition + 4);
    return Result<void>();
  };
  const auto done = bench.Execute(sink);
  ASSERT_TRUE(done) << Describe(done.error());
  EXPECT_EQ(sink.taken, sizes.size());
  EXPECT_EQ(sink.values, Numbers(120));
  EXPECT_EQ(bench.transport.requests().size(), 40U);
  for (const auto& request : bench.transport.requests()) {
    if (PartitionOf(request) == 0) continue;
    EXPECT_EQ(request.method, "GET");
    EXPECT_TRUE(request.target.starts_with("/api/v2/statements/01b0-a?partition="));
    EXPECT_EQ(Parameter(request, "requestId").size(), 36U);
  }
  EXPECT_EQ(bench.costs.sum().rows, 120U);
}

TEST(SnowflakeResult, ComesInOrderWhenPartitionsArriveOutOfIt) {
  const Sizes sizes = {1, 1, 1, 1, 1};
  ClientBench bench;
  std::mutex mutex;
  std::condition_variable changed;
  std::size_t answered = 0;
  // The first partition waits for the other three that are asked for with it.
  bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
    const std::size_t partition = PartitionOf(request);
    std::unique_lock lock(mutex);
    if (partition == 1) changed.wait(lock, [&] { return answered == 3; });
    if (partition > 1) ++answered;
    changed.notify_all();
    return Right(request, sizes);
  };
  KeepingSink sink;
  ASSERT_TRUE(bench.Execute(sink));
  EXPECT_EQ(sink.values, Numbers(5));
}

TEST(SnowflakeResult, TakesBothFormsOfAPartition) {
  const Sizes sizes = {1, 2};
  ClientBench bench;
  bench.Answer({Http(200, ResultBody(sizes)), Http(200, R"({"data":[["1"],["2"]]})")});
  KeepingSink sink;
  ASSERT_TRUE(bench.Execute(sink));
  EXPECT_EQ(sink.values, Numbers(3));
}

TEST(SnowflakeResult, MayBeEmpty) {
  for (const Sizes& sizes : {Sizes{}, Sizes{0}, Sizes{0, 0}}) {
    ClientBench bench;
    bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
      return Right(request, sizes);
    };
    KeepingSink sink;
    const auto done = bench.Execute(sink);
    ASSERT_TRUE(done) << Describe(done.error());
    EXPECT_EQ(sink.begun, 1);
    EXPECT_TRUE(sink.values.empty());
  }
}

TEST(SnowflakeResult, IsNotTakenWhenItIsIncomplete) {
  const std::string columns = R"("rowType":[{"name":"N","type":"fixed"}])";
  const std::string tail = R"(,"code":"090001","statementHandle":"01b0-a"})";
  const std::vector<std::string> bodies = {
      // Without metadata, data, or the number of rows.
      R"({"data":[["0"]])" + tail,
      R"({"resultSetMetaData":{"numRows":0,)" + columns + R"(,"partitionInfo":[]})" + tail,
      R"({"resultSetMetaData":{"numRows":0,)" + columns + R"(},"data":null)" + tail,
      R"({"resultSetMetaData":{)" + columns + R"(},"data":[["0"]])" + tail,
      R"({"resultSetMetaData":null,"data":[["0"]])" + tail,
      R"({"resultSetMetaData":{"numRows":1,)" + columns + R"(},"data":[["0"]])" + tail,
      // Another number of rows than announced.
      R"({"resultSetMetaData":{"numRows":2,)" + columns +
          R"(,"partitionInfo":[{"rowCount":1}]},"data":[["0"]])" + tail,
      R"({"resultSetMetaData":{"numRows":1,)" + columns +
          R"(,"partitionInfo":[{"rowCount":2}]},"data":[["0"]])" + tail,
      R"({"resultSetMetaData":{"numRows":2,)" + columns +
          R"(,"partitionInfo":[{"rowCount":2}]},"data":[["0"]])" + tail,
      R"({"resultSetMetaData":{"numRows":1,)" + columns +
          R"(,"partitionInfo":[{"rowCount":1}]},"data":[["0"],["1"]])" + tail,
      R"({"resultSetMetaData":{"numRows":1,)" + columns +
          R"(,"partitionInfo":[{"rowCount":1}]},"data":[])" + tail,
      // Sums that only agree when they wrap round.
      R"({"resultSetMetaData":{"numRows":0,)" + columns +
          R"(,"partitionInfo":[{"rowCount":1},{"rowCount":18446744073709551615}]},"data":[["0"]])" +
          tail,
      // Another width than the columns'.
      R"({"resultSetMetaData":{"numRows":1,)" + columns +
          R"(,"partitionInfo":[{"rowCount":1}]},"data":[["0","1"]])" + tail,
      R"({"resultSetMetaData":{"numRows":1,"rowType":[],"partitionInfo":[{"rowCount":1}]},)"
      R"("data":[["0"]])" +
          tail,
      // Partitions of nobody.
      R"({"resultSetMetaData":{"numRows":2,)" + columns +
          R"(,"partitionInfo":[{"rowCount":1},{"rowCount":1}]},"data":[["0"]]})",
  };
  for (const std::string& body : bodies) {
    SCOPED_TRACE(body);
    ClientBench bench;
    bench.Answer({Http(200, body)});
    KeepingSink sink;
    const auto done = bench.Execute(sink);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(done.error().message, HasSubstr("incomplete"));
    EXPECT_TRUE(sink.values.empty());
  }
}

TEST(SnowflakeResult, IsNotTakenWhenAPartitionIsNotTheOneAnnounced) {
  const Sizes sizes = {2, 2, 2};
  struct Case {
    net::ClientResponse answer;
    ErrorCode code;
  };
  const std::vector<Case> cases = {
      {Http(200, "[]"), ErrorCode::kUnavailable},
      {Http(200, R"([["4"]])"), ErrorCode::kUnavailable},
      {Http(200, R"([["4"],["5"],["6"]])"), ErrorCode::kUnavailable},
      {Http(200, R"([["4","x"],["5","x"]])"), ErrorCode::kUnavailable},
      {Http(200, R"([["4"],["5")"), ErrorCode::kUnavailable},
      {Http(200, R"([[4],[5]])"), ErrorCode::kUnavailable},
      {Http(200, "{}"), ErrorCode::kUnavailable},
      {Http(200, R"({"code":"391908"})"), ErrorCode::kResourceExhausted},
      {Http(202, StatusBody()), ErrorCode::kUnavailable},
      {Http(204), ErrorCode::kUnavailable},
      {Http(401, FailureBody("390144")), ErrorCode::kUnauthenticated},
      {Http(403), ErrorCode::kPermissionDenied},
      {Http(404), ErrorCode::kUnavailable},
      {Http(408), ErrorCode::kTimeout},
      {Http(422, FailureBody("000709")), ErrorCode::kInternal},
      {Http(429), ErrorCode::kUnavailable},
      {Http(500), ErrorCode::kUnavailable},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(std::to_string(test.answer.status) + " " + test.answer.body);
    ClientBench bench;
    bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
      return PartitionOf(request) == 2 ? ScriptedTransport::Answer(test.answer)
                                       : Right(request, sizes);
    };
    KeepingSink sink;
    const auto done = bench.Execute(sink, std::chrono::hours(1));
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, test.code) << Describe(done.error());
    EXPECT_EQ(sink.values, Numbers(4)) << "what came before is right";
    EXPECT_EQ(bench.transport.count("/api/v2/statements?"), 1U);
  }
}

TEST(SnowflakeResult, IsWholeWhenAPartitionComesAtTheSecondTry) {
  const Sizes sizes = {2, 2, 2, 2};
  for (const auto& first : std::vector<ScriptedTransport::Answer>{
           Lost(), Http(500), Http(429), Http(401), Http(200, R"([["4"],["5")"),
           Http(200, "<html>"), Fail(ErrorCode::kUnavailable, "no connection", "net:connect")}) {
    ClientBench bench;
    std::atomic<bool> failed = false;
    bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
      const bool fails = PartitionOf(request) == 2 && !failed.exchange(true);
      return fails ? first : Right(request, sizes);
    };
    KeepingSink sink;
    const auto done = bench.Execute(sink);
    ASSERT_TRUE(done) << Describe(done.error());
    EXPECT_EQ(sink.values, Numbers(8));
    for (const auto& request : bench.transport.requests()) {
      EXPECT_EQ(Parameter(request, "retry"), "") << "for POST alone";
    }
  }
}

// Whatever happens to any one request, a result is right or an error.
TEST(SnowflakeResult, IsRightOrAnErrorWhicheverRequestGoesWrong) {
  const Sizes sizes = {3, 1, 2, 2};
  const std::string whole = ResultBody(sizes);
  std::vector<ScriptedTransport::Answer> faults = {Lost(),
                                                   Http(200, "[]"),
                                                   Http(200, "{}"),
                                                   Http(202, StatusBody()),
                                                   Http(401),
                                                   Http(408),
                                                   Http(422, FailureBody("1")),
                                                   Http(503)};
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    faults.emplace_back(Http(200, whole.substr(0, size)));
  }
  for (std::size_t victim = 0; victim < sizes.size() + 1; ++victim) {
    for (const auto& fault : faults) {
      for (const bool for_ever : {true, false}) {
        ClientBench bench;
        bench.transport.answer = [&](const net::ClientRequest& request, std::size_t number) {
          const bool fails = number == victim || (for_ever && number > victim);
          return fails ? fault : Right(request, sizes);
        };
        KeepingSink sink;
        const auto done = bench.Execute(sink);
        EXPECT_TRUE(!done || sink.values == Numbers(8));
        std::vector<std::string> ids;
        for (const auto& request : bench.transport.requests()) {
          if (request.target.starts_with("/api/v2/statements?")) {
            ids.push_back(Parameter(request, "requestId"));
          }
        }
        EXPECT_EQ(std::count(ids.begin(), ids.end(), ids.front()),
                  static_cast<std::ptrdiff_t>(ids.size()));
      }
    }
  }
}

/// A server that cuts its first answers after so many bytes, and a client of the wire.
class CutResult : public testing::Test {
 protected:
  CutResult() { bench_.target.origin = server_.origin(); }

  Result<void> Ask(KeepingSink& sink) {
    SnowflakeClient client(bench_.target,
                           {*http_, bench_.credentials, bench_.clock, bench_.random, bench_.pause});
    return client.Execute({"SELECT 1", {}}, sink,
                          {bench_.clock.SteadyNow() + std::chrono::minutes(1), {}});
  }

  const std::string answer_ = net::Answer(ResultBody({2}), "Content-Type: application/json\r\n");
  std::atomic<std::size_t> size_ = 0;
  std::atomic<int> cuts_ = 0;  ///< how many answers are still to be cut
  net::PeerServer server_{[this](net::PeerConnection& peer) {
    peer.ReadRequest();
    peer.Send(std::string_view(answer_).substr(0, cuts_-- > 0 ? size_.load() : answer_.size()));
    peer.Close();
  }};
  ClientBench bench_;
  std::unique_ptr<net::HttpClient> http_ = net::HttpClient::Make({}, bench_.clock).value();
};

TEST_F(CutResult, IsAskedForAgainAtEveryByte) {
  for (; size_ < answer_.size(); ++size_) {
    cuts_ = 1;
    KeepingSink sink;
    const auto done = Ask(sink);
    ASSERT_TRUE(done) << size_ << " " << Describe(done.error());
    ASSERT_EQ(sink.values, Numbers(2)) << size_;
  }
}

TEST_F(CutResult, IsNoneWhenItIsCutForEver) {
  for (; size_ < answer_.size(); size_ += 10) {
    cuts_ = 1000;
    KeepingSink sink;
    ASSERT_FALSE(Ask(sink)) << size_;
    ASSERT_TRUE(sink.values.empty()) << size_;
  }
}

TEST(SnowflakeResult, EndsWithTheSinksError) {
  const Sizes sizes(100, 1);
  for (const std::size_t last : {0U, 1U, 5U}) {
    ClientBench bench;
    bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
      return Right(request, sizes);
    };
    KeepingSink sink;
    sink.check = [&](std::size_t partition) {
      return partition == last ? Result<void>(Fail(ErrorCode::kCorrupt, "full")) : Result<void>();
    };
    const auto done = bench.Execute(sink);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::kCorrupt);
    EXPECT_EQ(sink.taken, last + 1);
    EXPECT_LE(bench.transport.requests().size(), last + 5);
  }
}

class RefusingSink final : public ResultSink {
 public:
  Result<void> Begin(const std::vector<ResultColumn>&) override {
    return Fail(ErrorCode::kInvalidArgument, "other columns");
  }
  Result<void> Take(const ResultCells&) override { return Fail(ErrorCode::kInternal, "taken"); }
};

TEST(SnowflakeResult, IsNotFetchedWhenItsColumnsAreRefused) {
  ClientBench bench;
  bench.Answer({Http(200, ResultBody({1, 1}))});
  RefusingSink sink;
  const auto done = bench.Execute(sink);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(bench.transport.requests().size(), 1U);
}

TEST(SnowflakeResult, EndsSoonAfterAStop) {
  const Sizes sizes(100, 1);
  ClientBench bench;
  bench.transport.answer = [&](const net::ClientRequest& request, std::size_t) {
    return Right(request, sizes);
  };
  KeepingSink sink;
  sink.check = [&](std::size_t partition) {
    if (partition == 7) bench.stop.request_stop();
    return Result<void>();
  };
  const auto done = bench.Execute(sink);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kCancelled);
  EXPECT_LE(bench.transport.requests().size(), 17U);
}

TEST(SnowflakeResult, StopsRequestsThatNobodyWaitsForAnyMore) {
  const Sizes sizes = {1, 1, 1};
  ClientBench bench;
  bench.transport.answer = [&](const net::ClientRequest& request,
                               std::size_t) -> ScriptedTransport::Answer {
    if (PartitionOf(request) == 1) return Http(404);
    if (PartitionOf(request) == 0) return Right(request, sizes);
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait(lock, request.stop, [] { return false; });
    return Fail(ErrorCode::kCancelled, "stopped", "net:http");
  };
  KeepingSink sink;
  const auto done = bench.Execute(sink);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().origin, "snowflake:404");
}

}  // namespace
}  // namespace revops::warehouse
