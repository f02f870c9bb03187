// SPDX-License-Identifier: Apache-2.0
#include "git/changed_files.hpp"

#include <git2.h>

#include <set>

#include "git/native_error.hpp"

namespace ostler::git {
namespace {

std::string full_id(const git_oid& oid) {
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), &oid);
  return text;
}

Error in_history(const Repository& repository, int code, const std::string& what) {
  Error error = native_error(code, what);
  if (git_repository_is_shallow(repository.native()) != 1) return error;
  return Error(error.code(), error.message() + " (this clone is shallow: it lacks older commits)");
}

Result<CommitHandle> commit_named(const Repository& repository, const std::string& revision) {
  ObjectHandle object;
  int code = git_revparse_single(Out(object), repository.native(), revision.c_str());
  if (code != 0) return native_error(code, "find " + revision);
  ObjectHandle peeled;
  code = git_object_peel(Out(peeled), object.get(), GIT_OBJECT_COMMIT);
  if (code != 0) return native_error(code, "find the commit of " + revision);
  CommitHandle commit;
  code = git_commit_lookup(Out(commit), repository.native(), git_object_id(peeled.get()));
  if (code != 0) return native_error(code, "read the commit of " + revision);
  return commit;
}

/// The tree of a commit; of none the empty one, which libgit2 takes for null.
Result<TreeHandle> tree_of(const git_commit* commit) {
  TreeHandle tree;
  if (commit == nullptr) return tree;
  const int code = git_commit_tree(Out(tree), commit);
  if (code != 0) return native_error(code, "read the files of " + full_id(*git_commit_id(commit)));
  return tree;
}

Result<std::vector<std::string>> paths_between(const Repository& repository,
                                               const git_commit* older, const git_commit* newer) {
  OSTLER_TRY(const auto before, tree_of(older));
  OSTLER_TRY(const auto after, tree_of(newer));
  DiffHandle diff;
  const int code =
      git_diff_tree_to_tree(Out(diff), repository.native(), before.get(), after.get(), nullptr);
  if (code != 0) return native_error(code, "compare " + full_id(*git_commit_id(newer)));
  std::set<std::string> paths;
  for (std::size_t at = 0; at < git_diff_num_deltas(diff.get()); ++at) {
    const git_diff_delta* delta = git_diff_get_delta(diff.get(), at);
    paths.emplace(delta->old_file.path);
    paths.emplace(delta->new_file.path);
  }
  return std::vector<std::string>(paths.begin(), paths.end());
}

Result<ChangedFiles> files_of_commit(const Repository& repository, const git_commit* commit) {
  CommitHandle parent;
  if (git_commit_parentcount(commit) > 0) {
    const int code = git_commit_parent(Out(parent), commit, 0);
    if (code != 0) {
      return in_history(repository, code, "read the parent of " + full_id(*git_commit_id(commit)));
    }
  }
  OSTLER_TRY(auto paths, paths_between(repository, parent.get(), commit));
  const git_commit* since = parent ? parent.get() : commit;
  return ChangedFiles{full_id(*git_commit_id(since)), true, std::move(paths)};
}

}  // namespace

Result<ChangedFiles> changed_files(const Repository& repository, const std::string& base) {
  OSTLER_TRY(const auto onto, commit_named(repository, base));
  OSTLER_TRY(const auto head, commit_named(repository, "HEAD"));
  git_oid left;
  const int code = git_merge_base(&left, repository.native(), git_commit_id(onto.get()),
                                  git_commit_id(head.get()));
  if (code != 0) return in_history(repository, code, "find where HEAD left " + base);
  if (git_oid_equal(&left, git_commit_id(head.get())) != 0) {
    return files_of_commit(repository, head.get());
  }
  OSTLER_TRY(const auto since, commit_named(repository, full_id(left)));
  OSTLER_TRY(auto paths, paths_between(repository, since.get(), head.get()));
  return ChangedFiles{full_id(left), false, std::move(paths)};
}

}  // namespace ostler::git
