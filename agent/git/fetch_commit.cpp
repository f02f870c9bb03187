// SPDX-License-Identifier: Apache-2.0
#include <git2.h>

#include "git/fetch.hpp"
#include "git/native_error.hpp"
#include "git/remote_url.hpp"

namespace ostler::git {
namespace {

int on_packed(int, std::uint32_t, std::uint32_t, void* payload) {
  return static_cast<Watcher*>(payload)->keep_going() ? 0 : GIT_EUSER;
}

int on_indexed(const git_indexer_progress* now, void* payload) {
  auto& watcher = *static_cast<Watcher*>(payload);
  watcher.on_transfer({now->received_objects, now->total_objects, now->indexed_deltas,
                       now->total_deltas, now->received_bytes});
  return watcher.keep_going() ? 0 : GIT_EUSER;
}

// Leaves out what the references of `to` reach already.
Result<void> hide_what_is_there(git_revwalk* walk, const Repository& to) {
  ReferenceIteratorHandle iterator;
  int code = git_reference_iterator_new(Out(iterator), to.native());
  if (code != 0) return native_error(code, "list references");
  for (;;) {
    ReferenceHandle reference;
    code = git_reference_next(Out(reference), iterator.get());
    if (code == GIT_ITEROVER) return success();
    if (code != 0) return native_error(code, "list references");
    const git_oid* target = git_reference_target(reference.get());
    // The other repository need not know it: then there is nothing to leave out.
    if (target != nullptr) git_revwalk_hide(walk, target);
  }
}

// libgit2's local transport packs what references lead to, and nothing else.
Result<void> copy_from_local(const Repository& from, const Repository& to, const std::string& id,
                             Watcher& watcher) {
  if (!from.has_commit(id)) return Error(Errc::NotFound, "no commit " + id);
  git_oid oid;
  git_oid_fromstr(&oid, id.c_str());
  RevWalkHandle walk;
  int code = git_revwalk_new(Out(walk), from.native());
  if (code == 0) code = git_revwalk_push(walk.get(), &oid);
  if (code != 0) return native_error(code, "walk from " + id);
  OSTLER_TRY(hide_what_is_there(walk.get(), to));
  PackBuilderHandle pack;
  code = git_packbuilder_new(Out(pack), from.native());
  if (code == 0) code = git_packbuilder_set_callbacks(pack.get(), on_packed, &watcher);
  if (code == 0) code = git_packbuilder_insert_walk(pack.get(), walk.get());
  const std::string directory = to.objects_directory() / "pack";
  if (code == 0) {
    code = git_packbuilder_write(pack.get(), directory.c_str(), 0, on_indexed, &watcher);
  }
  if (code != 0) return native_error(code, "copy commit " + id);
  return success();
}

}  // namespace

Result<void> fetch_commit(Repository& repository, const std::string& url, const std::string& id,
                          Watcher& watcher) {
  if (remote_kind(url) == RemoteKind::Local) {
    OSTLER_TRY(const auto source, Repository::open(local_path(url)));
    return copy_from_local(source, repository, id, watcher);
  }
  auto fetched = fetch(repository, {url, {id}, false}, watcher);
  if (fetched) return success();
  // The two ways of a server to refuse: it never gives out ids, or does not know this one.
  const std::string& text = fetched.error().message();
  if (text.find("cannot fetch a specific object") != std::string::npos ||
      text.find("not our ref") != std::string::npos) {
    return Error(Errc::NotFound, text);
  }
  return std::move(fetched).error();
}

}  // namespace ostler::git
