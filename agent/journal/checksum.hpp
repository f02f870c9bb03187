// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace ostler::journal {

/// CRC-32 (that of gzip) of `bytes`, going on from the one of the bytes before.
std::uint32_t crc32_of(std::string_view bytes, std::uint32_t before = 0);

}  // namespace ostler::journal
