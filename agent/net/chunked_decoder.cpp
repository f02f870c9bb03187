// SPDX-License-Identifier: Apache-2.0
#include "net/chunked_decoder.hpp"

#include <algorithm>
#include <utility>

#include "net/hex_digit.hpp"

namespace ostler::net {
namespace {

/// Digits of a size below 2^60.
constexpr std::size_t kMostDigits = 15;
/// Bytes of one chunk's extensions, or of all trailers.
constexpr std::size_t kMostSpent = 16u << 10;

}  // namespace

Result<ChunkedDecoder::Piece> ChunkedDecoder::read(std::string_view bytes, std::span<char> into) {
  Piece piece;
  while (piece.used < bytes.size() && place_ != Place::Done) {
    if (place_ != Place::Data) {
      if (!take_letter(bytes[piece.used])) {
        return Error(Errc::Protocol, "malformed chunked body").with_native(400);
      }
      ++piece.used;
      continue;
    }
    const std::size_t room = std::min(into.size() - piece.got, bytes.size() - piece.used);
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, room));
    if (size == 0) break;
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(piece.used), size,
                into.begin() + static_cast<std::ptrdiff_t>(piece.got));
    piece.used += size;
    piece.got += size;
    left_ -= size;
    if (left_ == 0) place_ = Place::DataEnd;
  }
  return piece;
}

/// One letter of what is not data; false when it may not stand there.
bool ChunkedDecoder::take_letter(char letter) {
  if (place_ == Place::Size && take_size_digit(letter)) return true;
  if (place_ == Place::Size) {
    if (digits_ == 0 || (letter != '\r' && letter != ';' && letter != ' ' && letter != '\t')) {
      return false;
    }
    place_ = Place::Extension;
    spent_ = 0;
  }
  return take_line_end(letter);
}

bool ChunkedDecoder::take_size_digit(char letter) {
  const int digit = hex_digit(letter);
  if (digit < 0 || digits_ == kMostDigits) return false;
  left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
  ++digits_;
  return true;
}

/// Reads on to a CRLF and goes to what follows it.
bool ChunkedDecoder::take_line_end(char letter) {
  if (!std::exchange(after_return_, letter == '\r' && !after_return_)) {
    if (letter == '\r') return true;
    if (letter == '\n' || place_ == Place::DataEnd || ++spent_ > kMostSpent) return false;
    line_is_empty_ = false;
    return true;
  }
  if (letter != '\n') return false;
  const bool was_empty = std::exchange(line_is_empty_, true);
  switch (place_) {
    case Place::Extension: place_ = left_ == 0 ? Place::Trailer : Place::Data; break;
    case Place::DataEnd: place_ = Place::Size; break;
    case Place::Trailer: place_ = was_empty ? Place::Done : Place::Trailer; break;
    case Place::Size:
    case Place::Data:
    case Place::Done: return false;
  }
  digits_ = 0;
  return true;
}

}  // namespace ostler::net
