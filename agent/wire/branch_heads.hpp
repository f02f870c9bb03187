// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/branch_head.hpp"

namespace ostler::wire {

/// What a process that lists the branches of a repository writes: them, or why it failed.
std::string encode_branch_heads(const Result<std::vector<model::BranchHead>>& heads);
/// Errors: the one that was written; Protocol when the text is none of this.
Result<std::vector<model::BranchHead>> decode_branch_heads(std::string_view json);

}  // namespace ostler::wire
