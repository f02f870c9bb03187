// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "git/repository.hpp"

namespace ostler::git {

struct ChangedFiles {
  std::string since;               ///< the commit against which HEAD was held
  bool of_last_commit = false;     ///< HEAD is in the history of the base
  std::vector<std::string> paths;  ///< below the root of the repository, "/" between; each once
};

/// The files in which HEAD differs from the commit where its history left that of `base` (any
/// revision): new, changed and deleted ones, of a moved one both names. Where HEAD is in the
/// history of `base` itself, those in which it differs from its first parent. Errors: NotFound when
/// there is no such revision, no common commit, or a commit between is not there, as in a shallow
/// clone; Corrupt.
Result<ChangedFiles> changed_files(const Repository& repository, const std::string& base);

}  // namespace ostler::git
