// SPDX-License-Identifier: Apache-2.0
#include "git/snapshot.hpp"

#include <git2.h>
#include <git2/sys/repository.h>

#include <string_view>
#include <utility>

#include "git/handles.hpp"
#include "git/native_error.hpp"
#include "git/snapshot_store.hpp"

namespace ostler::git {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBranchPrefix = "refs/heads/";

std::string text_of(const git_oid& oid) {
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), &oid);
  return text;
}

/// Reads and compares through the user's repository (its ignore rules, attributes and filters),
/// with its object database and its index replaced by private ones.
class SnapshotWriter {
 public:
  SnapshotWriter(RepositoryHandle repository, fs::path store)
      : repository_(std::move(repository)), store_(std::move(store)) {}

  Result<Snapshot> write() {
    OSTLER_TRY(const fs::path objects, objects_path(native()));
    OSTLER_TRY(auto made, make_snapshot_store(store_, objects));
    target_ = std::move(made);
    OSTLER_TRY(replace_objects());
    OSTLER_TRY(read_head());
    OSTLER_TRY(replace_index());
    OSTLER_TRY(add_work_tree());
    OSTLER_TRY(commit());
    OSTLER_TRY(furnish_store(target_.get(), native(), snapshot_));
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
    OSTLER_TRY(const fs::path original, index_path(native()));
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

/// The commit in `repository`; no handle when it is not there, or `commit` is no id.
Result<CommitHandle> find_commit(git_repository* repository, const std::string& commit) {
  CommitHandle found;
  git_oid id;
  if (git_oid_fromstr(&id, commit.c_str()) != 0) return found;
  const int code = git_commit_lookup(Out(found), repository, &id);
  if (code != 0 && code != GIT_ENOTFOUND) return native_error(code, "look for commit " + commit);
  return found;
}

}  // namespace

Result<Snapshot> take_snapshot(const fs::path& directory, const fs::path& store) {
  OSTLER_TRY(auto repository, open_work_tree(directory));
  auto snapshot = SnapshotWriter(std::move(repository), store).write();
  if (!snapshot) return std::move(snapshot).error().with_context("snapshot");
  return snapshot;
}

Result<std::optional<Snapshot>> snapshot_of_commit(const fs::path& directory,
                                                   const std::string& commit,
                                                   const std::string& branch,
                                                   const fs::path& store) {
  const auto opened = open_work_tree(directory);
  if (!opened && opened.error().code() == Errc::NotFound) return std::optional<Snapshot>();
  if (!opened) return opened.error();
  git_repository* const repository = opened.value().get();
  OSTLER_TRY(const auto found, find_commit(repository, commit));
  if (found == nullptr) return std::optional<Snapshot>();
  OSTLER_TRY(const fs::path objects, objects_path(repository));
  OSTLER_TRY(const auto target, make_snapshot_store(store, objects));
  const char* const subject = git_commit_summary(found.get());
  Snapshot snapshot{.commit = commit, .branch = branch, .subject = subject ? subject : ""};
  OSTLER_TRY(furnish_store(target.get(), repository, snapshot));
  return snapshot;
}

}  // namespace ostler::git
