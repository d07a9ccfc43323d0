#include "core/base/secret.h"

#include <openssl/crypto.h>

namespace revops {

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Secret& Secret::operator=(Secret other) noexcept {
  bytes_.swap(other.bytes_);
  return *this;
}

Secret TakeSecret(std::string&& text) {
  Secret secret{std::string_view(text)};
  Cleanse(text);
  return secret;
}

void Cleanse(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace revops
