// SPDX-License-Identifier: Apache-2.0
#include "console/character_width.hpp"

#include <algorithm>
#include <array>

namespace ostler::console {
namespace {

struct Block {
  char32_t first = 0;
  char32_t last = 0;
};

constexpr std::array kJoining = {
    Block{0x0300, 0x036F}, Block{0x0483, 0x0489}, Block{0x0591, 0x05BD},   Block{0x064B, 0x065F},
    Block{0x1AB0, 0x1AFF}, Block{0x1DC0, 0x1DFF}, Block{0x200B, 0x200D},   Block{0x20D0, 0x20FF},
    Block{0xFE00, 0xFE0F}, Block{0xFE20, 0xFE2F}, Block{0xE0100, 0xE01EF},
};
constexpr std::array kWide = {
    Block{0x1100, 0x115F},   Block{0x231A, 0x231B},   Block{0x23E9, 0x23EC},
    Block{0x2614, 0x2615},   Block{0x26A1, 0x26A1},   Block{0x26D4, 0x26D4},
    Block{0x2705, 0x2705},   Block{0x2728, 0x2728},   Block{0x274C, 0x274C},
    Block{0x2753, 0x2755},   Block{0x2B50, 0x2B50},   Block{0x2E80, 0x303E},
    Block{0x3041, 0xA4CF},   Block{0xA960, 0xA97F},   Block{0xAC00, 0xD7A3},
    Block{0xF900, 0xFAFF},   Block{0xFE30, 0xFE6F},   Block{0xFF00, 0xFF60},
    Block{0xFFE0, 0xFFE6},   Block{0x1F18E, 0x1F19A}, Block{0x1F200, 0x1F265},
    Block{0x1F300, 0x1F64F}, Block{0x1F680, 0x1F6FC}, Block{0x1F7E0, 0x1F7EB},
    Block{0x1F900, 0x1FAFF}, Block{0x20000, 0x3FFFD},
};

template <std::size_t Count>
bool is_in(const std::array<Block, Count>& blocks, char32_t character) {
  const auto behind = std::ranges::upper_bound(blocks, character, {}, &Block::first);
  return behind != blocks.begin() && character <= std::prev(behind)->last;
}

}  // namespace

std::size_t character_width(char32_t character) {
  if (is_in(kJoining, character)) return 0;
  return is_in(kWide, character) ? 2 : 1;
}

}  // namespace ostler::console
