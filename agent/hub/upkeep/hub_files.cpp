// SPDX-License-Identifier: Apache-2.0
#include "hub/upkeep/hub_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/unique_fd.hpp"
#include "files/copy_file.hpp"

namespace ostler::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHoldName = "blobs.lock";

bool is_token(std::string_view name) { return name == "agent-token" || name == "api-token"; }

/// Made anew when it is missing, or good for one run only.
bool is_passing(std::string_view name) {
  static constexpr std::string_view kPassing[] = {"hub.lock", "lock",    kHoldName,
                                                  "url",      "url-key", kManifestName};
  return name.starts_with(kDatabaseName) || std::ranges::find(kPassing, name) != std::end(kPassing);
}

/// A lock that root has made for another user's hub must not shut that hub out.
Result<void> give_to_owner(const fs::path& file, const fs::path& directory) {
  struct stat owner{};
  if (::geteuid() != 0 || ::stat(directory.c_str(), &owner) != 0) return success();
  if (::lchown(file.c_str(), owner.st_uid, owner.st_gid) == 0) return success();
  return Error::from_errno(errno, "change the owner of " + file.string());
}

}  // namespace

Result<HubFiles> files_of(const fs::path& directory) {
  HubFiles found;
  std::error_code ec;
  for (fs::directory_iterator entry(directory, ec), end; !ec && entry != end; entry.increment(ec)) {
    std::error_code unknown;
    const std::string name = entry->path().filename().string();
    if (!entry->is_regular_file(unknown) || is_passing(name)) continue;
    (is_token(name) ? found.tokens : found.keys).push_back(name);
  }
  if (ec) return Error::from_errno(ec.value(), "list " + directory.string());
  std::ranges::sort(found.tokens);
  std::ranges::sort(found.keys);
  return found;
}

Result<void> copy_whole_file(const fs::path& from, const fs::path& to) {
  std::error_code ec;
  const auto size = fs::file_size(from, ec);
  if (ec) return Error::from_errno(ec.value(), "read " + from.string());
  return files::copy_file(from, to, static_cast<std::int64_t>(size));
}

Result<void> sync_file_system(const fs::path& directory) {
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::syncfs(fd.get()) != 0) return Error::from_errno(errno, "sync " + directory.string());
  return success();
}

Result<files::FileLock> hold_blobs(const fs::path& directory) {
  auto lock = files::FileLock::try_acquire(directory / kHoldName);
  if (lock) {
    OSTLER_TRY(give_to_owner(directory / kHoldName, directory));
    return lock;
  }
  if (lock.error().code() != Errc::Conflict) return lock;
  return Error(Errc::Conflict, "another backup or check of " + directory.string() +
                                   " is under way; wait until it is done");
}

Result<bool> are_blobs_held(const fs::path& directory) {
  return files::FileLock::is_held(directory / kHoldName);
}

}  // namespace ostler::hub
