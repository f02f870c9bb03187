// SPDX-License-Identifier: Apache-2.0
#include "checkout/workspace.hpp"

#include "files/file.hpp"
#include "files/remove_tree.hpp"

namespace ostler::checkout {
namespace {

namespace fs = std::filesystem;

bool is_same(const fs::path& a, const fs::path& b) {
  std::error_code ec;
  return fs::equivalent(a, b, ec);
}

// An ordinary repository of the directory itself: `.git` is no link and no file that leads
// elsewhere, and its configuration names no other work tree.
bool is_own(const git::Repository& repository, const fs::path& directory) {
  return !repository.work_tree().empty() && is_same(repository.work_tree(), directory) &&
         !fs::is_symlink(directory / ".git") &&
         is_same(repository.git_directory(), directory / ".git");
}

// A repository without alternates has its own objects, a clone by other means: it gets them too.
Result<bool> borrows_from(const git::Repository& repository, const fs::path& objects) {
  const fs::path file = repository.git_directory() / "objects/info/alternates";
  const std::string wanted = objects.string() + "\n";
  if (!fs::exists(file)) {
    OSTLER_TRY(files::write_file_atomically(file, wanted, 0644));
    return true;
  }
  OSTLER_TRY(const auto present, files::read_file(file));
  return ("\n" + present + "\n").find("\n" + wanted) != std::string::npos;
}

Result<bool> is_usable(const Settings& settings, const git::Repository& mirror) {
  const fs::path git_directory = settings.directory / ".git";
  if (!fs::is_directory(fs::symlink_status(git_directory))) return false;
  if (!fs::is_directory(git_directory / "refs")) return false;
  git::remove_stale_locks(git_directory);
  const auto opened = git::Repository::open(settings.directory);
  if (!opened || !is_own(opened.value(), settings.directory)) return false;
  return borrows_from(opened.value(), mirror.objects_directory());
}

}  // namespace

Result<git::Repository> open_workspace(const Settings& settings, const git::Repository& mirror,
                                       JobLog& log) {
  const fs::path git_directory = settings.directory / ".git";
  OSTLER_TRY(const bool usable, is_usable(settings, mirror));
  if (!usable) {
    if (fs::exists(fs::symlink_status(git_directory))) {
      log.comment("The repository in " + settings.directory.string() +
                  " is unusable or borrows from another mirror, making it anew");
      OSTLER_TRY(files::remove_tree(git_directory));
    }
    return git::Repository::create_borrowing(settings.directory, settings.repository,
                                             mirror.objects_directory());
  }
  OSTLER_TRY(auto repository, git::Repository::open(settings.directory));
  OSTLER_TRY(repository.set_origin(settings.repository));
  return repository;
}

}  // namespace ostler::checkout
