// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/store_change.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "files/remove_tree.hpp"

namespace ostler::plugin_host {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds kLongestSweep{30};
constexpr std::chrono::milliseconds kLockPause{20};

std::vector<fs::path> left_in(const fs::path& store) {
  std::vector<fs::path> left;
  std::error_code error;
  for (const auto& plugin : fs::directory_iterator(store, error)) {
    for (const auto& entry : fs::directory_iterator(plugin.path(), error)) {
      const std::string name = entry.path().filename();
      if (name.starts_with(kNewName) || name.starts_with(kGoneName)) left.push_back(entry.path());
    }
  }
  return left;
}

/// What cannot be removed is in nobody's way.
void sweep(const fs::path& store) {
  for (const fs::path& path : left_in(store)) {
    static_cast<void>(remove_installed(path));
    std::error_code ignored;  // versions may be in it
    fs::remove(path.parent_path(), ignored);
  }
}

}  // namespace

Result<StoreChange> StoreChange::begin(const fs::path& store) {
  UniqueFd fd(::open(store.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open the store " + store.string());
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) sweep(store);
  const auto deadline = steady_clock::now() + kLongestSweep;
  while (::flock(fd.get(), LOCK_SH | LOCK_NB) != 0) {
    // Some network file systems lock no directory: there nothing is swept.
    if (errno != EWOULDBLOCK) break;
    if (steady_clock::now() > deadline) {
      return Error(Errc::Timeout, "another program is removing something in " + store.string());
    }
    std::this_thread::sleep_for(kLockPause);
  }
  return StoreChange(std::move(fd));
}

Result<fs::path> make_unseen(const fs::path& parent, const char* name) {
  std::string path = (parent / name).string() + "XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return Error::from_errno(errno, "make " + path);
  return fs::path(path);
}

Result<void> remove_installed(const fs::path& directory) {
  ::chmod(directory.c_str(), S_IRWXU);
  return files::remove_tree(directory);
}

}  // namespace ostler::plugin_host
