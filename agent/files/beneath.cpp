// SPDX-License-Identifier: Apache-2.0
#include "files/beneath.hpp"

#include <algorithm>
#include <string>
#include <system_error>

namespace ostler::files {
namespace {

namespace fs = std::filesystem;

Error leaves(std::string_view relative, const fs::path& root) {
  return Error(Errc::Denied,
               "\"" + std::string(relative) + "\" would leave " + root.string() + "; refused");
}

/// Takes the first part off a path with slashes.
std::string_view take_part(std::string_view& path) {
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), part.size() + 1));
  return part;
}

}  // namespace

bool stays_beneath(std::string_view relative) {
  if (relative.empty() || relative.ends_with('/')) return false;
  while (!relative.empty()) {
    const std::string_view part = take_part(relative);
    if (part.empty() || part == ".." || part.find('\0') != part.npos) return false;
  }
  return true;
}

Result<fs::path> make_path_beneath(const fs::path& root, std::string_view relative) {
  if (!stays_beneath(relative)) return leaves(relative, root);
  std::error_code ec;
  fs::create_directories(root, ec);
  if (ec) return Error::from_errno(ec.value(), "make directory " + root.string());
  fs::path path = root;
  std::string_view rest = relative;
  while (!rest.empty()) {
    path /= take_part(rest);
    if (fs::is_symlink(fs::symlink_status(path, ec))) return leaves(relative, root);
    if (rest.empty()) break;
    fs::create_directory(path, ec);
    if (ec) return Error::from_errno(ec.value(), "make directory " + path.string());
  }
  return path;
}

}  // namespace ostler::files
