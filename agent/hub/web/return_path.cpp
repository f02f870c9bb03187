// SPDX-License-Identifier: Apache-2.0
#include "hub/web/return_path.hpp"

#include <algorithm>

namespace ostler::hub {
namespace {

constexpr std::size_t kLongest = 1'000;

/// Browsers leave tabs and ends of lines out, and take '\' for '/'.
bool can_mislead(unsigned char c) { return c <= ' ' || c >= 0x7f || c == '\\'; }

}  // namespace

std::string return_path(std::string_view wanted) {
  const bool is_path = wanted.starts_with('/') && !wanted.starts_with("//");
  const bool stays = is_path && std::ranges::none_of(wanted, can_mislead);
  return stays && wanted.size() <= kLongest ? std::string(wanted) : "/";
}

}  // namespace ostler::hub
