// SPDX-License-Identifier: Apache-2.0
#include "files/use_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <string_view>

namespace ostler::files {
namespace {

constexpr int kSizeDigits = 20;
constexpr off_t kLongestUse = 4096;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_ours_alone(const struct stat& found) {
  return found.st_uid == ::geteuid() && (found.st_mode & 077) == 0;
}

/// The size, and then the owner in a line.
bool has_form_of_use(int file, off_t length) {
  if (length < kSizeDigits + 3 || length > kLongestUse) return false;
  std::string text(static_cast<std::size_t>(length), '\0');
  if (::pread(file, text.data(), text.size(), 0) != length) return false;
  return std::all_of(text.begin(), text.begin() + kSizeDigits, is_digit) &&
         text[kSizeDigits] == '\n' && text.back() == '\n';
}

bool is_use_file(int file) {
  struct stat found{};
  return ::fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_nlink == 1 &&
         is_ours_alone(found) && has_form_of_use(file, found.st_size);
}

bool is_kept_directory(int place) {
  struct stat itself{};
  struct stat files{};
  return ::fstat(place, &itself) == 0 && is_ours_alone(itself) &&
         ::fstatat(place, kKeptFiles, &files, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(files.st_mode) &&
         files.st_uid == ::geteuid();
}

}  // namespace

bool is_kept_name(const std::string& name) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return !name.empty() && name.front() != '.' && name.find_first_not_of(kLetters) == name.npos;
}

std::optional<UseFile> UseFile::open(int root, std::string name) {
  if (!is_kept_name(name)) return std::nullopt;
  constexpr int kPlace = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  const UniqueFd place(::openat(root, name.c_str(), kPlace));
  if (!place || !is_kept_directory(place.get())) return std::nullopt;
  // It may be a pipe, for which nobody waits here.
  UniqueFd file(::openat(place.get(), kUseFile, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file || !is_use_file(file.get())) return std::nullopt;
  return UseFile(root, std::move(name), std::move(file));
}

/// Nobody uses it, nobody can until this goes, and nobody has moved it since it was opened.
bool UseFile::lock_alone() {
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) return false;
  struct stat held{};
  struct stat there{};
  const std::string path = name_ + "/" + kUseFile;
  return ::fstat(file_.get(), &held) == 0 &&
         ::fstatat(root_, path.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
         held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

Result<UseFile::Use> UseFile::use() const {
  struct stat found{};
  if (::fstat(file_.get(), &found) != 0) return Error::from_errno(errno, "look at " + name_);
  return Use{found.st_mtim, noted_size(file_.get())};
}

Result<bool> UseFile::move_away(const Use& seen, const std::string& gone) {
  if (!lock_alone()) return false;
  OSTLER_TRY(const Use now, use());
  const timespec& last = now.last;
  if (last.tv_sec > seen.last.tv_sec ||
      (last.tv_sec == seen.last.tv_sec && last.tv_nsec > seen.last.tv_nsec)) {
    return false;
  }
  if (::renameat(root_, name_.c_str(), root_, gone.c_str()) == 0) return true;
  return Error::from_errno(errno, "remove " + name_);
}

std::uint64_t noted_size(int file) {
  char digits[kSizeDigits];
  std::uint64_t size = 0;
  const ssize_t count = ::pread(file, digits, sizeof digits, 0);
  if (count == kSizeDigits) std::from_chars(digits, digits + kSizeDigits, size);
  return size;
}

Result<void> write_use(int file, std::uint64_t size, const std::string& owner) {
  char digits[kSizeDigits + 2];
  std::snprintf(digits, sizeof digits, "%0*llu\n", kSizeDigits,
                static_cast<unsigned long long>(size));
  const std::string text = digits + owner + "\n";
  const bool done =
      ::pwrite(file, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
      ::futimens(file, nullptr) == 0;
  if (done) return success();
  return Error::from_errno(errno, "note the use of a directory that is kept");
}

}  // namespace ostler::files
