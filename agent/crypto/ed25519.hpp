// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"

// Signatures by Ed25519 (RFC 8032). Keys are in PEM, as `openssl genpkey -algorithm ed25519` and
// `openssl pkey -pubout` write them.
namespace ostler::crypto {

/// Who has signed something.
class Ed25519PublicKey {
 public:
  /// Errors: UserFault when it is not the public key of an Ed25519 pair.
  static Result<Ed25519PublicKey> from_pem(std::string_view pem);
  /// "ed25519:" and base64 of the 32 bytes. Errors: UserFault.
  static Result<Ed25519PublicKey> from_text(std::string_view text);

  std::string text() const;
  /// Whether `signature` is that of `message` by this key.
  bool verifies(std::string_view message, std::string_view signature) const;

  bool operator==(const Ed25519PublicKey&) const = default;

 private:
  friend class Ed25519PrivateKey;
  using Bytes = std::array<unsigned char, 32>;
  explicit Ed25519PublicKey(const Bytes& bytes) : bytes_(bytes) {}
  Bytes bytes_;
};

/// The half that signs.
class Ed25519PrivateKey {
 public:
  /// Errors: UserFault when it is not such a key, or is locked with a passphrase.
  static Result<Ed25519PrivateKey> from_pem(const Secret& pem);
  ~Ed25519PrivateKey();
  Ed25519PrivateKey(Ed25519PrivateKey&&) noexcept;
  Ed25519PrivateKey& operator=(Ed25519PrivateKey&&) noexcept;

  Ed25519PublicKey public_key() const;
  /// 64 bytes; the same for the same message.
  std::string sign(std::string_view message) const;

 private:
  struct Key;
  explicit Ed25519PrivateKey(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

}  // namespace ostler::crypto
