#pragma once

#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

namespace revops {

/// A key, a passphrase, a token: whoever wants its text has to say so, since it can be neither
/// printed nor logged nor taken for a string. Its bytes are overwritten before their memory is
/// given back.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : bytes_(text.begin(), text.end()) {}
  ~Secret();

  Secret(const Secret& other) = default;
  Secret(Secret&& other) noexcept = default;
  Secret& operator=(Secret other) noexcept;

  /// Valid as long as the secret is neither changed nor destroyed.
  std::string_view reveal() const { return {bytes_.data(), bytes_.size()}; }
  bool empty() const { return bytes_.empty(); }

  friend bool operator==(const Secret& one, const Secret& other) {
    return one.reveal() == other.reveal();
  }

 private:
  std::pmr::vector<char> bytes_;
};

/// The text as a secret; its own bytes are overwritten.
Secret TakeSecret(std::string&& text);

/// Overwrites what a string holds, which is empty afterwards.
void Cleanse(std::string& text);

}  // namespace revops
