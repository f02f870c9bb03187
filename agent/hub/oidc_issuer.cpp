// SPDX-License-Identifier: Apache-2.0
#include "hub/oidc_issuer.hpp"

#include "base/base64.hpp"
#include "crypto/digest.hpp"
#include "files/file.hpp"

namespace ostler::hub {
namespace {

constexpr std::size_t kLargestKeyFile = 64u << 10;
constexpr std::size_t kKeyIdSize = 32;

}  // namespace

Result<Secret> OidcIssuer::sign(const wire::OidcClaims& claims) {
  OSTLER_TRY(const Signer* signer_of_all, signer());
  const std::string signed_part =
      base64_url(wire::encode_token_header(signer_of_all->public_key.id)) + "." +
      base64_url(wire::encode(claims));
  return Secret(signed_part + "." + base64_url(signer_of_all->key.sign(signed_part)));
}

Result<std::string> OidcIssuer::key_set() {
  OSTLER_TRY(const Signer* signer_of_all, signer());
  return wire::encode_key_set(signer_of_all->public_key);
}

std::string OidcIssuer::configuration() const {
  return wire::encode_issuer(url_, url_ + "/.well-known/jwks");
}

Result<const OidcIssuer::Signer*> OidcIssuer::signer() {
  const std::lock_guard lock(mutex_);
  if (!signer_) {
    OSTLER_TRY(auto key, read_or_make());
    const std::string modulus = key.modulus();
    wire::SigningKey public_key{.id = crypto::sha256_hex(modulus).substr(0, kKeyIdSize),
                                .modulus = base64_url(modulus),
                                .exponent = base64_url(key.exponent())};
    signer_.emplace(Signer{std::move(key), std::move(public_key)});
  }
  return &*signer_;
}

Result<crypto::RsaKey> OidcIssuer::read_or_make() const {
  auto kept = files::read_file(key_file_, kLargestKeyFile);
  if (kept) {
    auto key = crypto::RsaKey::from_pem(Secret(std::move(kept).value()));
    if (!key) return std::move(key).error().with_context(key_file_.string());
    return key;
  }
  if (kept.error().code() != Errc::NotFound) return std::move(kept).error();
  auto fresh = crypto::RsaKey::make();
  OSTLER_TRY(files::write_file_atomically(key_file_, fresh.pem().reveal(), 0600, files::Sync::Yes));
  return fresh;
}

}  // namespace ostler::hub
