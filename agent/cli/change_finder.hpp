// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "environment/variables.hpp"
#include "pipeline/if_changed.hpp"

namespace ostler::cli {

/// How `pipeline upload` learns which files a build changes. Source: job-lifecycle 9.7.
struct ChangeSearch {
  std::string base;            ///< empty: the branch that the build is for
  std::string list;            ///< a file with one path a line, instead of asking git
  bool fetches_base = false;   ///< the base is downloaded before it is looked at
  environment::Variables job;  ///< of this process
};

/// Answers `if_changed` for all steps of an upload; looks for the changed files at the first one.
class ChangeFinder {
 public:
  explicit ChangeFinder(ChangeSearch search) : search_(std::move(search)) {}

  /// True, too, where it cannot be found out what has changed, which is said once on standard
  /// error. Errors: UserFault for a glob that cannot be read.
  Result<bool> has_changed(const pipeline::ChangedFileGlobs& globs);

 private:
  void find();
  Result<bool> is_matched(const pipeline::ChangedFileGlobs& globs);

  ChangeSearch search_;
  bool is_found_ = false;
  std::optional<std::vector<std::string>> paths_;
  std::map<pipeline::ChangedFileGlobs, bool> answers_;  ///< many steps have the same globs
};

}  // namespace ostler::cli
