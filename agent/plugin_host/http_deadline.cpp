// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_deadline.hpp"

#include <algorithm>
#include <charconv>

namespace ostler::plugin_host {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds::rep kLongestTime = 24 * 3600 * 1000;

}  // namespace

Result<milliseconds> read_deadline(const std::string& text) {
  milliseconds::rep number = -1;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end || number < 0) {
    return Error(Errc::UserFault, "a deadline is a whole number from 0: " + text);
  }
  return milliseconds(std::min(number, kLongestTime));
}

}  // namespace ostler::plugin_host
