// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "git/handles.hpp"

namespace ostler::git {

/// The words of a commit, raw as stored.
struct CommitDescription {
  std::string id;              ///< 40 hex
  std::string abbreviated_id;  ///< at least 7 hex, unique in the repository
  std::string author_name;
  std::string author_email;
  std::string message;
};

/// One repository on this machine, with or without a work tree. Ids are 40 lower-case hex.
/// Not thread-safe. Requires: a Library lives.
class Repository {
 public:
  /// Opens the repository whose git directory or work tree is exactly `directory`.
  /// Errors: NotFound; Denied when it belongs to another user; Corrupt.
  static Result<Repository> open(const std::filesystem::path& directory);

  /// Makes an empty repository without a work tree, its origin `url`.
  static Result<Repository> create_bare(const std::filesystem::path& directory,
                                        const std::string& url);

  /// Makes an empty repository with a work tree in `directory`, which may hold files already; its
  /// origin is `url`, and it borrows the objects in `objects` instead of having its own.
  /// Killed half-way it leaves no `.git`.
  static Result<Repository> create_borrowing(const std::filesystem::path& directory,
                                             const std::string& url,
                                             const std::filesystem::path& objects);

  std::filesystem::path git_directory() const;
  std::filesystem::path objects_directory() const { return git_directory() / "objects"; }
  /// Empty for a bare repository.
  std::filesystem::path work_tree() const;

  /// The URL of origin as configured; none when there is no origin.
  Result<std::optional<std::string>> origin() const;
  Result<void> set_origin(const std::string& url);

  bool has_commit(const std::string& id) const;
  /// The commit that a full or abbreviated id, a tag, a branch or a name beginning "refs/" means,
  /// in this order. Errors: NotFound; Conflict when an abbreviation means several.
  Result<std::string> resolve(const std::string& revision) const;
  /// The commit at a full reference name such as "refs/heads/main" or "HEAD"; none if there is no
  /// such reference or it leads to no commit.
  std::optional<std::string> commit_at(const std::string& reference) const;
  /// Whether HEAD names an object that is not there: the repository has lost some of its content.
  bool has_lost_head() const;
  /// Whether `ancestor` is `descendant` or reachable from it.
  Result<bool> is_ancestor(const std::string& ancestor, const std::string& descendant) const;
  Result<CommitDescription> describe(const std::string& commit) const;

  /// Points HEAD at a branch, whether or not that exists.
  Result<void> set_head(const std::string& reference);
  /// Points HEAD at a commit, on no branch.
  Result<void> detach_head(const std::string& commit);

  /// For the other files of this room.
  git_repository* native() const { return repository_.get(); }

 private:
  explicit Repository(RepositoryHandle repository) : repository_(std::move(repository)) {}
  RepositoryHandle repository_;
};

/// Whether `text` is a whole object id: 40 hex digits.
bool is_full_id(std::string_view text);

/// Removes lock files that a killed process left in a git directory.
/// Requires: no other process works in it.
void remove_stale_locks(const std::filesystem::path& git_directory);

}  // namespace ostler::git
