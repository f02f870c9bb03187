// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/exact_number.hpp"

#include <algorithm>
#include <charconv>

namespace ostler::plugin_host {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::size_t kMostDigitsOfDivisor = 37;  // ten times as much still is less than 2^128
/// Beyond every double: no number that is read has such an exponent.
constexpr std::int64_t kLargestExponent = 1'000'000'000;

std::int64_t exponent_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::int64_t sign = text.starts_with('-') ? -1 : 1;
  if (sign < 0) text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (problem != std::errc()) exponent = kLargestExponent;
  return sign * std::min(exponent, kLargestExponent);
}

}  // namespace

ExactNumber::ExactNumber(std::string_view text) {
  is_negative_ = text.starts_with('-');
  if (is_negative_) text.remove_prefix(1);
  const std::size_t e = text.find_first_of("eE");
  if (e != text.npos) exponent_ = exponent_of(text.substr(e + 1));
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = mantissa.find('.');
  digits_ = mantissa.substr(0, point);
  if (point != mantissa.npos) {
    const std::string_view fraction = mantissa.substr(point + 1);
    digits_ += fraction;
    exponent_ -= static_cast<std::int64_t>(fraction.size());
  }
  digits_.erase(0, std::min(digits_.find_first_not_of('0'), digits_.size()));
  const std::size_t end = digits_.find_last_not_of('0') + 1;
  exponent_ += static_cast<std::int64_t>(digits_.size() - end);
  digits_.resize(end);
  if (!digits_.empty()) return;
  is_negative_ = false;
  exponent_ = 0;
}

std::strong_ordering ExactNumber::magnitude_against(const ExactNumber& other) const {
  if (digits_.empty() || other.digits_.empty()) return !digits_.empty() <=> !other.digits_.empty();
  const auto places = [](const ExactNumber& number) {
    return static_cast<std::int64_t>(number.digits_.size()) + number.exponent_;
  };
  if (places(*this) != places(other)) return places(*this) <=> places(other);
  return digits_ <=> other.digits_;
}

std::strong_ordering operator<=>(const ExactNumber& a, const ExactNumber& b) {
  if (a.is_negative_ != b.is_negative_) return b.is_negative_ <=> a.is_negative_;
  return a.is_negative_ ? b.magnitude_against(a) : a.magnitude_against(b);
}

std::optional<std::int64_t> ExactNumber::as_int64() const {
  constexpr std::int64_t kMostPlaces = 19;
  const auto places = static_cast<std::int64_t>(digits_.size()) + exponent_;
  if (!is_whole() || places > kMostPlaces) return std::nullopt;
  std::string text = (is_negative_ ? "-" : "") + (digits_.empty() ? "0" : digits_);
  text.append(static_cast<std::size_t>(exponent_), '0');
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

/// The digits of this one end on no zero, so that they are no multiple of ten.
std::optional<bool> ExactNumber::is_multiple_of(const ExactNumber& divisor) const {
  const std::string& by = divisor.digits_;
  if (by.empty() || divisor.is_negative_ || by.size() > kMostDigitsOfDivisor) return std::nullopt;
  if (digits_.empty()) return true;
  const std::int64_t zeros = exponent_ - divisor.exponent_;
  if (zeros < 0) return false;
  const auto append = [](Wide number, char digit) {
    return number * 10 + static_cast<unsigned>(digit - '0');
  };
  Wide divisor_digits = 0;
  for (const char digit : by) divisor_digits = append(divisor_digits, digit);
  Wide rest = 0;
  for (const char digit : digits_) rest = append(rest, digit) % divisor_digits;
  // A divisor of 128 bits has no more factors of ten than that.
  const std::int64_t steps = std::min<std::int64_t>(zeros, 128);
  for (std::int64_t i = 0; i < steps && rest != 0; ++i) rest = append(rest, '0') % divisor_digits;
  return rest == 0;
}

}  // namespace ostler::plugin_host
