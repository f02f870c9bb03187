// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace ostler::git {

/// A work tree as it was at one moment, as a commit.
struct Snapshot {
  std::string commit;             ///< 40 hex
  std::string branch;             ///< the branch that was checked out; "HEAD" when none was
  std::string subject;            ///< first line of the commit's message
  std::size_t changed_files = 0;  ///< against the last commit; 0: `commit` is that commit
};

/// Makes a bare repository at `store` in which HEAD is the work tree of the repository around
/// `directory`: the last commit with the changes of tracked files, and with untracked files unless
/// they are ignored, committed on top. It borrows the objects that are there already; nothing is
/// written to the repository itself.
/// Requires: `store` does not exist, its parent does; a Library lives.
/// Errors: NotFound when `directory` is in no repository; UserFault when that has no work tree;
/// Denied when the repository or a file belongs to somebody else; Conflict while a merge is
/// unresolved.
Result<Snapshot> take_snapshot(const std::filesystem::path& directory,
                               const std::filesystem::path& store);

/// The same of a commit that the repository around `directory` has; none when it does not have it,
/// or there is no repository.
/// `branch` is what the commit counts as the head of.
Result<std::optional<Snapshot>> snapshot_of_commit(const std::filesystem::path& directory,
                                                   const std::string& commit,
                                                   const std::string& branch,
                                                   const std::filesystem::path& store);

}  // namespace ostler::git
