// SPDX-License-Identifier: Apache-2.0
#include "git/repository.hpp"

#include <git2.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "files/file.hpp"
#include "git/native_error.hpp"
#include "git/remote_url.hpp"

namespace ostler::git {
namespace {

constexpr std::size_t kFullIdSize = GIT_OID_HEXSZ;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isxdigit(c) != 0; });
}

git_oid oid_of(const std::string& id) {
  git_oid oid;
  git_oid_fromstr(&oid, id.c_str());
  return oid;
}

std::string text_of(const git_oid* oid) {
  std::string text(kFullIdSize, '0');
  git_oid_fmt(text.data(), oid);
  return text;
}

Result<std::string> peel_to_commit(const ObjectHandle& object, const std::string& what) {
  ObjectHandle commit;
  const int code = git_object_peel(Out(commit), object.get(), GIT_OBJECT_COMMIT);
  if (code != 0) return native_error(code, what);
  return text_of(git_object_id(commit.get()));
}

Result<CommitHandle> commit_of(git_repository* repository, const std::string& id) {
  const git_oid oid = oid_of(id);
  CommitHandle commit;
  const int code = git_commit_lookup(Out(commit), repository, &oid);
  if (code != 0) return native_error(code, "read commit " + id);
  return commit;
}

Result<void> borrow_objects(const std::filesystem::path& git_directory,
                            const std::filesystem::path& objects) {
  return files::write_file_atomically(git_directory / "objects/info/alternates",
                                      objects.string() + "\n", 0644);
}

}  // namespace

bool is_full_id(std::string_view text) { return text.size() == kFullIdSize && is_hex(text); }

Result<Repository> Repository::open(const std::filesystem::path& directory) {
  RepositoryHandle repository;
  const int code = git_repository_open_ext(Out(repository), directory.c_str(),
                                           GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  if (code != 0) return native_error(code, "open repository " + directory.string());
  return Repository(std::move(repository));
}

Result<Repository> Repository::create_bare(const std::filesystem::path& directory,
                                           const std::string& url) {
  git_repository_init_options options;
  git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
  RepositoryHandle handle;
  const int code = git_repository_init_ext(Out(handle), directory.c_str(), &options);
  if (code != 0) return native_error(code, "make repository " + directory.string());
  Repository repository(std::move(handle));
  OSTLER_TRY(repository.set_origin(url));
  return repository;
}

Result<Repository> Repository::create_borrowing(const std::filesystem::path& directory,
                                                const std::string& url,
                                                const std::filesystem::path& objects) {
  const std::filesystem::path beside = directory / ".git-new";
  std::error_code ec;
  std::filesystem::remove_all(beside, ec);
  git_repository_init_options options;
  git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
  options.flags = GIT_REPOSITORY_INIT_MKPATH;
  RepositoryHandle handle;
  const int code = git_repository_init_ext(Out(handle), beside.c_str(), &options);
  if (code != 0) return native_error(code, "make repository " + beside.string());
  OSTLER_TRY(Repository(std::move(handle)).set_origin(url));
  OSTLER_TRY(borrow_objects(beside / ".git", objects));
  std::filesystem::rename(beside / ".git", directory / ".git", ec);
  if (ec) return Error::from_errno(ec.value(), "rename " + (beside / ".git").string());
  std::filesystem::remove_all(beside, ec);
  return open(directory);
}

std::filesystem::path Repository::git_directory() const {
  return std::filesystem::path(git_repository_path(native())).parent_path();
}

std::filesystem::path Repository::work_tree() const {
  const char* path = git_repository_workdir(native());
  return path == nullptr ? std::filesystem::path() : std::filesystem::path(path).parent_path();
}

Result<std::optional<std::string>> Repository::origin() const {
  RemoteHandle remote;
  const int code = git_remote_lookup(Out(remote), native(), "origin");
  if (code == GIT_ENOTFOUND) return std::optional<std::string>();
  if (code != 0) return native_error(code, "read the origin of " + git_directory().string());
  return std::optional<std::string>(git_remote_url(remote.get()));
}

Result<void> Repository::set_origin(const std::string& url) {
  OSTLER_TRY(const auto present, origin());
  if (present == url) return success();
  RemoteHandle made;
  const int code = present ? git_remote_set_url(native(), "origin", url.c_str())
                           : git_remote_create(Out(made), native(), "origin", url.c_str());
  if (code != 0) return native_error(code, "set the origin of " + git_directory().string());
  return success();
}

bool Repository::has_commit(const std::string& id) const {
  return is_full_id(id) && static_cast<bool>(commit_of(native(), id));
}

Result<std::string> Repository::resolve(const std::string& revision) const {
  constexpr std::size_t kShortestAbbreviation = 4;
  if (is_hex(revision) && revision.size() >= kShortestAbbreviation &&
      revision.size() <= kFullIdSize) {
    git_oid oid;
    git_oid_fromstrn(&oid, revision.c_str(), revision.size());
    ObjectHandle object;
    const int code =
        git_object_lookup_prefix(Out(object), native(), &oid, revision.size(), GIT_OBJECT_ANY);
    if (code == 0) return peel_to_commit(object, revision + " is not a commit");
    if (code == GIT_EAMBIGUOUS) return native_error(code, "abbreviated commit " + revision);
  }
  for (const char* prefix : {"refs/tags/", "refs/heads/", ""}) {
    const std::string name = prefix + revision;
    if (!name.starts_with("refs/") && name != "HEAD") continue;
    if (const auto commit = commit_at(name)) return *commit;
  }
  return Error(Errc::NotFound, "no commit, tag or branch is called " + revision);
}

std::optional<std::string> Repository::commit_at(const std::string& reference) const {
  git_oid oid;
  if (git_reference_name_to_id(&oid, native(), reference.c_str()) != 0) return std::nullopt;
  ObjectHandle object;
  if (git_object_lookup(Out(object), native(), &oid, GIT_OBJECT_ANY) != 0) return std::nullopt;
  const auto commit = peel_to_commit(object, reference);
  return commit ? std::optional(commit.value()) : std::nullopt;
}

bool Repository::has_lost_head() const {
  git_oid oid;
  if (git_reference_name_to_id(&oid, native(), "HEAD") != 0) return false;
  ObjectHandle object;
  return git_object_lookup(Out(object), native(), &oid, GIT_OBJECT_ANY) != 0;
}

Result<bool> Repository::is_ancestor(const std::string& ancestor,
                                     const std::string& descendant) const {
  if (ancestor == descendant) return true;
  const git_oid below = oid_of(descendant);
  const git_oid above = oid_of(ancestor);
  const int code = git_graph_descendant_of(native(), &below, &above);
  if (code < 0) return native_error(code, "compare " + ancestor + " with " + descendant);
  return code == 1;
}

Result<CommitDescription> Repository::describe(const std::string& id) const {
  OSTLER_TRY(const auto commit, commit_of(native(), id));
  git_buf buffer = GIT_BUF_INIT;
  const auto* object = reinterpret_cast<const git_object*>(commit.get());
  const int code = git_object_short_id(&buffer, object);
  if (code != 0) return native_error(code, "abbreviate " + id);
  std::string abbreviated(buffer.ptr, buffer.size);
  git_buf_dispose(&buffer);
  const git_signature* author = git_commit_author(commit.get());
  return CommitDescription{id, std::move(abbreviated), author->name, author->email,
                           git_commit_message(commit.get())};
}

Result<void> Repository::set_head(const std::string& reference) {
  const int code = git_repository_set_head(native(), reference.c_str());
  if (code != 0) return native_error(code, "point HEAD at " + reference);
  return success();
}

Result<void> Repository::detach_head(const std::string& commit) {
  const git_oid oid = oid_of(commit);
  const int code = git_repository_set_head_detached(native(), &oid);
  if (code != 0) return native_error(code, "point HEAD at " + commit);
  return success();
}

void remove_stale_locks(const std::filesystem::path& git_directory) {
  const auto remove_if_lock = [](const std::filesystem::directory_entry& entry) {
    std::error_code ec;
    if (entry.path().extension() == ".lock") std::filesystem::remove(entry.path(), ec);
  };
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(git_directory, ec)) {
    remove_if_lock(entry);
  }
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(git_directory / "refs", ec)) {
    remove_if_lock(entry);
  }
}

}  // namespace ostler::git
