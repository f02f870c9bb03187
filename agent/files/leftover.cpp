// SPDX-License-Identifier: Apache-2.0
#include "files/leftover.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <string_view>

#include "base/uuid.hpp"

namespace ostler::files {
namespace {

constexpr std::string_view kGoing = ".going-";
constexpr std::string_view kStuck = ".stuck-";
constexpr std::size_t kUuidLength = 36;

bool is_own_directory(int root, const std::string& name) {
  struct stat found{};
  return ::fstatat(root, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISDIR(found.st_mode) && found.st_uid == ::geteuid();
}

/// Of "UUID-BYTES".
std::optional<std::uint64_t> bytes_in(std::string_view text) {
  const bool has_form = text.size() > kUuidLength + 1 && text[kUuidLength] == '-' &&
                        Uuid::parse(text.substr(0, kUuidLength));
  if (!has_form) return std::nullopt;
  const char* end = text.data() + text.size();
  std::uint64_t bytes = 0;
  const auto read = std::from_chars(text.data() + kUuidLength + 1, end, bytes);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return bytes;
}

}  // namespace

std::string name_of_going() { return std::string(kGoing) + Uuid::make().str(); }

std::string name_of_stuck(std::uint64_t bytes) {
  return std::string(kStuck) + Uuid::make().str() + "-" + std::to_string(bytes);
}

std::optional<Leftover> find_leftover(int root, const std::string& name) {
  const std::string_view text = name;
  Leftover found;
  if (text.starts_with(kStuck)) {
    found.stuck_bytes = bytes_in(text.substr(kStuck.size()));
    if (!found.stuck_bytes) return std::nullopt;
  } else if (!text.starts_with(kGoing) || !Uuid::parse(text.substr(kGoing.size()))) {
    return std::nullopt;
  }
  if (!is_own_directory(root, name)) return std::nullopt;
  return found;
}

}  // namespace ostler::files
