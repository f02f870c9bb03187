// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::support {

/// An Ed25519 key as `openssl genpkey` and `openssl pkey -pubout` write it, the same each time.
class SigningKey {
 public:
  /// One of 256 that differ.
  explicit SigningKey(unsigned char number);
  /// Of 32 bytes in hex.
  explicit SigningKey(const std::string& seed_in_hex);

  std::string pem() const;
  std::string public_pem() const;

 private:
  std::string seed_;
};

}  // namespace ostler::support
