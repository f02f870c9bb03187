// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace ostler::crypto {

/// An RSA key pair that signs. Thread-safe.
class RsaKey {
 public:
  /// A fresh one of 2048 bits. Takes some hundred milliseconds.
  static RsaKey make();
  /// Errors: Corrupt when it is not the private key of an RSA pair in PEM.
  static Result<RsaKey> from_pem(const Secret& pem);
  ~RsaKey();
  RsaKey(RsaKey&&) noexcept;
  RsaKey& operator=(RsaKey&&) noexcept;

  /// The private key, unencrypted, in PKCS #8.
  Secret pem() const;
  /// The signature of `message` by RSASSA-PKCS1-v1_5 with SHA-256: what JWS calls RS256.
  std::string sign(std::string_view message) const;
  /// The public key: big-endian bytes without leading zeros.
  std::string modulus() const;
  std::string exponent() const;

 private:
  struct Key;
  explicit RsaKey(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

}  // namespace ostler::crypto
