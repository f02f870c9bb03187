// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "git/handles.hpp"
#include "git/snapshot.hpp"

namespace ostler::git {

/// The repository around `directory`. Errors: NotFound when there is none; UserFault when it has no
/// work tree.
Result<RepositoryHandle> open_work_tree(const std::filesystem::path& directory);

/// Where a repository keeps its objects, and its index.
Result<std::filesystem::path> objects_path(git_repository* repository);
Result<std::filesystem::path> index_path(git_repository* repository);

/// The place in which a snapshot is made: a bare repository that borrows `objects`.
Result<RepositoryHandle> make_snapshot_store(const std::filesystem::path& store,
                                             const std::filesystem::path& objects);

/// Points HEAD and the snapshot's branch to its commit, HEAD alone when git allows no such branch,
/// and gives the store the tags of `origin`.
/// Requires: the store has the commit.
Result<void> furnish_store(git_repository* store, git_repository* origin, const Snapshot& snapshot);

}  // namespace ostler::git
