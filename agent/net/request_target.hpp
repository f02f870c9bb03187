// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace ostler::net {

/// The target of a request, taken apart.
struct RequestTarget {
  /// The path split at '/' and only then decoded, so "jobs/a%2Fb" has the segments "jobs" and
  /// "a/b". Empty segments are left out: "/" has none.
  std::vector<std::string> segments;
  /// Decoded names and values in the order of the query; '+' reads as a space.
  std::vector<std::pair<std::string, std::string>> query;
};

/// Takes "/path?query" or "http://host/path?query" apart.
/// Errors: Protocol for a bad escape, a zero byte, or a target of another form.
Result<RequestTarget> parse_target(std::string_view target);

}  // namespace ostler::net
