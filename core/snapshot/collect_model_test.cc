// One publication and one collection over one store, in every order of their store calls with at
// most three changes of who runs, and in random orders beyond: whatever the order, every manifest
// that is there afterwards has all its objects.
#include <cstdlib>
#include <functional>
#include <random>
#include <variant>

#include <gtest/gtest.h>

#include "core/snapshot/stored_manifest.h"
#include "core/snapshot/test_publisher.h"
#include "core/snapshot/verify.h"
#include "core/store/memory/memory_store.h"

namespace revops::snapshot {
namespace {

constexpr int kActors = 2;
constexpr int kToTheEnd = 1'000'000;

using Answer = std::variant<Result<store::Object>, Result<store::Version>,
                            Result<std::vector<store::ObjectInfo>>, Result<void>>;

/// Answers the first calls from a log, passes some on and logs them, and fails all others without
/// doing anything: whoever uses it can be run again later, up to a later call.
class ReplayStore final : public store::ObjectStore {
 public:
  ReplayStore(store::ObjectStore& beneath, std::vector<Answer>& log, int calls)
      : beneath_(beneath), log_(log), calls_left_(calls) {}

  bool was_suspended() const { return was_suspended_; }

  Result<store::Object> Get(std::string_view key) override {
    return Answered<Result<store::Object>>([&] { return beneath_.Get(key); });
  }
  Result<store::Version> Put(std::string_view key, std::string_view bytes,
                             const store::PutCondition& condition) override {
    return Answered<Result<store::Version>>([&] { return beneath_.Put(key, bytes, condition); });
  }
  Result<std::vector<store::ObjectInfo>> List(std::string_view prefix) override {
    return Answered<Result<std::vector<store::ObjectInfo>>>([&] { return beneath_.List(prefix); });
  }
  Result<void> Delete(std::string_view key) override {
    return Answered<Result<void>>([&] { return beneath_.Delete(key); });
  }

 private:
  template <class R, class Call>
  R Answered(Call call) {
    if (at_ == log_.size()) {
      if (calls_left_ == 0) was_suspended_ = true;
      if (was_suspended_) return Fail(ErrorCode::kUnavailable, "suspended");
      --calls_left_;
      log_.emplace_back(std::in_place_type<R>, call());
    }
    return std::get<R>(log_[at_++]);
  }

  store::ObjectStore& beneath_;
  std::vector<Answer>& log_;
  std::size_t at_ = 0;
  int calls_left_;
  bool was_suspended_ = false;
};

/// Something that runs a few store calls at a time.
class Actor {
 public:
  Actor(store::ObjectStore& store, std::function<void(store::ObjectStore&)> body)
      : store_(store), body_(std::move(body)) {}

  /// False when it came to its end before.
  bool Advance(int calls) {
    if (has_ended_) return false;
    ReplayStore replay(store_, log_, calls);
    body_(replay);
    has_ended_ = !replay.was_suspended();
    return !has_ended_;
  }

 private:
  store::ObjectStore& store_;
  std::function<void(store::ObjectStore&)> body_;
  std::vector<Answer> log_;
  bool has_ended_ = false;
};

Result<std::string> PublishTiny(store::ObjectStore& store, const BuiltSnapshot& built) {
  auto id = PublishBuilt(store, built);
  for (int attempt = 1; attempt < 3 && !id; ++attempt) {
    if (id.error().code != ErrorCode::kAlreadyExists) return id;
    id = PublishBuilt(store, built);
  }
  return id;
}

class CollectModel : public testing::TestWithParam<const char*> {
 protected:
  static constexpr const char* kSame = "what the current snapshot has too";
  const Instant now_ = At("2026-11-22T02:00:00Z");

  /// What is in the store when both begin; the publisher always publishes {kSame, "X"}.
  void Fill(store::ObjectStore& store, FakeClock& clock) const {
    const auto publish = [&](int days_ago, std::string_view b) {
      const Instant at = now_ - std::chrono::days(days_ago);
      clock.JumpTo(at);
      ASSERT_TRUE(PublishBuilt(store, TinySnapshot(at, kSame, b)));
    };
    const std::string scenario = GetParam();
    if (scenario == "OldManifestHasIt") {
      publish(60, "X");
      publish(58, "Y");  // the last of that week and month
      StoredPointer stored = ReadPointer(store).value().value();
      stored.pointer.earlier.clear();
      ASSERT_TRUE(store.Put(kPointerKey, Encode(stored.pointer), store::PutCondition::None()));
    } else if (scenario == "NobodyHasIt") {
      clock.JumpTo(now_ - std::chrono::days(5));
      const EncodedObject orphan = EncodeObject("X", "json.zst");
      ASSERT_TRUE(store.Put(orphan.ref.key(), orphan.bytes, store::PutCondition::None()));
      publish(4, "Y");
    } else if (scenario == "TheCurrentOneHasIt") {
      publish(60, "X");
    } else {
      publish(60, "Y");
    }
    clock.JumpTo(now_);
  }

  struct Outcome {
    bool was_used_up = false;
    bool was_published = false;
  };

  Outcome Run(int first, const std::vector<int>& turns) const {
    FakeClock clock(now_);
    store::MemoryObjectStore store(clock);
    Fill(store, clock);
    const BuiltSnapshot built = TinySnapshot(now_, kSame, "X");
    std::optional<Result<std::string>> published;
    std::optional<Result<CollectReport>> collected;
    Actor actors[kActors] = {
        {store, [&](store::ObjectStore& stepped) { published = PublishTiny(stepped, built); }},
        {store, [&](store::ObjectStore& stepped) { collected = Collect(stepped, now_); }},
    };
    Outcome outcome;
    outcome.was_used_up = true;
    int on = first;
    for (const int turn : turns) {
      outcome.was_used_up = actors[on].Advance(turn) && outcome.was_used_up;
      on = kActors - 1 - on;
    }
    actors[on].Advance(kToTheEnd);
    actors[kActors - 1 - on].Advance(kToTheEnd);
    EXPECT_TRUE(*published || published->error().code == ErrorCode::kAlreadyExists);
    EXPECT_TRUE(*collected);
    outcome.was_published = published->has_value();
    ExpectWhole(store);
    if (!outcome.was_published) {
      EXPECT_TRUE(PublishTiny(store, built)) << "later it goes through";
      ExpectWhole(store);
    }
    return outcome;
  }

  static void ExpectWhole(store::ObjectStore& store) {
    const auto infos = store.List(kManifestPrefix).value();
    for (const store::ObjectInfo& info : infos) {
      const auto stored = ReadStoredManifest(store, *ManifestIdOf(info.key));
      ASSERT_TRUE(stored);
      for (const std::string& key : ReferencedKeys(stored->manifest)) {
        EXPECT_TRUE(store.Get(key)) << info.key << " lacks " << key;
      }
    }
    const auto pointer = ReadPointer(store);
    ASSERT_TRUE(pointer && *pointer);
    EXPECT_TRUE(ReadStoredManifest(store, (*pointer)->pointer.manifest.id));
  }

  /// All schedules that begin with `turns`, up to `turns_max` turns. Returns how many were run.
  int Explore(int first, std::vector<int>& turns, std::size_t turns_max) const {
    int runs = 0;
    turns.push_back(1);
    while (true) {
      const Outcome outcome = Run(first, turns);
      ++runs;
      if (HasFailure()) {
        ADD_FAILURE() << "first " << first << ", turns " << testing::PrintToString(turns);
        return runs;
      }
      if (!outcome.was_used_up) break;
      if (turns.size() < turns_max) runs += Explore(first, turns, turns_max);
      if (HasFailure()) return runs;
      ++turns.back();
    }
    turns.pop_back();
    return runs;
  }
};

TEST_P(CollectModel, KeepsEveryObjectInEveryOrderWithThreeChanges) {
  int runs = 0;
  for (int first = 0; first < kActors; ++first) {
    std::vector<int> turns;
    runs += Explore(first, turns, 2);
  }
  EXPECT_GT(runs, 50);
  RecordProperty("runs", runs);
}

TEST_P(CollectModel, KeepsEveryObjectInRandomOrders) {
  const char* given = std::getenv("REVOPS_SEED");
  const auto seed = given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                                     : std::random_device()();
  SCOPED_TRACE("REVOPS_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  for (int run = 0; run < 100 && !HasFailure(); ++run) {
    std::vector<int> turns(8);
    for (int& turn : turns) turn = 1 + static_cast<int>(random() % 6);
    Run(static_cast<int>(random() % kActors), turns);
  }
}

INSTANTIATE_TEST_SUITE_P(WhereTheObjectIs, CollectModel,
                         testing::Values("OldManifestHasIt", "NobodyHasIt", "TheCurrentOneHasIt",
                                         "ItIsNew"),
                         [](const auto& scenario) { return std::string(scenario.param); });

}  // namespace
}  // namespace revops::snapshot
