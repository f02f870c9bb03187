// SPDX-License-Identifier: Apache-2.0
#include "git/fetch.hpp"

#include <git2.h>
#include <git2/sys/refdb_backend.h>

#include <set>

#include "git/native_error.hpp"
#include "git/remote_connection.hpp"
#include "git/remote_url.hpp"

namespace ostler::git {
namespace {

// From so many updates on, loose references are packed: reading ten thousand files takes longer.
constexpr std::size_t kUpdatesWorthPacking = 100;

std::string default_branch_of(git_remote* remote) {
  git_buf name = GIT_BUF_INIT;
  if (git_remote_default_branch(&name, remote) != 0) return {};
  std::string branch(name.ptr, name.size);
  git_buf_dispose(&name);
  return branch;
}

Result<std::set<std::string>> references_of(git_remote* remote) {
  const git_remote_head** heads = nullptr;
  std::size_t count = 0;
  const int code = git_remote_ls(&heads, &count, remote);
  if (code != 0) return native_error(code, "list the references of the remote");
  std::set<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.emplace(heads[i]->name);
  return names;
}

// libgit2 prunes after it has written what is new, too late for "a" that became "a/b".
Result<void> prune_branches_and_tags(const Repository& repository, git_remote* remote) {
  OSTLER_TRY(const auto offered, references_of(remote));
  git_strarray present{};
  int code = git_reference_list(&present, repository.native());
  if (code != 0) return native_error(code, "list references");
  for (std::size_t i = 0; i < present.count && code == 0; ++i) {
    const std::string name = present.strings[i];
    const bool pruned = name.starts_with("refs/heads/") || name.starts_with("refs/tags/");
    if (pruned && !offered.contains(name)) {
      code = git_reference_remove(repository.native(), name.c_str());
    }
  }
  Result<void> done = success();
  if (code != 0) done = native_error(code, "delete references that the remote no longer has");
  git_strarray_dispose(&present);
  return done;
}

Result<void> pack_references(const Repository& repository) {
  RefDbHandle references;
  int code = git_repository_refdb(Out(references), repository.native());
  if (code == 0) code = git_refdb_compress(references.get());
  if (code != 0)
    return native_error(code, "pack the references of " + repository.git_directory().string());
  return success();
}

/// Objects reach the disk before references name them while one of these lives.
class SyncedWrites {
 public:
  SyncedWrites() { git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1); }
  ~SyncedWrites() { git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 0); }
  SyncedWrites(const SyncedWrites&) = delete;
  SyncedWrites& operator=(const SyncedWrites&) = delete;
};

// Whether a local repository is there and ours to read, told apart as a transport cannot.
Result<void> check_local(const std::string& url) {
  if (remote_kind(url) != RemoteKind::Local) return success();
  OSTLER_TRY(Repository::open(local_path(url)));
  return success();
}

Result<Fetched> fetch_over(RemoteConnection& connection, Repository& repository,
                           const FetchRequest& request) {
  if (request.prune) {
    OSTLER_TRY(prune_branches_and_tags(repository, connection.native()));
  }
  {
    const SyncedWrites synced;
    OSTLER_TRY(connection.download(request.refspecs));
  }
  const std::size_t updated = connection.updated_references();
  if (updated >= kUpdatesWorthPacking) {
    OSTLER_TRY(pack_references(repository));
  }
  return Fetched{updated, default_branch_of(connection.native())};
}

}  // namespace

Result<Fetched> fetch(Repository& repository, const FetchRequest& request, Watcher& watcher) {
  OSTLER_TRY(check_local(request.url));
  OSTLER_TRY(const auto url, effective_address(repository.native(), request.url));
  return with_connection(repository.native(), url, watcher, [&](RemoteConnection& connection) {
    return fetch_over(connection, repository, request);
  });
}

void remove_unfinished_packs(const Repository& repository) {
  std::error_code ec;
  for (const auto& entry :
       std::filesystem::directory_iterator(repository.objects_directory() / "pack", ec)) {
    if (entry.path().filename().string().starts_with("pack_git2_")) {
      std::error_code ignored;
      std::filesystem::remove(entry.path(), ignored);
    }
  }
}

}  // namespace ostler::git
