#pragma once

#include <filesystem>
#include <string>

namespace revops::net {

/// A certificate and its key, as PEM.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

/// Issues certificates that nobody else trusts.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  enum class Validity { kNow, kOver, kNotYet };

  /// `names`: "DNS:localhost,IP:127.0.0.1".
  TestIdentity Issue(const std::string& names, Validity validity = Validity::kNow) const;
  /// A file with the authority's own certificate; it lives as long as the authority.
  std::string ca_file() const { return file_; }

 private:
  TestIdentity own_;
  std::string file_;
};

/// Signed by itself.
TestIdentity SelfSigned(const std::string& names);

/// `bytes` as one gzip member.
std::string Gzip(const std::string& bytes);

}  // namespace revops::net
