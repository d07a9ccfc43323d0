#include "core/store/faulty_store.h"

namespace revops::store {

void FaultyObjectStore::FailCall(int n, ErrorCode code) {
  const std::lock_guard lock(mutex_);
  failure_ = Failure{n, code};
}

void FaultyObjectStore::StopAtCall(int n) {
  const std::lock_guard lock(mutex_);
  stop_at_call_ = n;
}

void FaultyObjectStore::LoseAnswerOfPut(int n) {
  const std::lock_guard lock(mutex_);
  lost_put_ = n;
}

int FaultyObjectStore::calls() const {
  const std::lock_guard lock(mutex_);
  return calls_;
}

int FaultyObjectStore::puts() const {
  const std::lock_guard lock(mutex_);
  return puts_;
}

Result<void> FaultyObjectStore::CountCall() {
  const std::lock_guard lock(mutex_);
  ++calls_;
  if (stop_at_call_ && calls_ >= *stop_at_call_) {
    return Fail(ErrorCode::kUnavailable, "stopped on purpose", "faulty:stopped");
  }
  if (failure_ && failure_->call == calls_) {
    return Fail(failure_->code, "failed on purpose", "faulty:failed");
  }
  return {};
}

bool FaultyObjectStore::CountPut() {
  const std::lock_guard lock(mutex_);
  return ++puts_ == lost_put_;
}

Result<Object> FaultyObjectStore::Get(std::string_view key) {
  REVOPS_TRY(CountCall());
  return beneath_.Get(key);
}

Result<Version> FaultyObjectStore::Put(std::string_view key, std::string_view bytes,
                                       const PutCondition& condition) {
  const bool is_lost = CountPut();
  REVOPS_TRY(CountCall());
  auto version = beneath_.Put(key, bytes, condition);
  if (!is_lost) return version;
  return Fail(ErrorCode::kUnavailable, "answer lost on purpose", "faulty:lost");
}

Result<std::vector<ObjectInfo>> FaultyObjectStore::List(std::string_view prefix) {
  REVOPS_TRY(CountCall());
  return beneath_.List(prefix);
}

Result<void> FaultyObjectStore::Delete(std::string_view key) {
  REVOPS_TRY(CountCall());
  return beneath_.Delete(key);
}

}  // namespace revops::store
