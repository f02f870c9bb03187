// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_files.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace ostler::plugin_host {

namespace fs = std::filesystem;

namespace {

/// A root, and a path from there.
struct StepPlace {
  const StepRoot& root;
  fs::path within;
};

Result<StepPlace> place_of(const StepRoots& roots, const std::string& text) {
  const fs::path path = fs::path(text).lexically_normal();
  if (path.is_relative() && !roots.empty()) {
    return StepPlace{roots.front(), path.empty() ? "." : path};
  }
  for (const StepRoot& root : roots) {
    const fs::path within = path.lexically_relative(root.path);
    if (!within.empty() && *within.begin() != "..") return StepPlace{root, within};
  }
  return Error(Errc::UserFault,
               text + " is neither in the workspace of the plugin nor its scratch");
}

/// Links may not lead out of the root.
Result<UniqueFd> open_place(const StepPlace& place, int flags) {
  const std::string& root = place.root.path;
  const UniqueFd directory(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory) return Error::from_errno(errno, "open " + root);
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto fd = ::syscall(SYS_openat2, directory.get(), place.within.c_str(), &how, sizeof how);
  if (fd < 0 && errno == EXDEV) {
    return Error(Errc::UserFault, place.within.string() + " leads out of " + root);
  }
  if (fd < 0) return Error::from_errno(errno, "open " + (root / place.within).string());
  return UniqueFd(static_cast<int>(fd));
}

bool is_of_type(const UniqueFd& file, mode_t type) {
  struct stat found{};
  return ::fstat(file.get(), &found) == 0 && (found.st_mode & S_IFMT) == type;
}

}  // namespace

StepRoots roots_of(const std::vector<std::pair<std::string, std::string>>& paths) {
  StepRoots roots;
  for (const auto& [path, access] : paths) roots.insert(roots.begin(), {path, access == "write"});
  return roots;
}

Result<UniqueFd> open_readable_file(const StepRoots& roots, const std::string& path) {
  OSTLER_TRY(const StepPlace place, place_of(roots, path));
  // A FIFO holds nobody up.
  OSTLER_TRY(UniqueFd file, open_place(place, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  if (is_of_type(file, S_IFREG)) return file;
  return Error(Errc::UserFault, place.within.string() + " is no regular file");
}

Result<UniqueFd> open_readable_directory(const StepRoots& roots, const std::string& path) {
  OSTLER_TRY(const StepPlace place, place_of(roots, path));
  OSTLER_TRY(UniqueFd directory, open_place(place, O_PATH));
  if (is_of_type(directory, S_IFDIR)) return directory;
  return Error(Errc::UserFault, place.within.string() + " is no directory");
}

Result<UniqueFd> open_writable_directory(const StepRoots& roots, const std::string& path) {
  OSTLER_TRY(const StepPlace place, place_of(roots, path));
  if (place.root.may_write) return open_readable_directory(roots, path);
  return Error(Errc::Denied, "the plugin may not write to " + place.root.path +
                                 "; ask for it in plugin.json: \"permissions\": {\"workspace\": "
                                 "\"write\"}");
}

}  // namespace ostler::plugin_host
