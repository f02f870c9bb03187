// SPDX-License-Identifier: Apache-2.0
// Input: secrets, one per NUL-ended text, an empty one ends them; the rest is output, cut into
// writes by its own bytes. However it is cut, the result is that of one write.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "redact/redactor.hpp"

using ostler::redact::NeedleSet;
using ostler::redact::Redactor;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  NeedleSet needles;
  while (!input.empty() && input.front() != '\0') {
    const std::size_t end = std::min(input.find('\0'), input.size());
    needles.add(input.substr(0, end));
    input.remove_prefix(std::min(end + 1, input.size()));
  }
  std::string whole;
  Redactor in_one(needles);
  in_one.write(input, whole);
  in_one.flush(whole);

  std::string pieces;
  Redactor in_pieces(needles);
  while (!input.empty()) {
    const std::size_t cut =
        std::min<std::size_t>(input.size(), 1 + static_cast<unsigned char>(input.front()) % 7);
    in_pieces.write(input.substr(0, cut), pieces);
    input.remove_prefix(cut);
  }
  in_pieces.flush(pieces);
  if (whole != pieces) std::abort();
  return 0;
}
