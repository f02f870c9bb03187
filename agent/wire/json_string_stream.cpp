// SPDX-License-Identifier: Apache-2.0
#include "wire/json_string_stream.hpp"

#include <algorithm>
#include <cstdint>

namespace ostler::wire {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0x20; byte < 0x80; ++byte) plain[byte] = byte != '"' && byte != '\\';
  return plain;
}();

std::uint8_t octet(char byte) { return static_cast<std::uint8_t>(byte); }

void append_ascii(char byte, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (byte) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  if (octet(byte) >= 0x20) {
    out += byte;
    return;
  }
  out += "\\u00";
  out += kHex[octet(byte) >> 4];
  out += kHex[octet(byte) & 15];
}

/// How many bytes the character that begins with `lead` has; 0 when none begins so.
std::size_t sequence_size(char lead) {
  const std::uint8_t byte = octet(lead);
  if (byte < 0x80) return 1;
  if (byte >= 0xC2 && byte <= 0xDF) return 2;
  if (byte >= 0xE0 && byte <= 0xEF) return 3;
  if (byte >= 0xF0 && byte <= 0xF4) return 4;
  return 0;
}

/// Whether `byte` may be the second byte after `lead` (Unicode standard, table 3-7).
bool is_second(char lead, char byte) {
  const std::uint8_t second = octet(byte);
  switch (octet(lead)) {
    case 0xE0: return second >= 0xA0 && second <= 0xBF;
    case 0xED: return second >= 0x80 && second <= 0x9F;
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return second >= 0x80 && second <= 0xBF;
  }
}

struct Sequence {
  std::size_t size;  // bytes that belong together
  enum class Kind { Whole, Malformed, Unfinished } kind;
};

/// What the non-empty `bytes` begin with.
Sequence first_sequence(std::string_view bytes) {
  const std::size_t size = sequence_size(bytes.front());
  if (size == 0) return {1, Sequence::Kind::Malformed};
  std::size_t have = 1;
  while (have < size && have < bytes.size()) {
    const bool fits =
        have == 1 ? is_second(bytes[0], bytes[1]) : (octet(bytes[have]) & 0xC0) == 0x80;
    if (!fits) return {have, Sequence::Kind::Malformed};
    ++have;
  }
  return {have, have == size ? Sequence::Kind::Whole : Sequence::Kind::Unfinished};
}

}  // namespace

void JsonStringStream::append(std::string_view bytes, std::string& out) {
  bytes = complete_carried(bytes, out);
  while (!bytes.empty()) {
    const auto plain_end =
        std::find_if_not(bytes.begin(), bytes.end(), [](char c) { return kPlain[octet(c)]; });
    out.append(bytes.begin(), plain_end);
    bytes.remove_prefix(static_cast<std::size_t>(plain_end - bytes.begin()));
    if (bytes.empty()) return;
    const Sequence sequence = first_sequence(bytes);
    if (sequence.kind == Sequence::Kind::Unfinished) {
      std::copy(bytes.begin(), bytes.end(), carried_.begin());
      carried_size_ = bytes.size();
      return;
    }
    if (sequence.kind == Sequence::Kind::Malformed) {
      out += kReplacement;
    } else if (sequence.size == 1) {
      append_ascii(bytes.front(), out);
    } else {
      out += bytes.substr(0, sequence.size);
    }
    bytes.remove_prefix(sequence.size);
  }
}

/// Ends the carried character with the first bytes of `bytes`; the rest of `bytes`.
std::string_view JsonStringStream::complete_carried(std::string_view bytes, std::string& out) {
  while (carried_size_ > 0 && !bytes.empty()) {
    carried_[carried_size_] = bytes.front();
    const std::string_view together(carried_.data(), carried_size_ + 1);
    const Sequence sequence = first_sequence(together);
    if (sequence.kind == Sequence::Kind::Malformed) {
      out += kReplacement;
      carried_size_ = 0;
      return bytes;
    }
    bytes.remove_prefix(1);
    ++carried_size_;
    if (sequence.kind == Sequence::Kind::Whole) {
      out += together;
      carried_size_ = 0;
    }
  }
  return bytes;
}

void JsonStringStream::finish(std::string& out) {
  if (carried_size_ > 0) out += kReplacement;
  carried_size_ = 0;
}

}  // namespace ostler::wire
