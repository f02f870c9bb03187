// SPDX-License-Identifier: Apache-2.0
#include "git/snapshot.hpp"

#include <git2.h>
#include <git2/sys/repository.h>

#include <string_view>
#include <utility>

#include "files/file.hpp"
#include "git/handles.hpp"
#include "git/native_error.hpp"

namespace ostler::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBranchPrefix = "refs/heads/";

std::string text_of(const git_oid& oid) {
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), &oid);
  return text;
}

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

Result<RepositoryHandle> open_around(const fs::path& directory) {
  Buffer found;
  int code = git_repository_discover(found.out(), directory.c_str(), 0, nullptr);
  if (code == GIT_ENOTFOUND) {
    return Error(Errc::UserFault, directory.string() +
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

Result<fs::path> item_path(git_repository* repository, git_repository_item_t item) {
  Buffer path;
  const int code = git_repository_item_path(path.out(), repository, item);
  if (code != 0) return native_error(code, "find a directory of the repository");
  return fs::path(path.text());
}

/// The place in which the snapshot is made: a bare repository that borrows `objects`.
Result<RepositoryHandle> make_store(const fs::path& store, const fs::path& objects) {
  RepositoryHandle repository;
  const int code = git_repository_init(Out(repository), store.c_str(), 1);
  if (code != 0) return native_error(code, "make repository " + store.string());
  OSTLER_TRY(files::write_file_atomically(store / "objects/info/alternates",
                                          objects.string() + "\n", 0600));
  return repository;
}

/// Reads and compares through the user's repository (its ignore rules, attributes and filters),
/// with its object database and its index replaced by private ones.
class SnapshotWriter {
 public:
  SnapshotWriter(RepositoryHandle repository, fs::path store)
      : repository_(std::move(repository)), store_(std::move(store)) {}

  Result<Snapshot> write() {
    OSTLER_TRY(const fs::path objects, item_path(native(), GIT_REPOSITORY_ITEM_OBJECTS));
    OSTLER_TRY(auto made, make_store(store_, objects));
    target_ = std::move(made);
    OSTLER_TRY(replace_objects());
    OSTLER_TRY(read_head());
    OSTLER_TRY(replace_index());
    OSTLER_TRY(add_work_tree());
    OSTLER_TRY(commit());
    OSTLER_TRY(copy_tags());
    OSTLER_TRY(point_head());
    return std::move(snapshot_);
  }

 private:
  git_repository* native() const { return repository_.get(); }

  Result<void> replace_objects() {
    const int code = git_odb_open(Out(objects_), (store_ / "objects").c_str());
    if (code != 0) return native_error(code, "open the objects of " + store_.string());
    git_repository_set_odb(native(), objects_.get());
    return success();
  }

  Result<void> read_head() {
    snapshot_.branch = "HEAD";
    ReferenceHandle head;
    int code = git_reference_lookup(Out(head), native(), "HEAD");
    if (code != 0) return native_error(code, "read HEAD");
    if (const char* target = git_reference_symbolic_target(head.get())) {
      const std::string_view name = target;
      if (name.starts_with(kBranchPrefix)) snapshot_.branch = name.substr(kBranchPrefix.size());
    }
    git_oid id;
    code = git_reference_name_to_id(&id, native(), "HEAD");
    if (code == GIT_ENOTFOUND) return success();
    if (code == 0) code = git_commit_lookup(Out(last_), native(), &id);
    if (code == 0) code = git_commit_tree(Out(last_tree_), last_.get());
    if (code != 0) return native_error(code, "read the last commit");
    return success();
  }

  /// The copy keeps the index's time, by which libgit2 knows which entries it must not trust.
  Result<void> replace_index() {
    OSTLER_TRY(const fs::path original, item_path(native(), GIT_REPOSITORY_ITEM_INDEX));
    const fs::path copy = store_ / "index";
    std::error_code ec;
    if (fs::copy_file(original, copy, ec)) {
      fs::last_write_time(copy, fs::last_write_time(original, ec), ec);
    }
    int code = git_index_open(Out(index_), copy.c_str());
    if (code != 0) return native_error(code, "read the index " + original.string());
    code = git_repository_set_index(native(), index_.get());
    if (code != 0) return native_error(code, "use a copy of the index");
    if (git_index_has_conflicts(index_.get()) != 0) {
      return Error(Errc::Conflict, "a merge is unresolved in " + original.parent_path().string() +
                                       "; resolve it or abort it first");
    }
    return success();
  }

  Result<void> add_work_tree() {
    const int code =
        git_index_add_all(index_.get(), nullptr, GIT_INDEX_ADD_DEFAULT, nullptr, nullptr);
    if (code != 0) return native_error(code, "read the files of the work tree");
    return success();
  }

  Result<void> commit() {
    git_oid id;
    int code = git_index_write_tree_to(&id, index_.get(), native());
    if (code == 0) code = git_tree_lookup(Out(tree_), native(), &id);
    if (code != 0) return native_error(code, "write the tree of the snapshot");
    OSTLER_TRY(count_changes());
    if (last_ != nullptr && snapshot_.changed_files == 0) {
      const char* subject = git_commit_summary(last_.get());
      snapshot_.subject = subject == nullptr ? "" : subject;
      snapshot_.commit = text_of(*git_commit_id(last_.get()));
      return success();
    }
    return commit_tree();
  }

  Result<void> count_changes() {
    DiffHandle diff;
    const int code =
        git_diff_tree_to_tree(Out(diff), native(), last_tree_.get(), tree_.get(), nullptr);
    if (code != 0) return native_error(code, "compare the work tree with the last commit");
    snapshot_.changed_files = git_diff_num_deltas(diff.get());
    return success();
  }

  Result<void> commit_tree() {
    const char* last_subject = last_ == nullptr ? nullptr : git_commit_summary(last_.get());
    snapshot_.subject = last_subject == nullptr
                            ? "Files that are not committed"
                            : std::string(last_subject) + " (with changes not committed)";
    SignatureHandle author;
    if (git_signature_default(Out(author), native()) != 0) {
      const int code = git_signature_now(Out(author), "Ostler", "ostler@localhost");
      if (code != 0) return native_error(code, "sign the snapshot");
    }
    git_oid id;
    const git_commit* parents[] = {last_.get()};
    const int code = git_commit_create(&id, native(), nullptr, author.get(), author.get(), nullptr,
                                       snapshot_.subject.c_str(), tree_.get(),
                                       last_ == nullptr ? 0 : 1, parents);
    if (code != 0) return native_error(code, "commit the snapshot");
    snapshot_.commit = text_of(id);
    return success();
  }

  /// So that `git describe` says in a job what it says outside.
  Result<void> copy_tags() {
    ReferenceIteratorHandle tags;
    int code = git_reference_iterator_glob_new(Out(tags), native(), "refs/tags/*");
    if (code != 0) return native_error(code, "list the tags");
    while (true) {
      ReferenceHandle tag;
      code = git_reference_next(Out(tag), tags.get());
      if (code == GIT_ITEROVER) return success();
      if (code != 0) return native_error(code, "read the tags");
      const git_oid* id = git_reference_target(tag.get());
      if (id == nullptr) continue;
      OSTLER_TRY(point(git_reference_name(tag.get()), *id));
    }
  }

  Result<void> point_head() {
    git_oid id;
    git_oid_fromstr(&id, snapshot_.commit.c_str());
    if (snapshot_.branch == "HEAD") {
      const int code = git_repository_set_head_detached(target_.get(), &id);
      if (code != 0) return native_error(code, "point HEAD of the snapshot");
      return success();
    }
    const std::string name = std::string(kBranchPrefix) + snapshot_.branch;
    OSTLER_TRY(point(name, id));
    const int code = git_repository_set_head(target_.get(), name.c_str());
    if (code != 0) return native_error(code, "point HEAD of the snapshot");
    return success();
  }

  Result<void> point(const std::string& name, const git_oid& id) {
    ReferenceHandle made;
    const int code = git_reference_create(Out(made), target_.get(), name.c_str(), &id, 1, nullptr);
    if (code != 0) return native_error(code, "make reference " + name);
    return success();
  }

  RepositoryHandle repository_;
  fs::path store_;
  RepositoryHandle target_;
  OdbHandle objects_;
  IndexHandle index_;
  CommitHandle last_;
  TreeHandle last_tree_;
  TreeHandle tree_;
  Snapshot snapshot_;
};

}  // namespace

Result<Snapshot> take_snapshot(const fs::path& directory, const fs::path& store) {
  OSTLER_TRY(auto repository, open_around(directory));
  auto snapshot = SnapshotWriter(std::move(repository), store).write();
  if (!snapshot) return std::move(snapshot).error().with_context("snapshot");
  return snapshot;
}

}  // namespace ostler::git
