// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/rsa_key.hpp"
#include "wire/oidc.hpp"

namespace ostler::hub {

/// Signs identity tokens of jobs, and tells others how to check them. Its key pair is made at the
/// first use and kept in a file. Thread-safe.
/// Runs on: a thread that may block, for the key may have to be read or made.
class OidcIssuer {
 public:
  /// `url`: the hub's public URL without a slash at its end; the issuer of the tokens.
  OidcIssuer(std::filesystem::path key_file, std::string url)
      : key_file_(std::move(key_file)), url_(std::move(url)) {}

  const std::string& url() const { return url_; }
  /// The signed token. Errors: those of reading or writing the key file; Corrupt when it is none.
  Result<Secret> sign(const wire::OidcClaims& claims);
  /// The JSON web key set. Errors: as `sign`.
  Result<std::string> key_set();
  /// The discovery document.
  std::string configuration() const;

 private:
  struct Signer {
    crypto::RsaKey key;
    wire::SigningKey public_key;
  };
  Result<const Signer*> signer();
  Result<crypto::RsaKey> read_or_make() const;

  std::filesystem::path key_file_;
  std::string url_;
  std::mutex mutex_;  ///< guards the making of signer_, which never changes afterwards
  std::optional<Signer> signer_;
};

}  // namespace ostler::hub
