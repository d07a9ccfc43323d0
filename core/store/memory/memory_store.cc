#include "core/store/memory/memory_store.h"

namespace revops::store {
namespace {

Result<void> CheckKey(std::string_view key) {
  if (is_valid_key(key)) return {};
  return Fail(ErrorCode::kInvalidArgument, "not a key of the store: '" + std::string(key) + "'");
}

}  // namespace

Result<Object> MemoryObjectStore::Get(std::string_view key) {
  REVOPS_TRY(CheckKey(key));
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) {
    return Fail(ErrorCode::kNotFound, "no object '" + std::string(key) + "'");
  }
  return found->second.object;
}

Result<Version> MemoryObjectStore::Put(std::string_view key, std::string_view bytes,
                                       const PutCondition& condition) {
  REVOPS_TRY(CheckKey(key));
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  const bool exists = found != entries_.end();
  using Kind = PutCondition::Kind;
  const bool refused = (condition.kind == Kind::kIfAbsent && exists) ||
                       (condition.kind == Kind::kIfMatch &&
                        !(exists && found->second.object.version == condition.version));
  if (refused) {
    return Fail(ErrorCode::kAlreadyExists,
                "object '" + std::string(key) + "' is not in the expected version");
  }
  Version version = std::to_string(++puts_);
  entries_.insert_or_assign(std::string(key), Entry{{std::string(bytes), version}, clock_.Now()});
  return version;
}

Result<std::vector<ObjectInfo>> MemoryObjectStore::List(std::string_view prefix) {
  const std::lock_guard lock(mutex_);
  std::vector<ObjectInfo> infos;
  for (auto at = entries_.lower_bound(prefix);
       at != entries_.end() && at->first.starts_with(prefix); ++at) {
    infos.push_back({at->first, at->second.object.bytes.size(), at->second.modified_at});
  }
  return infos;
}

Result<void> MemoryObjectStore::Delete(std::string_view key) {
  REVOPS_TRY(CheckKey(key));
  const std::lock_guard lock(mutex_);
  if (const auto found = entries_.find(key); found != entries_.end()) entries_.erase(found);
  return {};
}

}  // namespace revops::store
