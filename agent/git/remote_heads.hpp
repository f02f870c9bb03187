// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/watcher.hpp"
#include "model/branch_head.hpp"

namespace ostler::git {

/// The branches of the repository at `url` and where they are, sorted by name, without downloading
/// anything. Finds credentials as fetch does.
/// Errors: those of fetch; UserFault when there are more than `limit`. Requires: a Library lives.
Result<std::vector<model::BranchHead>> list_remote_heads(const std::string& url, std::size_t limit,
                                                         Watcher& watcher);

}  // namespace ostler::git
