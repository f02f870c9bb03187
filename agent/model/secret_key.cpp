// SPDX-License-Identifier: Apache-2.0
#include "model/secret_key.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

namespace ostler::model {

bool is_secret_key(std::string_view key) {
  constexpr std::size_t kLongest = 255;
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyz0123456789_";
  const std::string lower = lower_case(key);
  return !key.empty() && key.size() <= kLongest && kLetters.find(lower[0]) != kLetters.npos &&
         lower.find_first_not_of(kWord) == lower.npos && !lower.starts_with("bk") &&
         !lower.starts_with("buildkite");
}

Result<void> check_secret_value(std::string_view value) {
  if (value.empty()) return Error(Errc::UserFault, "the value of a secret must not be empty");
  if (value.size() > kLongestSecretValue) {
    return Error(Errc::UserFault, "the value of a secret has at most 64 KiB");
  }
  if (valid_utf8_prefix(value) == value.size()) return success();
  return Error(Errc::UserFault,
               "the value of a secret is text in UTF-8 without NUL; encode bytes, in Base64 say");
}

}  // namespace ostler::model
