// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

// Files of a step that programs of ours work on. A step may put links in any place at any moment:
// what it names is opened once, and the open descriptor is what counts from then on.
namespace ostler::plugin_host {

/// A directory whose files a step may read; absolute.
struct StepRoot {
  std::string path;
  bool may_write = false;
};
/// The first is where relative paths begin.
using StepRoots = std::vector<StepRoot>;
/// Of what a box may touch: absolute path, "read" or "write". The workspace first, when the step
/// may read it.
StepRoots roots_of(const std::vector<std::pair<std::string, std::string>>& paths);

/// A regular file beneath a root, wherever links in it lead.
/// Errors: UserFault for a path beyond the roots, and what is no regular file; NotFound; others of
/// the file system.
Result<UniqueFd> open_readable_file(const StepRoots& roots, const std::string& path);

/// A directory beneath a root. The descriptor serves as a place only. Errors: as above.
Result<UniqueFd> open_readable_directory(const StepRoots& roots, const std::string& path);

/// The same, in which the step may write. Errors: as above; Denied when the step may not write
/// there.
Result<UniqueFd> open_writable_directory(const StepRoots& roots, const std::string& path);

}  // namespace ostler::plugin_host
