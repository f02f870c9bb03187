// SPDX-License-Identifier: Apache-2.0
#include "object_store/duration.hpp"

#include <charconv>
#include <cstdint>

namespace ostler::object_store {

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr std::uint32_t kMost = 1'000'000;
  std::chrono::seconds total{0};
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc() || number > kMost) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const char unit = text.empty() ? '\0' : text.front();
    if (unit != 'h' && unit != 'm' && unit != 's') return std::nullopt;
    total += std::chrono::seconds(number) * (unit == 'h' ? 3600 : unit == 'm' ? 60 : 1);
    text.remove_prefix(1);
  }
  if (total.count() == 0) return std::nullopt;
  return total;
}

}  // namespace ostler::object_store
