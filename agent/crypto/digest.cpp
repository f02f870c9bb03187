// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/assert.hpp"

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
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(std::size_t{size} * 2);
  for (unsigned i = 0; i < size; ++i) {
    hex += kHexDigits[raw[i] >> 4];
    hex += kHexDigits[raw[i] & 15];
  }
  return hex;
}

std::string sha256_hex(std::string_view bytes) {
  Digest digest(Algorithm::Sha256);
  digest.update(bytes);
  return digest.finish_hex();
}

}  // namespace ostler::crypto
