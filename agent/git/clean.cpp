// SPDX-License-Identifier: Apache-2.0
#include "git/clean.hpp"

#include <git2.h>

#include <filesystem>
#include <vector>

#include "files/remove_tree.hpp"
#include "git/native_error.hpp"

namespace ostler::git {
namespace {

namespace fs = std::filesystem;

enum class Tracked { No, File, Below, Submodule };

class Cleaner {
 public:
  Cleaner(git_repository* repository, git_index* index, fs::path root, const CleanOptions& options,
          Watcher& watcher)
      : repository_(repository),
        index_(index),
        root_(std::move(root)),
        options_(options),
        watcher_(watcher) {}

  // `relative` is empty for the root, else ends in a slash.
  Result<void> clean_tracked_directory(const std::string& relative) {
    OSTLER_TRY(const auto entries, entries_of(relative));
    for (const Entry& entry : entries) {
      if (!watcher_.keep_going()) return Error(Errc::Cancelled, "clean stopped");
      OSTLER_TRY(clean_entry(relative + entry.name, entry.is_directory));
    }
    return success();
  }

 private:
  struct Entry {
    std::string name;
    bool is_directory;
  };

  Result<std::vector<Entry>> entries_of(const std::string& relative) const {
    std::error_code ec;
    std::vector<Entry> entries;
    for (fs::directory_iterator at(root_ / relative, ec), end; !ec && at != end; at.increment(ec)) {
      const std::string name = at->path().filename().string();
      if (name == ".git" && relative.empty()) continue;
      entries.push_back({name, at->is_directory() && !at->is_symlink()});
    }
    if (ec) return Error::from_errno(ec.value(), "list " + (root_ / relative).string());
    return entries;
  }

  Tracked tracked(const std::string& path, bool is_directory) const {
    const git_index_entry* entry = git_index_get_bypath(index_, path.c_str(), 0);
    if (entry != nullptr && entry->mode == GIT_FILEMODE_COMMIT) return Tracked::Submodule;
    if (entry != nullptr) return is_directory ? Tracked::No : Tracked::File;
    const bool below =
        is_directory && git_index_find_prefix(nullptr, index_, (path + "/").c_str()) == 0;
    return below ? Tracked::Below : Tracked::No;
  }

  Result<void> clean_entry(const std::string& path, bool is_directory) {
    switch (tracked(path, is_directory)) {
      case Tracked::File:
      case Tracked::Submodule: return success();
      case Tracked::Below: return clean_tracked_directory(path + "/");
      case Tracked::No: break;
    }
    if (is_directory && !options_.directories) return success();
    return remove_untracked(path, is_directory);
  }

  Result<void> remove_untracked(const std::string& path, bool is_directory) {
    if (!options_.ignored && is_ignored(path, is_directory)) return success();
    if (!is_directory || (options_.ignored && options_.nested_repositories)) {
      return files::remove_tree(root_ / path);
    }
    if (!options_.nested_repositories && fs::exists(root_ / path / ".git")) return success();
    OSTLER_TRY(const auto entries, entries_of(path + "/"));
    for (const Entry& entry : entries) {
      OSTLER_TRY(remove_untracked(path + "/" + entry.name, entry.is_directory));
    }
    std::error_code kept_files;
    fs::remove(root_ / path, kept_files);
    return success();
  }

  bool is_ignored(const std::string& path, bool is_directory) const {
    int ignored = 0;
    const std::string name = is_directory ? path + "/" : path;
    return git_ignore_path_is_ignored(&ignored, repository_, name.c_str()) == 0 && ignored != 0;
  }

  git_repository* repository_;
  git_index* index_;
  fs::path root_;
  CleanOptions options_;
  Watcher& watcher_;
};

}  // namespace

Result<void> clean(Repository& repository, const CleanOptions& options, Watcher& watcher) {
  IndexHandle index;
  const int code = git_repository_index(Out(index), repository.native());
  if (code != 0) return native_error(code, "read the index");
  return Cleaner(repository.native(), index.get(), repository.work_tree(), options, watcher)
      .clean_tracked_directory("");
}

}  // namespace ostler::git
