#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace revops::store {

/// Opaque and changed by every Put of the key, as an HTTP ETag is; equality is its only operation.
using Version = std::string;

struct Object {
  std::string bytes;
  Version version;
};

struct ObjectInfo {
  std::string key;
  std::uint64_t size_bytes = 0;
  Instant modified_at;
};

/// What must hold for a Put to happen.
struct PutCondition {
  enum class Kind { kNone, kIfAbsent, kIfMatch };
  Kind kind = Kind::kNone;
  Version version;

  static PutCondition None() { return {}; }
  static PutCondition IfAbsent() { return {Kind::kIfAbsent, {}}; }
  static PutCondition IfMatch(Version version) { return {Kind::kIfMatch, std::move(version)}; }
};

/// Where results rest: whole objects under keys. Thread-safe; several processes may use one store.
///
/// Keys:  '/'-separated segments of 1–255 bytes of [A-Za-z0-9._-], none "." or "..", at most 512
///        bytes together; anything else is kInvalidArgument. Where one object has the key "a",
///        an adapter may refuse "a/b" with kInvalidArgument, and the other way round.
/// Reads: a key shows the bytes of one whole Put, never a mixture, also while Puts run and after
///        a crash. What a Put acknowledged survives a crash.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  /// Errors: kNotFound.
  virtual Result<Object> Get(std::string_view key) = 0;

  /// Replaces the object if the condition holds, and returns its new version.
  /// Of several conditional Puts on one version exactly one succeeds.
  /// Errors: kAlreadyExists when an IfAbsent or IfMatch condition does not hold;
  ///         kResourceExhausted when there is no room: the old object stays.
  virtual Result<Version> Put(std::string_view key, std::string_view bytes,
                              const PutCondition& condition) = 0;

  /// All objects whose key starts with `prefix` (a plain text prefix), ascending by key bytewise.
  virtual Result<std::vector<ObjectInfo>> List(std::string_view prefix) = 0;

  /// Harmless when there is no such key.
  virtual Result<void> Delete(std::string_view key) = 0;
};

/// Whether `key` has the form above.
bool is_valid_key(std::string_view key);

}  // namespace revops::store
