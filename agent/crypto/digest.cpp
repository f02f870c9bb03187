// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/assert.hpp"
#include "crypto/hex.hpp"

namespace ostler::crypto {

struct Digest::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

Digest::Digest(Algorithm algorithm) : context_(std::make_unique<Context>()) {
  const EVP_MD* kind = algorithm == Algorithm::Sha1 ? EVP_sha1() : EVP_sha256();
  OSTLER_ASSERT(EVP_DigestInit_ex(context_->evp, kind, nullptr) == 1);
}

Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(std::string_view bytes) {
  OSTLER_ASSERT(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1);
}

std::string Digest::finish_hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw;
  unsigned size = 0;
  OSTLER_ASSERT(EVP_DigestFinal_ex(context_->evp, raw.data(), &size) == 1);
  return to_hex(std::span(raw).first(size));
}

std::string sha256_hex(std::string_view bytes) {
  Digest digest(Algorithm::Sha256);
  digest.update(bytes);
  return digest.finish_hex();
}

}  // namespace ostler::crypto
