// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.hpp"

#include <sys/random.h>

#include <algorithm>
#include <atomic>

#include "base/assert.hpp"
#include "base/clock.hpp"

namespace ostler {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_dash_place(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

/// The time in 1/4096 of a millisecond (RFC 9562, 6.2, method 3), never the same twice and never
/// less than before, even if the clock is set back.
std::uint64_t next_tick() {
  static std::atomic<std::uint64_t> last{0};
  const auto micros = static_cast<std::uint64_t>(SystemClock().now().micros);
  const std::uint64_t now = (micros / 1000) << 12 | (micros % 1000) * 4096 / 1000;
  std::uint64_t seen = last.load(std::memory_order_relaxed);
  std::uint64_t next = 0;
  do {
    next = std::max(now, seen + 1);
  } while (!last.compare_exchange_weak(seen, next, std::memory_order_relaxed));
  return next;
}

}  // namespace

Uuid Uuid::make() {
  Uuid uuid;
  OSTLER_ASSERT(::getrandom(uuid.bytes.data(), uuid.bytes.size(), 0) == 16);
  const std::uint64_t tick = next_tick();
  for (std::size_t i = 0; i < 6; ++i) {
    uuid.bytes[i] = static_cast<std::uint8_t>(tick >> (52 - 8 * i));
  }
  uuid.bytes[6] = static_cast<std::uint8_t>((tick >> 8 & 0x0F) | 0x70);
  uuid.bytes[7] = static_cast<std::uint8_t>(tick);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
  return uuid;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  std::size_t nibble = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (is_dash_place(at)) {
      if (text[at] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_value(text[at]);
    if (value < 0) return std::nullopt;
    auto& byte = uuid.bytes[nibble / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | value);
    ++nibble;
  }
  return uuid;
}

std::string Uuid::str() const {
  std::string text;
  text.reserve(36);
  for (const std::uint8_t byte : bytes) {
    if (is_dash_place(text.size())) text += '-';
    text += kHexDigits[byte >> 4];
    text += kHexDigits[byte & 15];
  }
  return text;
}

}  // namespace ostler
