// SPDX-License-Identifier: Apache-2.0
#include "git/snapshot_store.hpp"

#include <git2.h>

#include <string>

#include "files/file.hpp"
#include "git/native_error.hpp"

namespace ostler::git {
namespace {

namespace fs = std::filesystem;

/// A path that libgit2 gives in a buffer.
class Buffer {
 public:
  Buffer() = default;
  ~Buffer() { git_buf_dispose(&buffer_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  git_buf* out() { return &buffer_; }
  std::string text() const { return {buffer_.ptr, buffer_.size}; }

 private:
  git_buf buffer_ = GIT_BUF_INIT;
};

Result<fs::path> item_path(git_repository* repository, git_repository_item_t item) {
  Buffer path;
  const int code = git_repository_item_path(path.out(), repository, item);
  if (code != 0) return native_error(code, "find a directory of the repository");
  return fs::path(path.text());
}

bool is_valid(const std::string& reference) {
  int valid = 0;
  return git_reference_name_is_valid(&valid, reference.c_str()) == 0 && valid == 1;
}

Result<void> point(git_repository* store, const std::string& name, const git_oid& id) {
  ReferenceHandle made;
  const int code = git_reference_create(Out(made), store, name.c_str(), &id, 1, nullptr);
  if (code != 0) return native_error(code, "make reference " + name);
  return success();
}

/// So that `git describe` says in a job what it says outside.
Result<void> copy_tags(git_repository* store, git_repository* origin) {
  ReferenceIteratorHandle tags;
  int code = git_reference_iterator_glob_new(Out(tags), origin, "refs/tags/*");
  if (code != 0) return native_error(code, "list the tags");
  while (true) {
    ReferenceHandle tag;
    code = git_reference_next(Out(tag), tags.get());
    if (code == GIT_ITEROVER) return success();
    if (code != 0) return native_error(code, "read the tags");
    const git_oid* id = git_reference_target(tag.get());
    if (id == nullptr) continue;
    OSTLER_TRY(point(store, git_reference_name(tag.get()), *id));
  }
}

}  // namespace

Result<RepositoryHandle> open_work_tree(const fs::path& directory) {
  Buffer found;
  int code = git_repository_discover(found.out(), directory.c_str(), 0, nullptr);
  if (code == GIT_ENOTFOUND) {
    return Error(Errc::NotFound, directory.string() +
                                     " is in no git repository; run \"git init\" there or name "
                                     "one with --repo");
  }
  if (code != 0) return native_error(code, "look for a repository around " + directory.string());
  RepositoryHandle repository;
  code = git_repository_open(Out(repository), found.text().c_str());
  if (code != 0) return native_error(code, "open repository " + found.text());
  if (git_repository_is_bare(repository.get()) != 0) {
    return Error(Errc::UserFault, found.text() + " has no work tree; name one that has files");
  }
  return repository;
}

Result<fs::path> objects_path(git_repository* repository) {
  return item_path(repository, GIT_REPOSITORY_ITEM_OBJECTS);
}

Result<fs::path> index_path(git_repository* repository) {
  return item_path(repository, GIT_REPOSITORY_ITEM_INDEX);
}

Result<RepositoryHandle> make_snapshot_store(const fs::path& store, const fs::path& objects) {
  RepositoryHandle repository;
  const int code = git_repository_init(Out(repository), store.c_str(), 1);
  if (code != 0) return native_error(code, "make repository " + store.string());
  OSTLER_TRY(files::write_file_atomically(store / "objects/info/alternates",
                                          objects.string() + "\n", 0600));
  return repository;
}

Result<void> furnish_store(git_repository* store, git_repository* origin,
                           const Snapshot& snapshot) {
  OSTLER_TRY(copy_tags(store, origin));
  git_oid id;
  git_oid_fromstr(&id, snapshot.commit.c_str());
  const std::string name = "refs/heads/" + snapshot.branch;
  if (snapshot.branch == "HEAD" || !is_valid(name)) {
    const int code = git_repository_set_head_detached(store, &id);
    if (code != 0) return native_error(code, "point HEAD of the snapshot");
    return success();
  }
  OSTLER_TRY(point(store, name, id));
  const int code = git_repository_set_head(store, name.c_str());
  if (code != 0) return native_error(code, "point HEAD of the snapshot");
  return success();
}

}  // namespace ostler::git
