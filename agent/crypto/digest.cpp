// SPDX-License-Identifier: Apache-2.0
#include "crypto/digest.hpp"

#include <openssl/evp.h>

#include <array>

#include "base/assert.hpp"
#include "crypto/hex.hpp"

namespace ostler::crypto {

namespace {

const EVP_MD* kind_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::Md5: return EVP_md5();
    case Algorithm::Sha1: return EVP_sha1();
    case Algorithm::Sha256: return EVP_sha256();
  }
  return EVP_sha256();
}

}  // namespace

struct Digest::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

Digest::Digest(Algorithm algorithm) : context_(std::make_unique<Context>()) {
  OSTLER_ASSERT(EVP_DigestInit_ex(context_->evp, kind_of(algorithm), nullptr) == 1);
}

Digest::~Digest() = default;
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;

void Digest::update(std::string_view bytes) {
  OSTLER_ASSERT(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1);
}

std::string Digest::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw;
  unsigned size = 0;
  OSTLER_ASSERT(EVP_DigestFinal_ex(context_->evp, raw.data(), &size) == 1);
  return {reinterpret_cast<const char*>(raw.data()), size};
}

std::string Digest::finish_hex() {
  const std::string raw = finish();
  return to_hex(std::span(reinterpret_cast<const unsigned char*>(raw.data()), raw.size()));
}

std::string sha256_hex(std::string_view bytes) {
  Digest digest(Algorithm::Sha256);
  digest.update(bytes);
  return digest.finish_hex();
}

}  // namespace ostler::crypto
