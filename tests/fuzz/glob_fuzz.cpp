// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "artifact/glob.hpp"

// The first line is a pattern, the rest a path.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || size > 512) return 0;
  const auto glob = ostler::artifact::Glob::parse(text.substr(0, end), "/home/x");
  if (glob) static_cast<void>(glob.value().matches(text.substr(end + 1)));
  return 0;
}
