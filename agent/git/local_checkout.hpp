// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace ostler::git {

/// The repository that somebody works in, as far as its configuration tells.
struct LocalCheckout {
  std::filesystem::path work_tree;
  std::string branch;                ///< the one that is checked out; empty: none is
  std::vector<std::string> remotes;  ///< their addresses, that of origin first
};

/// The work tree around `directory`; none when there is none.
/// Requires: a Library lives. Errors: Denied when it belongs to another user; Corrupt.
Result<std::optional<LocalCheckout>> find_local_checkout(const std::filesystem::path& directory);

}  // namespace ostler::git
