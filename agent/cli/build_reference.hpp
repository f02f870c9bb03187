// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::cli {

/// Which build, or which job of one, somebody means, as far as the words tell.
struct BuildReference {
  std::string hub{};           ///< "https://host:port" of a URL; empty: the hub that is spoken to
  std::string organization{};  ///< slug; empty: the one that is spoken to
  std::string pipeline{};  ///< slug; empty: the pipeline of this checkout, unless there is an id
  std::optional<std::int64_t> number{};  ///< none: the newest build, unless there is an id
  std::string id{};                      ///< of a build or of a job; empty: none
  std::string job{};  ///< id of the job that a URL names within its build; empty: none

  bool operator==(const BuildReference&) const = default;
};

/// How a build can be named, for `--help`.
inline constexpr const char* kBuildReferenceHelp =
    "Which build: PIPELINE/NUMBER, #NUMBER or NUMBER (of this checkout's pipeline), PIPELINE (its "
    "newest, of this branch when in its checkout), an id or its first 8 digits or more, or a URL; "
    "nothing: the newest of this "
    "branch";

/// Reads what kBuildReferenceHelp lists, and a job's id or URL.
/// Errors: UserFault, saying what is expected.
Result<BuildReference> parse_build_reference(std::string_view text);

}  // namespace ostler::cli
