#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/object_store.h"

namespace revops::store {

/// Objects in the memory of this process, for tests: nothing survives it.
class MemoryObjectStore final : public ObjectStore {
 public:
  /// `clock` dates the objects and must outlive the store.
  explicit MemoryObjectStore(const Clock& clock) : clock_(clock) {}

  Result<Object> Get(std::string_view key) override;
  Result<Version> Put(std::string_view key, std::string_view bytes,
                      const PutCondition& condition) override;
  Result<std::vector<ObjectInfo>> List(std::string_view prefix) override;
  Result<void> Delete(std::string_view key) override;

 private:
  struct Entry {
    Object object;
    Instant modified_at;
  };

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t puts_ = 0;
};

}  // namespace revops::store
