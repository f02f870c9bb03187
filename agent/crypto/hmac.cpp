// SPDX-License-Identifier: Apache-2.0
#include "crypto/hmac.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/assert.hpp"
#include "crypto/hex.hpp"

namespace ostler::crypto {

std::string hmac_sha256(const Secret& key, std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> code{};
  unsigned size = 0;
  const std::string& text = key.reveal();
  const auto* done = ::HMAC(EVP_sha256(), text.data(), static_cast<int>(text.size()),
                            reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                            code.data(), &size);
  OSTLER_ASSERT(done != nullptr);
  return {reinterpret_cast<const char*>(code.data()), size};
}

std::string hmac_sha256_hex(const Secret& key, std::string_view message) {
  const std::string code = hmac_sha256(key, message);
  return to_hex(std::span(reinterpret_cast<const unsigned char*>(code.data()), code.size()));
}

}  // namespace ostler::crypto
