// SPDX-License-Identifier: Apache-2.0
#include "cli/run_directory.hpp"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "cli/exit.hpp"
#include "files/remove_tree.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "ostler-run-";

fs::path lock_of(const fs::path& directory) { return directory / "lock"; }

/// A directory of a run of ours that was killed. One without a lock file is just being made.
bool is_abandoned(const fs::path& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  std::error_code ec;
  if (status.st_uid != ::geteuid() || !fs::exists(lock_of(path), ec)) return false;
  const auto held = files::FileLock::is_held(lock_of(path));
  return held && !held.value();
}

void remove_abandoned(const fs::path& parent) {
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(parent, ec)) {
    if (!entry.path().filename().string().starts_with(kPrefix) || !is_abandoned(entry.path())) {
      continue;
    }
    const auto removed = files::remove_tree(entry.path());
    if (!removed) fail(removed.error());
  }
}

}  // namespace

Result<RunDirectory> RunDirectory::make() {
  std::error_code ec;
  const fs::path parent = fs::temp_directory_path(ec);
  if (ec) return Error::from_errno(ec.value(), "find the directory for temporary files (TMPDIR)");
  remove_abandoned(parent);
  std::string path = (parent / kPrefix).string() + "XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    return Error::from_errno(errno, "make a directory in " + parent.string());
  }
  OSTLER_TRY(auto lock, files::FileLock::try_acquire(lock_of(path)));
  return RunDirectory(path, std::move(lock));
}

RunDirectory::RunDirectory(RunDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

RunDirectory::~RunDirectory() {
  if (path_.empty()) return;
  const auto removed = files::remove_tree(path_);
  if (!removed) fail(removed.error());
}

}  // namespace ostler::cli
