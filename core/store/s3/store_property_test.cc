#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/store/s3/simulated_store_testing.h"

namespace revops::store {
namespace {

/// Keys that resemble each other, from every byte that a key may have.
rc::Gen<std::string> Keys() {
  const auto segment =
      rc::gen::apply([](std::string text, char last) { return text + last; },
                     rc::gen::container<std::string>(rc::gen::elementOf(std::string("aB.-_9"))),
                     rc::gen::elementOf(std::string("aB-_9")));
  return rc::gen::map(
      rc::gen::resize(3, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(segment))),
      [](const std::vector<std::string>& segments) {
        std::string key;
        for (const auto& one : segments) key += (key.empty() ? "" : "/") + one;
        return key;
      });
}

std::string PrefixOf(const std::string& key) {
  return key.substr(0, *rc::gen::inRange<std::size_t>(0, key.size() + 1));
}

TEST(S3StoreProperty, DoesWhatAMapDoes) {
  const std::string prefixes[] = {"", "a/", "a.B/9/"};
  const bool holds = rc::check([&] {
    ResetSimulator("\"page_size\":3");
    SimulatedStore store(prefixes[*rc::gen::inRange(0, 3)]);
    std::map<std::string, std::string> model;
    const auto keys = *rc::gen::resize(
        8, rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(Keys())));
    for (const auto& key : keys) {
      RC_ASSERT(is_valid_key(key));
      const std::string bytes = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
      if (*rc::gen::inRange(0, 4) == 0) {
        RC_ASSERT(store.Delete(key).has_value());
        model.erase(key);
        continue;
      }
      const bool absent = *rc::gen::arbitrary<bool>();
      const auto put =
          store.Put(key, bytes, absent ? PutCondition::IfAbsent() : PutCondition::None());
      RC_ASSERT(put.has_value() == (!absent || !model.contains(key)));
      if (put) model[key] = bytes;
      const auto got = store.Get(key);
      RC_ASSERT(got.has_value());
      RC_ASSERT(got->bytes == model[key]);
    }
    const std::string prefix = PrefixOf(*rc::gen::elementOf(keys));
    const auto infos = store.List(prefix);
    RC_ASSERT(infos.has_value());
    std::vector<std::pair<std::string, std::uint64_t>> listed;
    for (const auto& info : *infos) listed.emplace_back(info.key, info.size_bytes);
    std::vector<std::pair<std::string, std::uint64_t>> wanted;
    for (const auto& [key, bytes] : model) {
      if (key.starts_with(prefix)) wanted.emplace_back(key, bytes.size());
    }
    RC_ASSERT(listed == wanted);
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace revops::store
