// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "git/repository.hpp"
#include "git/watcher.hpp"

namespace ostler::git {

/// What `git clean` is to remove, in its letters.
struct CleanOptions {
  bool directories = true;          ///< -d: untracked directories too
  bool ignored = true;              ///< -x: files that .gitignore names too
  bool nested_repositories = true;  ///< -ff: untracked directories that are repositories too
};

/// Removes what the index does not know from the work tree. Never follows symbolic links.
/// Submodule directories are known and stay. Errors: Denied and others, with the path; Cancelled.
Result<void> clean(Repository& repository, const CleanOptions& options, Watcher& watcher);

}  // namespace ostler::git
