#include "core/api/event_hub.h"

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace revops::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr Instant kStart{std::chrono::milliseconds(1000)};

snapshot::RefreshJob Job(std::uint64_t rows) {
  snapshot::RefreshJob job;
  job.id = std::string(32, 'a');
  job.requested_by = "person";
  job.rows = rows;
  return job;
}

DataVersion Version(const std::string& id) { return {id, std::string(64, 'c'), kStart, kStart}; }

/// What one listener was sent.
class Ear {
 public:
  HttpStreamSink sink() {
    return [this](std::string chunk) {
      const std::lock_guard lock(mutex_);
      text_ += chunk;
      return !deaf_;
    };
  }
  std::string heard() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    deaf_ = true;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
  bool deaf_ = false;
};

std::size_t Count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string RowsField(std::uint64_t rows) { return "\"rows\":" + std::to_string(rows) + ","; }

TEST(EventHub, GreetsWithRetryAndTheCurrentState) {
  EventHub hub(kStart);
  hub.PublishDataVersion(Version("one"));
  hub.PublishDataVersion(Version("two"));
  hub.PublishRefresh(Job(7));
  Ear ear;
  const auto token = hub.Subscribe("", ear.sink());
  const std::string heard = ear.heard();
  EXPECT_TRUE(heard.starts_with("retry: 2000\n\nid: 1003\nevent: data-version\ndata: {"));
  EXPECT_THAT(heard, HasSubstr("\"snapshot_id\":\"two\""));
  EXPECT_THAT(heard, HasSubstr("event: refresh\ndata: {"));
  EXPECT_THAT(heard, Not(HasSubstr("\"one\"")));
  EXPECT_TRUE(heard.ends_with("}\n\n"));
}

TEST(EventHub, GreetsBeforeAnythingHappened) {
  EventHub hub(kStart);
  Ear ear;
  const auto token = hub.Subscribe("", ear.sink());
  EXPECT_EQ(ear.heard(), "retry: 2000\n\n");
}

TEST(EventHub, SendsEveryEventOnALineOfItsOwnWithAnId) {
  EventHub hub(kStart);
  Ear ear;
  const auto token = hub.Subscribe("", ear.sink());
  hub.PublishDataVersion(Version("one"));
  hub.PublishRefresh(Job(7));
  hub.Heartbeat(kStart);
  EXPECT_EQ(Count(ear.heard(), "\nid: "), 3U);
  EXPECT_EQ(Count(ear.heard(), "data: "), 3U);
  EXPECT_THAT(ear.heard(), HasSubstr("id: 1001\nevent: data-version\n"));
  EXPECT_THAT(ear.heard(), HasSubstr("id: 1002\nevent: refresh\n"));
  EXPECT_THAT(ear.heard(), HasSubstr("id: 1002\nevent: heartbeat\n"
                                     "data: {\"now\":\"1970-01-01T00:00:01.000Z\"}\n\n"));
}

TEST(EventHub, ResumesAfterAnIdThatIsKept) {
  EventHub hub(kStart);
  hub.PublishDataVersion(Version("one"));
  for (std::uint64_t i = 1; i <= 3; ++i) hub.PublishRefresh(Job(i));
  Ear ear;
  const auto token = hub.Subscribe("1002", ear.sink());
  EXPECT_THAT(ear.heard(), Not(HasSubstr(RowsField(1))));
  EXPECT_THAT(ear.heard(), HasSubstr(RowsField(2)));
  EXPECT_THAT(ear.heard(), HasSubstr(RowsField(3)));
  EXPECT_THAT(ear.heard(), HasSubstr("id: 1002\nevent: data-version\n"));
}

TEST(EventHub, SendsTheStateForAnIdThatIsNotKept) {
  EventHub hub(kStart);
  for (std::uint64_t i = 1; i <= 300; ++i) hub.PublishRefresh(Job(i));
  for (const std::string_view id : {"1001", "999", "99999", "x", "-1", "1044 "}) {
    Ear ear;
    const auto token = hub.Subscribe(id, ear.sink());
    EXPECT_EQ(Count(ear.heard(), "event: refresh"), 1U) << id;
    EXPECT_THAT(ear.heard(), HasSubstr(RowsField(300)));
  }
  Ear ear;
  const auto token = hub.Subscribe("1044", ear.sink());
  EXPECT_EQ(Count(ear.heard(), "event: refresh"), 256U);
}

TEST(EventHub, StopsWhenTheTokenIsDestroyed) {
  EventHub hub(kStart);
  Ear ear;
  auto token = hub.Subscribe("", ear.sink());
  token.reset();
  hub.PublishRefresh(Job(1));
  hub.Heartbeat(kStart);
  EXPECT_EQ(ear.heard(), "retry: 2000\n\n");
}

TEST(EventHub, DropsAListenerThatIsGone) {
  EventHub hub(kStart);
  Ear ear;
  const auto token = hub.Subscribe("", ear.sink());
  ear.Close();
  hub.PublishRefresh(Job(1));
  hub.PublishRefresh(Job(2));
  EXPECT_THAT(ear.heard(), Not(HasSubstr(RowsField(2))));
}

TEST(EventHub, MayBeLeftFromWithinItsOwnCall) {
  EventHub hub(kStart);
  std::shared_ptr<void> token;
  int calls = 0;
  token = hub.Subscribe("", [&](const std::string&) {
    ++calls;
    token.reset();
    return true;
  });
  hub.PublishRefresh(Job(1));
  hub.PublishRefresh(Job(2));
  EXPECT_EQ(calls, 2);
}

TEST(EventHub, OutlivedByATokenDoesNoHarm) {
  Ear ear;
  std::shared_ptr<void> token;
  {
    EventHub hub(kStart);
    token = hub.Subscribe("", ear.sink());
  }
  token.reset();
}

TEST(EventHub, KeepsTheOrderForEveryListenerWhileManyPublish) {
  EventHub hub(kStart);
  constexpr int kThreads = 4;
  constexpr int kEvents = 50;
  std::vector<Ear> ears(3);
  std::vector<std::shared_ptr<void>> tokens;
  for (Ear& ear : ears) tokens.push_back(hub.Subscribe("", ear.sink()));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&hub] {
      for (int k = 0; k < kEvents; ++k) hub.PublishRefresh(Job(1));
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Ear& ear : ears) {
    const std::string heard = ear.heard();
    std::size_t at = 0;
    for (int id = 1001; id <= 1000 + kThreads * kEvents; ++id) {
      const auto found = heard.find("id: " + std::to_string(id) + "\n", at);
      ASSERT_NE(found, std::string::npos) << id;
      at = found;
    }
  }
}

}  // namespace
}  // namespace revops::api
