// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace ostler::plugin_host {

/// Reads structs and texts out of bytes that may be anything.
class ElfBytes {
 public:
  explicit ElfBytes(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  /// Up to its NUL; empty when there is none.
  std::string text(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    const std::string_view rest = bytes_.substr(offset, 4096);
    const std::size_t end = rest.find('\0');
    return end == rest.npos ? std::string() : std::string(rest.substr(0, end));
  }

 private:
  std::string_view bytes_;
};

}  // namespace ostler::plugin_host
