// SPDX-License-Identifier: Apache-2.0
#include "crypto/random.hpp"

#include <sys/random.h>

#include "base/assert.hpp"
#include "base/base64.hpp"

namespace ostler::crypto {

std::string random_bytes(std::size_t size) {
  OSTLER_ASSERT(size <= 256);
  std::string bytes(size, '\0');
  OSTLER_ASSERT(::getrandom(bytes.data(), size, 0) == static_cast<ssize_t>(size));
  return bytes;
}

std::string random_token(std::size_t bytes) { return base64_url(random_bytes(bytes)); }

}  // namespace ostler::crypto
