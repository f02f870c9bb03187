// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ostler::crypto {

enum class Algorithm { Md5, Sha1, Sha256 };  // MD5 only against accidents

/// A running digest over bytes given in pieces.
class Digest {
 public:
  explicit Digest(Algorithm algorithm);
  ~Digest();
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;

  void update(std::string_view bytes);
  /// The digest in bytes. Ends the digest: call once.
  std::string finish();
  /// The same in lower-case hex.
  std::string finish_hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// SHA-256 of `bytes` in lower-case hex, 64 characters.
std::string sha256_hex(std::string_view bytes);

}  // namespace ostler::crypto
