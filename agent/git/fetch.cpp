// SPDX-License-Identifier: Apache-2.0
#include "git/fetch.hpp"

#include <git2.h>
#include <git2/sys/refdb_backend.h>

#include <set>

#include "base/base64.hpp"
#include "git/native_error.hpp"
#include "git/remote_url.hpp"

namespace ostler::git {
namespace {

// From so many updates on, loose references are packed: reading ten thousand files takes longer.
constexpr std::size_t kUpdatesWorthPacking = 100;

struct Progress {
  Watcher& watcher;
  std::size_t updated_references = 0;
};

Progress& progress_of(void* payload) { return *static_cast<Progress*>(payload); }

int on_text(const char* text, int size, void* payload) {
  Watcher& watcher = progress_of(payload).watcher;
  watcher.on_remote_text({text, static_cast<std::size_t>(size)});
  return watcher.keep_going() ? 0 : GIT_EUSER;
}

int on_transfer(const git_indexer_progress* now, void* payload) {
  Watcher& watcher = progress_of(payload).watcher;
  watcher.on_transfer({now->received_objects, now->total_objects, now->indexed_deltas,
                       now->total_deltas, now->received_bytes});
  return watcher.keep_going() ? 0 : GIT_EUSER;
}

int on_update(const char*, const git_oid*, const git_oid*, void* payload) {
  ++progress_of(payload).updated_references;
  return progress_of(payload).watcher.keep_going() ? 0 : GIT_EUSER;
}

git_fetch_options options_for(Progress& progress) {
  git_fetch_options options;
  git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
  options.callbacks.sideband_progress = on_text;
  options.callbacks.transfer_progress = on_transfer;
  options.callbacks.update_tips = on_update;
  options.callbacks.payload = &progress;
  options.prune = GIT_FETCH_NO_PRUNE;
  options.update_fetchhead = 0;
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.proxy_opts.type = GIT_PROXY_AUTO;
  return options;
}

/// Shows the credentials of a URL to the server from the first request on: libgit2 1.5 takes the
/// body of an answer 401 for the beginning of the next answer. The header would follow a redirect
/// to whatever host, so none is followed.
class FirstRequestCredentials {
 public:
  explicit FirstRequestCredentials(const std::string& url) {
    if (remote_kind(url) != RemoteKind::Http) return;
    const auto credentials = credentials_of(url);
    if (!credentials) return;
    header_ = "Authorization: Basic " + base64(*credentials);
    headers_[0] = header_.data();
  }

  void add_to(git_fetch_options& options) {
    if (header_.empty()) return;
    options.custom_headers = {headers_, 1};
  }

 private:
  std::string header_;
  char* headers_[1] = {};
};

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

}  // namespace

Result<Fetched> fetch(Repository& repository, const FetchRequest& request, Watcher& watcher) {
  OSTLER_TRY(check_local(request.url));
  RemoteHandle remote;
  int code = git_remote_create_anonymous(Out(remote), repository.native(),
                                         without_credentials(request.url).c_str());
  if (code != 0) return native_error(code, "read the address");
  std::vector<char*> specs;
  for (const std::string& spec : request.refspecs) specs.push_back(const_cast<char*>(spec.c_str()));
  const git_strarray refspecs{specs.data(), specs.size()};
  Progress progress{watcher};
  git_fetch_options options = options_for(progress);
  FirstRequestCredentials credentials(request.url);
  credentials.add_to(options);
  code = git_remote_connect(remote.get(), GIT_DIRECTION_FETCH, &options.callbacks,
                            &options.proxy_opts, &options.custom_headers);
  if (!watcher.keep_going()) return Error(Errc::Cancelled, "fetch stopped");
  if (code != 0) return native_error(code, "connect");
  if (request.prune) {
    OSTLER_TRY(prune_branches_and_tags(repository, remote.get()));
  }
  {
    const SyncedWrites synced;
    code = git_remote_fetch(remote.get(), &refspecs, &options, "fetch");
  }
  if (!watcher.keep_going()) return Error(Errc::Cancelled, "fetch stopped");
  if (code != 0) return native_error(code, "fetch");
  if (progress.updated_references >= kUpdatesWorthPacking) {
    OSTLER_TRY(pack_references(repository));
  }
  return Fetched{progress.updated_references, default_branch_of(remote.get())};
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
