// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ostler::model {

/// The meta-data in which the first job of a build tells which commit it found.
inline constexpr std::string_view kToldCommitKey = "buildkite:git:commit";

struct ToldCommit {
  std::string id;
  std::string message;  ///< its subject, and its body behind an empty line; empty: not told
};

/// Reads "commit ID", lines of headers, an empty line, and the message, each line indented by four
/// spaces. None: there is no full commit id in it. Source: job-lifecycle, 2.12.
std::optional<ToldCommit> told_commit(std::string_view text);

/// Whether it is a commit's full id, and no name such as HEAD, a branch or a tag.
bool is_commit_id(std::string_view commit);

}  // namespace ostler::model
