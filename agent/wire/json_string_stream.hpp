// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace ostler::wire {

/// Turns bytes that arrive in pieces into the inside of a JSON string. The output is valid UTF-8:
/// each malformed sequence becomes U+FFFD, also when a piece ends inside a character.
class JsonStringStream {
 public:
  /// Appends what `bytes` become to `out`, except an unfinished character at their end.
  void append(std::string_view bytes, std::string& out);
  /// Ends the string: an unfinished character becomes U+FFFD.
  void finish(std::string& out);

 private:
  std::string_view complete_carried(std::string_view bytes, std::string& out);

  std::array<char, 4> carried_{};
  std::size_t carried_size_ = 0;
};

}  // namespace ostler::wire
