// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

namespace ostler::net {

/// Takes the chunked coding off a body, in pieces of any size. Extensions and trailers are read
/// past. Source: RFC 9112, 7.1.
///
///   Size --digits--> Extension --CRLF--> Data --all--> DataEnd --CRLF--> Size
///                        +--CRLF of size 0--> Trailer --line--> Trailer --empty line--> Done
class ChunkedDecoder {
 public:
  struct Piece {
    std::size_t used = 0;  ///< of the bytes given: not to be given again
    std::size_t got = 0;   ///< bytes of the body put into `into`
  };
  /// Goes on until the bytes, the room in `into` or the body end.
  /// Errors: Protocol with native 400.
  Result<Piece> read(std::string_view bytes, std::span<char> into);

  bool is_done() const { return place_ == Place::Done; }

 private:
  enum class Place : std::uint8_t { Size, Extension, Data, DataEnd, Trailer, Done };

  bool take_letter(char letter);
  bool take_size_digit(char letter);
  bool take_line_end(char letter);

  std::uint64_t left_ = 0;  ///< of the chunk
  std::size_t digits_ = 0;  ///< of the size
  std::size_t spent_ = 0;   ///< bytes of extensions or trailers
  bool after_return_ = false;
  bool line_is_empty_ = true;
  Place place_ = Place::Size;
};

}  // namespace ostler::net
