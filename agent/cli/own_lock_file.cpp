// SPDX-License-Identifier: Apache-2.0
#include "cli/own_lock_file.hpp"

#include "files/file.hpp"

namespace ostler::cli {

namespace fs = std::filesystem;
using plugin_host::LockedPlugin;

namespace {

constexpr std::size_t kLongestLockFile = 1u << 20;  // bytes

}  // namespace

fs::path lock_file_around(const fs::path& directory) {
  const fs::path here = fs::absolute(directory).lexically_normal();
  std::error_code error;
  for (fs::path at = here;; at = at.parent_path()) {
    if (fs::exists(at / ".git", error)) return at / plugin_host::kLockFileName;
    if (at == at.root_path()) return here / plugin_host::kLockFileName;
  }
}

fs::path own_lock_file() { return lock_file_around(fs::current_path()); }

Result<std::vector<LockedPlugin>> read_lock_file_at(const fs::path& file) {
  const auto text = files::read_file(file, kLongestLockFile);
  if (!text && text.error().code() == Errc::NotFound) return std::vector<LockedPlugin>();
  if (!text) return text.error();
  return plugin_host::read_lock_file(text.value());
}

}  // namespace ostler::cli
