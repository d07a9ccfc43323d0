#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/store/object_store.h"

namespace revops::store {

/// One empty place for objects, made for one test and gone with it.
class StorePlace {
 public:
  virtual ~StorePlace() = default;
  /// Another store on the same objects, as another process would open it. Thread-safe.
  virtual std::unique_ptr<ObjectStore> Open() = 0;
  /// The time of whatever dates the objects.
  virtual Instant Now() const = 0;
};

/// An adapter as the suite sees it.
struct StoreAdapter {
  /// Letters and digits alone: part of the test's name.
  std::string name;
  std::function<std::unique_ptr<StorePlace>()> make_place;
  /// Whether the version changes also when a Put repeats the bytes that are there. Adapters whose
  /// vendor derives versions from the content alone say false; one test is skipped then.
  bool versions_tell_equal_bytes_apart = true;
};

/// How GoogleTest shows one.
void PrintTo(const StoreAdapter& adapter, std::ostream* out);

/// Tests every sentence of object_store.h. An adapter's test instantiates it:
///
///   INSTANTIATE_TEST_SUITE_P(Local, StoreContract, testing::Values(adapter), StoreAdapterName);
class StoreContract : public testing::TestWithParam<StoreAdapter> {
 protected:
  void SetUp() override;

  Version MustPut(const std::string& key, const std::string& bytes);
  std::string MustGet(const std::string& key);
  std::vector<std::string> Keys(const std::string& prefix);

  std::unique_ptr<StorePlace> place_;
  std::unique_ptr<ObjectStore> store_;
};

/// Names the instances; using it also links the suite in.
std::string StoreAdapterName(const testing::TestParamInfo<StoreAdapter>& info);

}  // namespace revops::store
