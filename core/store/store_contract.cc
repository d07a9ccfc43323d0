#include "core/store/store_contract.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>
#include <vector>

namespace revops::store {

std::string StoreAdapterName(const testing::TestParamInfo<StoreAdapter>& info) {
  return info.param.name;
}

void PrintTo(const StoreAdapter& adapter, std::ostream* out) { *out << adapter.name; }

void StoreContract::SetUp() {
  place_ = GetParam().make_place();
  store_ = place_->Open();
}

Version StoreContract::MustPut(const std::string& key, const std::string& bytes) {
  const auto version = store_->Put(key, bytes, PutCondition::None());
  EXPECT_TRUE(version) << key << ": " << Describe(version.error());
  return version.value_or("");
}

std::string StoreContract::MustGet(const std::string& key) {
  const auto object = store_->Get(key);
  EXPECT_TRUE(object) << key << ": " << Describe(object.error());
  return object ? object->bytes : "";
}

std::vector<std::string> StoreContract::Keys(const std::string& prefix) {
  std::vector<std::string> keys;
  const auto infos = store_->List(prefix);
  EXPECT_TRUE(infos) << prefix << ": " << Describe(infos.error());
  if (!infos) return keys;
  for (const auto& info : *infos) keys.push_back(info.key);
  return keys;
}

namespace {

constexpr const char* kKey = "revops/current.json";

template <class T>
ErrorCode CodeOf(const Result<T>& result) {
  EXPECT_FALSE(result) << "succeeded";
  return result ? ErrorCode::kInternal : result.error().code;
}

/// `size` bytes that depend on `seed`, beginning with it.
std::string Block(int seed, std::size_t size) {
  const std::string head = std::to_string(seed) + ":";
  return head + std::string(size, static_cast<char>('a' + seed % 26)) + head;
}

bool is_block(const std::string& bytes) {
  const std::size_t heads = 2 * (bytes.find(':') + 1);
  return bytes.size() >= heads && bytes == Block(std::atoi(bytes.c_str()), bytes.size() - heads);
}

void RunThreads(int count, const std::function<void(int)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(body, i);
  for (auto& thread : threads) thread.join();
}

}  // namespace

TEST_P(StoreContract, GetsBackWhatWasPut) {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  for (const auto& bytes :
       {std::string(), std::string("{}"), every_byte, std::string("a\0b\r\n", 5)}) {
    const Version version = MustPut(kKey, bytes);
    const auto object = store_->Get(kKey);
    ASSERT_TRUE(object) << Describe(object.error());
    EXPECT_EQ(object->bytes, bytes);
    EXPECT_EQ(object->version, version);
  }
}

TEST_P(StoreContract, HoldsObjectsOfManyMegabytes) {
  const std::string bytes = Block(7, 5'000'001);
  MustPut("big", bytes);
  EXPECT_TRUE(MustGet("big") == bytes);
}

TEST_P(StoreContract, AnotherInstanceSeesTheSameObjects) {
  const auto other = place_->Open();
  const Version version = MustPut(kKey, "1");
  const auto object = other->Get(kKey);
  ASSERT_TRUE(object) << Describe(object.error());
  EXPECT_EQ(object->bytes, "1");
  EXPECT_EQ(object->version, version);
  EXPECT_EQ(CodeOf(other->Put(kKey, "2", PutCondition::IfAbsent())), ErrorCode::kAlreadyExists);
}

TEST_P(StoreContract, GetOfAMissingKeyIsNotFound) {
  EXPECT_EQ(CodeOf(store_->Get("missing")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(store_->Get("revops/missing/too")), ErrorCode::kNotFound);
  MustPut("revops/objects/a", "1");
  EXPECT_EQ(CodeOf(store_->Get("revops/objects")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(store_->Get("revops/objects/a/b")), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(store_->Get("revops/object")), ErrorCode::kNotFound);
}

TEST_P(StoreContract, RefusesWhatIsNotAKey) {
  MustPut("a", "1");
  for (const std::string& key :
       {std::string(), std::string("/a"), std::string("a/"), std::string("b//c"),
        std::string("../a"), std::string("b/../a"), std::string("./a"), std::string("a b"),
        std::string("a\0b", 3), std::string("\xc3\xa9"), std::string(256, 'x'),
        std::string("~a")}) {
    EXPECT_EQ(CodeOf(store_->Get(key)), ErrorCode::kInvalidArgument) << key;
    EXPECT_EQ(CodeOf(store_->Delete(key)), ErrorCode::kInvalidArgument) << key;
    EXPECT_EQ(CodeOf(store_->Put(key, "2", PutCondition::None())), ErrorCode::kInvalidArgument)
        << key;
  }
  EXPECT_EQ(Keys(""), std::vector<std::string>{"a"});
  EXPECT_EQ(MustGet("a"), "1");
}

TEST_P(StoreContract, AcceptsTheLongestKeys) {
  const std::string key = std::string(255, 'x') + "/" + std::string(254, 'y') + "/z";
  ASSERT_EQ(key.size(), 512U);
  MustPut(key, "1");
  EXPECT_EQ(MustGet(key), "1");
  EXPECT_EQ(Keys(std::string(255, 'x')), std::vector<std::string>{key});
}

TEST_P(StoreContract, KeysThatDifferInCaseAreDifferent) {
  MustPut("key", "lower");
  MustPut("KEY", "upper");
  EXPECT_EQ(MustGet("key"), "lower");
  EXPECT_EQ(MustGet("KEY"), "upper");
}

TEST_P(StoreContract, AKeyBelowAnotherIsKeptOrRefusedWhole) {
  MustPut("a", "1");
  const auto below = store_->Put("a/b", "2", PutCondition::None());
  EXPECT_EQ(MustGet("a"), "1");
  if (below) {
    EXPECT_EQ(MustGet("a/b"), "2");
  } else {
    EXPECT_EQ(below.error().code, ErrorCode::kInvalidArgument);
  }
  MustPut("c/d", "3");
  const auto above = store_->Put("c", "4", PutCondition::None());
  EXPECT_EQ(MustGet("c/d"), "3");
  if (above) {
    EXPECT_EQ(MustGet("c"), "4");
  } else {
    EXPECT_EQ(above.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST_P(StoreContract, PutReplaces) {
  MustPut(kKey, "a longer text");
  MustPut(kKey, "short");
  EXPECT_EQ(MustGet(kKey), "short");
  EXPECT_EQ(Keys("").size(), 1U);
}

TEST_P(StoreContract, EveryPutOfOtherBytesChangesTheVersion) {
  std::set<Version> versions;
  for (int i = 0; i < 50; ++i) versions.insert(MustPut(kKey, std::to_string(i)));
  EXPECT_EQ(versions.size(), 50U);
}

TEST_P(StoreContract, EveryPutOfTheSameBytesChangesTheVersion) {
  if (!GetParam().versions_tell_equal_bytes_apart) {
    GTEST_SKIP() << "capability missing: versions_tell_equal_bytes_apart";
  }
  std::set<Version> versions;
  for (int i = 0; i < 50; ++i) versions.insert(MustPut(kKey, "same"));
  EXPECT_EQ(versions.size(), 50U);
  ASSERT_TRUE(store_->Delete(kKey));
  EXPECT_TRUE(versions.insert(MustPut(kKey, "same")).second);
}

TEST_P(StoreContract, TheVersionStaysWhileNothingIsPut) {
  const Version version = MustPut(kKey, "1");
  MustPut("another", "2");
  EXPECT_EQ(store_->Get(kKey)->version, version);
  EXPECT_EQ(place_->Open()->Get(kKey)->version, version);
}

TEST_P(StoreContract, IfAbsentPutsOnceOnly) {
  const auto version = store_->Put(kKey, "1", PutCondition::IfAbsent());
  ASSERT_TRUE(version) << Describe(version.error());
  EXPECT_EQ(CodeOf(store_->Put(kKey, "2", PutCondition::IfAbsent())), ErrorCode::kAlreadyExists);
  EXPECT_EQ(MustGet(kKey), "1");
  EXPECT_EQ(store_->Get(kKey)->version, *version);
  ASSERT_TRUE(store_->Delete(kKey));
  EXPECT_TRUE(store_->Put(kKey, "3", PutCondition::IfAbsent()));
}

TEST_P(StoreContract, IfMatchPutsOnThatVersionAlone) {
  const Version first = MustPut(kKey, "1");
  const auto second = store_->Put(kKey, "2", PutCondition::IfMatch(first));
  ASSERT_TRUE(second) << Describe(second.error());
  EXPECT_EQ(CodeOf(store_->Put(kKey, "3", PutCondition::IfMatch(first))),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(MustGet(kKey), "2");
  EXPECT_TRUE(store_->Put(kKey, "3", PutCondition::IfMatch(*second)));
  EXPECT_EQ(MustGet(kKey), "3");
}

TEST_P(StoreContract, IfMatchDoesNotHoldForAnObjectThatIsNotThere) {
  EXPECT_EQ(CodeOf(store_->Put(kKey, "1", PutCondition::IfMatch("x"))), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(store_->Put(kKey, "1", PutCondition::IfMatch(""))), ErrorCode::kAlreadyExists);
  const Version version = MustPut(kKey, "1");
  ASSERT_TRUE(store_->Delete(kKey));
  EXPECT_EQ(CodeOf(store_->Put(kKey, "2", PutCondition::IfMatch(version))),
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(store_->Get(kKey)), ErrorCode::kNotFound);
}

TEST_P(StoreContract, IfMatchTakesAVersionThatGetGave) {
  MustPut(kKey, "1");
  const auto seen = place_->Open()->Get(kKey);
  ASSERT_TRUE(seen);
  EXPECT_TRUE(store_->Put(kKey, "2", PutCondition::IfMatch(seen->version)));
}

TEST_P(StoreContract, ListIsOrderedBytewiseAndByTextPrefix) {
  for (const char* key : {"b", "a-", "a.b", "a/b", "a/c/d", "a0", "aZ", "A", "ab/c"}) {
    MustPut(key, key);
  }
  EXPECT_EQ(Keys(""),
            (std::vector<std::string>{"A", "a-", "a.b", "a/b", "a/c/d", "a0", "aZ", "ab/c", "b"}));
  EXPECT_EQ(Keys("a/"), (std::vector<std::string>{"a/b", "a/c/d"}));
  EXPECT_EQ(Keys("a/c"), (std::vector<std::string>{"a/c/d"}));
  EXPECT_EQ(Keys("a/c/d"), (std::vector<std::string>{"a/c/d"}));
  EXPECT_EQ(Keys("ab"), (std::vector<std::string>{"ab/c"}));
  EXPECT_EQ(Keys("a").size(), 7U);
  EXPECT_TRUE(Keys("a/c/d/").empty());
  EXPECT_TRUE(Keys("c").empty());
}

TEST_P(StoreContract, APrefixOfNoKeyListsNothing) {
  MustPut("a/b", "1");
  for (const char* prefix : {"/", "a//", "..", "../", "a/../a", "./", "a b", "~", "\xff", "*"}) {
    EXPECT_TRUE(Keys(prefix).empty()) << prefix;
  }
}

TEST_P(StoreContract, ListTellsSizeAndTime) {
  constexpr std::chrono::minutes kSkew(5);
  EXPECT_TRUE(Keys("").empty());
  MustPut("a", "");
  MustPut("b", std::string(1234, 'x'));
  const auto infos = store_->List("");
  ASSERT_TRUE(infos) << Describe(infos.error());
  ASSERT_EQ(infos->size(), 2U);
  EXPECT_EQ((*infos)[0].size_bytes, 0U);
  EXPECT_EQ((*infos)[1].size_bytes, 1234U);
  for (const auto& info : *infos) {
    EXPECT_GE(info.modified_at, place_->Now() - kSkew);
    EXPECT_LE(info.modified_at, place_->Now() + kSkew);
  }
}

TEST_P(StoreContract, ListsMoreObjectsThanOnePageHolds) {
  constexpr int kObjects = 1'005;  // S3 answers with 1,000 keys at most
  constexpr int kThreads = 15;
  RunThreads(kThreads, [&](int thread) {
    for (int i = thread; i < kObjects; i += kThreads) {
      MustPut("objects/" + std::to_string(100'000 + i), "x");
    }
  });
  const auto keys = Keys("objects/1");
  EXPECT_EQ(keys.size(), static_cast<std::size_t>(kObjects));
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
}

TEST_P(StoreContract, DeleteRemovesThatObjectAlone) {
  MustPut("a/b", "1");
  MustPut("a/bc", "2");
  ASSERT_TRUE(store_->Delete("a/b"));
  EXPECT_EQ(CodeOf(store_->Get("a/b")), ErrorCode::kNotFound);
  EXPECT_EQ(Keys(""), std::vector<std::string>{"a/bc"});
}

TEST_P(StoreContract, DeleteOfAMissingKeyIsHarmless) {
  EXPECT_TRUE(store_->Delete("missing"));
  EXPECT_TRUE(store_->Delete("missing/too"));
  MustPut("a/b", "1");
  EXPECT_TRUE(store_->Delete("a"));
  EXPECT_TRUE(store_->Delete("a/b/c"));
  EXPECT_EQ(MustGet("a/b"), "1");
}

TEST_P(StoreContract, OfManyIfAbsentPutsOneSucceeds) {
  for (int round = 0; round < 5; ++round) {
    const std::string key = "round/" + std::to_string(round);
    std::atomic<int> winners = 0;
    std::atomic<int> winner = -1;
    RunThreads(8, [&](int i) {
      const auto store = place_->Open();
      const auto version = store->Put(key, std::to_string(i), PutCondition::IfAbsent());
      if (version) {
        ++winners;
        winner = i;
      } else {
        EXPECT_EQ(version.error().code, ErrorCode::kAlreadyExists) << Describe(version.error());
      }
    });
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(MustGet(key), std::to_string(winner));
  }
}

TEST_P(StoreContract, OfManyIfMatchPutsOneSucceeds) {
  constexpr int kThreads = 4;
  constexpr int kIncrements = 25;
  MustPut("counter", "0");
  RunThreads(kThreads, [&](int i) {
    const auto own = place_->Open();
    ObjectStore& store = i % 2 == 0 ? *store_ : *own;
    for (int done = 0; done < kIncrements;) {
      const auto seen = store.Get("counter");
      ASSERT_TRUE(seen) << Describe(seen.error());
      const auto next = std::to_string(std::stoi(seen->bytes) + 1);
      const auto put = store.Put("counter", next, PutCondition::IfMatch(seen->version));
      ASSERT_TRUE(put || put.error().code == ErrorCode::kAlreadyExists) << Describe(put.error());
      if (put) ++done;
    }
  });
  EXPECT_EQ(MustGet("counter"), std::to_string(kThreads * kIncrements));
}

TEST_P(StoreContract, UnconditionalPutsDoNotSlipThroughAnIfMatch) {
  // The IfMatch can only come first: after the plain Put its version is gone.
  for (int round = 0; round < 20; ++round) {
    const Version before = MustPut(kKey, "before");
    std::atomic<bool> matched = false;
    RunThreads(2, [&](int i) {
      if (i == 0) {
        EXPECT_TRUE(store_->Put(kKey, "plain", PutCondition::None()));
      } else {
        matched = store_->Put(kKey, "matched", PutCondition::IfMatch(before)).has_value();
      }
    });
    EXPECT_EQ(MustGet(kKey), "plain") << (matched ? "matched first" : "matched never");
  }
}

TEST_P(StoreContract, ReadersSeeWholeObjectsWhilePutsRun) {
  constexpr int kPuts = 60;
  MustPut(kKey, Block(0, 300'000));
  std::atomic<bool> done = false;
  RunThreads(3, [&](int i) {
    const auto store = place_->Open();
    if (i == 0) {
      for (int seed = 1; seed <= kPuts; ++seed) {
        const auto size = static_cast<std::size_t>(1 + (seed * 7919) % 300'000);
        EXPECT_TRUE(store->Put(kKey, Block(seed, size), PutCondition::None()));
      }
      done = true;
      return;
    }
    while (!done) {
      const auto object = store->Get(kKey);
      ASSERT_TRUE(object) << Describe(object.error());
      ASSERT_TRUE(is_block(object->bytes)) << object->bytes.substr(0, 20);
      ASSERT_EQ(Keys("revops/").size(), 1U);
    }
  });
}

TEST_P(StoreContract, EqualVersionsMeanEqualBytesWhilePutsRun) {
  std::atomic<bool> done = false;
  MustPut(kKey, "0");
  RunThreads(2, [&](int i) {
    if (i == 0) {
      for (int n = 1; n <= 50; ++n) {
        EXPECT_TRUE(store_->Put(kKey, std::to_string(n), PutCondition::None()));
      }
      done = true;
      return;
    }
    Object last;
    while (!done) {
      auto object = store_->Get(kKey);
      ASSERT_TRUE(object);
      const bool is_same = object->version == last.version;
      ASSERT_TRUE(!is_same || object->bytes == last.bytes) << object->bytes;
      last = *std::move(object);
    }
  });
}

}  // namespace revops::store
