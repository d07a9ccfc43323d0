// The small parts of the server that need no socket.

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core/net/connection_limiter.h"
#include "core/net/host_rules.h"
#include "core/net/listen_socket.h"
#include "core/net/stream_queue.h"
#include "core/net/worker_pool.h"

namespace revops::net {
namespace {

TEST(HostRules, AnswersForLoopbackNamesWithThePort) {
  const HostRules rules("127.0.0.1", 8080, {});
  for (const char* host : {"127.0.0.1:8080", "localhost:8080", "LocalHost:8080", "[::1]:8080"}) {
    EXPECT_TRUE(rules.Allows(host)) << host;
  }
  for (const char* host :
       {"127.0.0.1", "localhost", "localhost:80", "localhost:80800", "evil.example:8080",
        "127.0.0.2:8080", "localhost.evil.example:8080", "10.0.0.1:8080", "localhost.:8080"}) {
    EXPECT_FALSE(rules.Allows(host)) << host;
  }
}

TEST(HostRules, LetsThePortBeLeftOutWhereItIs80) {
  EXPECT_TRUE(HostRules("127.0.0.1", 80, {}).Allows("localhost"));
  EXPECT_TRUE(HostRules("::1", 80, {}).Allows("[::1]"));
}

TEST(HostRules, KnowsOnlyItsAddressElsewhere) {
  const HostRules rules("10.1.2.3", 8080, {});
  EXPECT_TRUE(rules.Allows("10.1.2.3:8080"));
  EXPECT_FALSE(rules.Allows("localhost:8080"));
}

TEST(HostRules, TakesAnyLiteralWhenListeningEverywhere) {
  for (const char* address : {"0.0.0.0", "::"}) {
    const HostRules rules(address, 8080, {});
    EXPECT_TRUE(rules.Allows("192.168.1.7:8080"));
    EXPECT_TRUE(rules.Allows("[fe80::1]:8080"));
    EXPECT_TRUE(rules.Allows("localhost:8080"));
    EXPECT_FALSE(rules.Allows("evil.example:8080"));
    EXPECT_FALSE(rules.Allows("192.168.1.7:9090"));
  }
}

TEST(HostRules, TakesConfiguredNames) {
  const HostRules rules("127.0.0.1", 8080, {"Dash.example.com", "other.example:9000"});
  EXPECT_TRUE(rules.Allows("dash.example.com"));
  EXPECT_TRUE(rules.Allows("dash.example.com:443"));
  EXPECT_TRUE(rules.Allows("other.example:9000"));
  EXPECT_FALSE(rules.Allows("other.example"));
  EXPECT_FALSE(rules.Allows("other.example:8080"));
  EXPECT_FALSE(rules.Allows("example.com"));
}

AddressKey Address(unsigned char last) {
  AddressKey key{};
  key.back() = last;
  return key;
}

TEST(ConnectionLimiter, BoundsEachAddressAndAll) {
  ConnectionLimiter limiter(2, 3);
  EXPECT_TRUE(limiter.Admit(Address(1)));
  EXPECT_TRUE(limiter.Admit(Address(1)));
  EXPECT_FALSE(limiter.Admit(Address(1)));
  EXPECT_TRUE(limiter.Admit(Address(2)));
  EXPECT_FALSE(limiter.Admit(Address(3)));
  EXPECT_EQ(limiter.open(), 3U);
  limiter.Release(Address(1));
  EXPECT_TRUE(limiter.Admit(Address(3)));
  EXPECT_FALSE(limiter.WaitUntilNone(std::chrono::milliseconds(1)));
  for (unsigned char last = 1; last <= 3; ++last) limiter.Release(Address(last));
  EXPECT_TRUE(limiter.WaitUntilNone(std::chrono::milliseconds(1)));
}

TEST(WorkerPool, RunsTasksAndRefusesWhenFull) {
  auto pool = WorkerPool::Open(1, 1);
  ASSERT_TRUE(pool);
  std::promise<void> started;
  std::promise<void> release;
  std::promise<void> queued_ran;
  std::promise<void> admitted_ran;
  ASSERT_TRUE((*pool)->Submit([&] {
    started.set_value();
    release.get_future().wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE((*pool)->Submit([&] { queued_ran.set_value(); }));
  EXPECT_FALSE((*pool)->Submit([] {}));
  EXPECT_TRUE((*pool)->SubmitAdmitted([&] { admitted_ran.set_value(); }));
  release.set_value();
  queued_ran.get_future().wait();
  admitted_ran.get_future().wait();
}

TEST(WorkerPool, StopLetsRunningTasksFinishAndDropsTheRest) {
  auto pool = WorkerPool::Open(1, 8);
  ASSERT_TRUE(pool);
  std::promise<void> started;
  std::promise<void> release;
  std::atomic<int> finished = 0;
  ASSERT_TRUE((*pool)->Submit([&] {
    started.set_value();
    release.get_future().wait();
    ++finished;
  }));
  started.get_future().wait();
  const auto kept = std::make_shared<int>(0);
  EXPECT_TRUE((*pool)->Submit([kept, &finished] { ++finished; }));
  std::thread stopper([&] { (*pool)->Stop(); });
  while (kept.use_count() > 1) std::this_thread::yield();
  release.set_value();
  stopper.join();
  EXPECT_EQ(finished, 1);
  EXPECT_FALSE((*pool)->Submit([] {}));
}

class StreamQueueTest : public ::testing::Test {
 protected:
  std::shared_ptr<StreamQueue> Make(std::size_t bytes_max, bool chunked = true) {
    return std::make_shared<StreamQueue>(StreamQueue::Config{
        .bytes_max = bytes_max, .chunked = chunked, .wake = [this] { ++wakes_; }});
  }
  int wakes_ = 0;
};

TEST_F(StreamQueueTest, FramesChunksAndWakesOncePerTake) {
  const auto queue = Make(1000);
  const HttpStreamSink sink = StreamQueue::MakeSink(queue);
  EXPECT_TRUE(sink("hello"));
  EXPECT_TRUE(sink(""));
  EXPECT_TRUE(sink(std::string(16, 'x')));
  EXPECT_EQ(wakes_, 1);
  EXPECT_EQ(queue->Take().bytes, "5\r\nhello\r\n10\r\n" + std::string(16, 'x') + "\r\n");
  EXPECT_TRUE(sink("a"));
  EXPECT_EQ(wakes_, 2);
}

TEST_F(StreamQueueTest, EndsWithItsLastSink) {
  const auto queue = Make(1000);
  HttpStreamSink sink = StreamQueue::MakeSink(queue);
  HttpStreamSink copy = sink;
  sink = nullptr;
  EXPECT_FALSE(queue->Take().ended);
  copy = nullptr;
  const StreamQueue::Taken taken = queue->Take();
  EXPECT_TRUE(taken.ended);
  EXPECT_EQ(taken.bytes, "0\r\n\r\n");
}

TEST_F(StreamQueueTest, SendsBytesBareWithoutChunks) {
  const auto queue = Make(1000, false);
  {
    const HttpStreamSink sink = StreamQueue::MakeSink(queue);
    EXPECT_TRUE(sink("a"));
  }
  EXPECT_EQ(queue->Take().bytes, "a");
}

TEST_F(StreamQueueTest, GivesUpOnASlowPeer) {
  const auto queue = Make(10);
  const HttpStreamSink sink = StreamQueue::MakeSink(queue);
  EXPECT_FALSE(sink(std::string(11, 'x')));
  EXPECT_FALSE(sink("a"));
  EXPECT_TRUE(queue->Take().overflowed);
}

TEST_F(StreamQueueTest, RefusesAfterTheEnd) {
  const auto queue = Make(1000);
  const HttpStreamSink sink = StreamQueue::MakeSink(queue);
  queue->End();
  EXPECT_FALSE(sink("a"));
  const auto other = Make(1000);
  const HttpStreamSink closed = StreamQueue::MakeSink(other);
  other->Close();
  const int before = wakes_;
  EXPECT_FALSE(closed("a"));
  EXPECT_EQ(wakes_, before);
}

TEST(ListenSockets, SharesOnePortAmongItsOwnOnly) {
  const auto ours = OpenListenSockets("127.0.0.1", 0, 3);
  ASSERT_TRUE(ours);
  ASSERT_EQ(ours->size(), 3U);
  EXPECT_EQ(ours->front().port(), ours->back().port());
  const auto theirs = OpenListenSockets("127.0.0.1", ours->front().port(), 1);
  ASSERT_FALSE(theirs);
  EXPECT_EQ(theirs.error().code, ErrorCode::kUnavailable);
}

TEST(ListenSockets, RefusesWhatIsNoAddress) {
  for (const char* address : {"", "localhost", "127.0.0.1:80", "300.0.0.1"}) {
    const auto sockets = OpenListenSockets(address, 0, 1);
    ASSERT_FALSE(sockets) << address;
    EXPECT_EQ(sockets.error().code, ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace revops::net
