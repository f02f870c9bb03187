// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace ostler {

/// Appends integers (little endian) and texts (u32 size, then the bytes) to a string.
class ByteWriter {
 public:
  template <std::unsigned_integral T>
  void put(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bytes_.push_back(static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i))));
    }
  }
  template <std::signed_integral T>
  void put(T value) {
    put(static_cast<std::make_unsigned_t<T>>(value));
  }
  /// Requires: at most 2^32 - 1 bytes.
  void put(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    bytes_.append(text);
  }
  /// Appends bytes as they are, without a size.
  void put_raw(std::string_view bytes) { bytes_.append(bytes); }

  std::string_view bytes() const { return bytes_; }
  std::string take() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Reads back what a ByteWriter wrote. Reading past the end gives zeros and empty texts, and
/// `ok()` is false from then on: read every field, then ask once.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  void get(T& value) {
    value = 0;
    const std::string_view bytes = take(sizeof(T));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes[i]);
      value = static_cast<T>(value | static_cast<T>(T{byte} << (8 * i)));
    }
  }
  template <std::signed_integral T>
  void get(T& value) {
    std::make_unsigned_t<T> raw = 0;
    get(raw);
    value = static_cast<T>(raw);
  }
  void get(std::string_view& text) {
    std::uint32_t size = 0;
    get(size);
    text = take(size);
  }
  void get(std::string& text) {
    std::string_view view;
    get(view);
    text.assign(view);
  }

  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view take(std::size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace ostler
