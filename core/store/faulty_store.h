#pragma once

#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "core/store/object_store.h"

namespace revops::store {

/// A store that fails on purpose, for tests: everything else goes to the store beneath.
///
/// Calls are counted from 1 over all four functions, Puts from 1 over Put alone. One plan of each
/// kind is in force; a new one replaces it.
class FaultyObjectStore final : public ObjectStore {
 public:
  /// `beneath` must outlive this store.
  explicit FaultyObjectStore(ObjectStore& beneath) : beneath_(beneath) {}

  /// The n-th call fails with `code` and does nothing.
  void FailCall(int n, ErrorCode code = ErrorCode::kUnavailable);
  /// The n-th call and all later ones fail with kUnavailable and do nothing, as after a crash.
  void StopAtCall(int n);
  /// The n-th Put happens, but reports kUnavailable: its answer got lost.
  void LoseAnswerOfPut(int n);

  int calls() const;
  int puts() const;

  Result<Object> Get(std::string_view key) override;
  Result<Version> Put(std::string_view key, std::string_view bytes,
                      const PutCondition& condition) override;
  Result<std::vector<ObjectInfo>> List(std::string_view prefix) override;
  Result<void> Delete(std::string_view key) override;

 private:
  struct Failure {
    int call;
    ErrorCode code;
  };

  Result<void> CountCall();
  bool CountPut();

  ObjectStore& beneath_;
  mutable std::mutex mutex_;
  int calls_ = 0;
  int puts_ = 0;
  std::optional<Failure> failure_;
  std::optional<int> stop_at_call_;
  std::optional<int> lost_put_;
};

}  // namespace revops::store
