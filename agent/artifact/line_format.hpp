// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/agent_api_artifacts.hpp"

namespace ostler::artifact {

/// How `artifact search` prints what it found: %i id, %p path, %c time of creation (RFC 3339, UTC),
/// %j job id, %s size in bytes, %S SHA-1, %T SHA-256, %u URL; any other `%` stands for itself.
class LineFormat {
 public:
  /// Reads a format in which backslash escapes stand for control characters, as a shell passes
  /// them. Errors: UserFault for an escape that is not known.
  static Result<LineFormat> parse(std::string_view text);

  std::string line_of(const wire::Artifact& artifact) const;

 private:
  explicit LineFormat(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace ostler::artifact
