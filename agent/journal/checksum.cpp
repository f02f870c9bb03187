// SPDX-License-Identifier: Apache-2.0
#include "journal/checksum.hpp"

#include <libdeflate.h>

namespace ostler::journal {

std::uint32_t crc32_of(std::string_view bytes, std::uint32_t before) {
  // For a null pointer libdeflate answers the initial value, whatever came before.
  if (bytes.empty()) return before;
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

}  // namespace ostler::journal
