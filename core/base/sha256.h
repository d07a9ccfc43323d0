#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace revops {

/// SHA-256 over bytes that arrive in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);
  /// 64 lower-case hex digits. Once: afterwards the object is spent.
  std::string FinishHex();

  static std::string Hex(std::string_view bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace revops
