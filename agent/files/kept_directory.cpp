// SPDX-License-Identifier: Apache-2.0
#include "files/kept_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <optional>
#include <vector>

#include "base/uuid.hpp"
#include "files/file.hpp"
#include "files/remove_tree.hpp"

namespace ostler::files {

namespace fs = std::filesystem;

namespace {

/// Locked for as long as the directory is in use; its time is that of the last use, its content the
/// size and the owner.
constexpr const char* kUseFile = "use";
constexpr const char* kKeptFiles = "files";
/// What is on its way out.
constexpr std::string_view kGoing = ".going-";
constexpr int kMostTries = 100;
constexpr int kSizeDigits = 20;

Result<UniqueFd> open_use_file(const fs::path& place) {
  const fs::path path = place / kUseFile;
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  return fd;
}

bool lock_use_file(const UniqueFd& file, int how) {
  while (::flock(file.get(), how) != 0) {
    if (errno != EINTR) return false;
  }
  return true;
}

/// Whether nobody has moved it away since it was opened.
bool is_in_place(const UniqueFd& file, const fs::path& place) {
  struct stat held{};
  struct stat there{};
  return ::fstat(file.get(), &held) == 0 && ::lstat((place / kUseFile).c_str(), &there) == 0 &&
         held.st_ino == there.st_ino && held.st_dev == there.st_dev;
}

/// What is removed in the same moment is made anew.
Result<UniqueFd> lock_place(const fs::path& place) {
  for (int i = 0; i < kMostTries; ++i) {
    OSTLER_TRY(ensure_private_directory(place));
    auto file = open_use_file(place);
    if (!file && file.error().code() == Errc::NotFound) continue;
    if (!file) return file;
    if (!lock_use_file(file.value(), LOCK_SH))
      return Error::from_errno(errno, "lock " + place.string());
    if (is_in_place(file.value(), place)) return file;
  }
  return Error(Errc::Unavailable, place.string() + " is removed again and again");
}

/// Of all files, each in whole blocks. What cannot be looked at is not counted.
std::uint64_t size_of(const fs::path& directory) {
  constexpr std::uint64_t kBlock = 4096;
  std::uint64_t size = 0;
  std::error_code ec;
  constexpr auto kSkip = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(directory, kSkip, ec), end; !ec && at != end;
       at.increment(ec)) {
    struct stat found{};
    if (::lstat(at->path().c_str(), &found) != 0) continue;
    size += (static_cast<std::uint64_t>(found.st_size) + kBlock - 1) / kBlock * kBlock;
  }
  return size;
}

Result<void> write_use(const UniqueFd& file, std::uint64_t size, const std::string& owner) {
  char digits[kSizeDigits + 2];
  std::snprintf(digits, sizeof digits, "%0*llu\n", kSizeDigits,
                static_cast<unsigned long long>(size));
  const std::string text = digits + owner + "\n";
  const bool done =
      ::pwrite(file.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
      ::futimens(file.get(), nullptr) == 0;
  if (done) return success();
  return Error::from_errno(errno, "note the use of a directory that is kept");
}

struct Kept {
  fs::path place;
  timespec used = {};
  std::uint64_t size = 0;
};

std::uint64_t noted_size(const UniqueFd& file) {
  char digits[kSizeDigits];
  std::uint64_t size = 0;
  const ssize_t count = ::pread(file.get(), digits, sizeof digits, 0);
  if (count == kSizeDigits) std::from_chars(digits, digits + kSizeDigits, size);
  return size;
}

std::optional<Kept> look_at(const fs::path& place) {
  const auto file = open_use_file(place);
  struct stat found{};
  if (!file || ::fstat(file.value().get(), &found) != 0) return std::nullopt;
  return Kept{place, found.st_mtim, noted_size(file.value())};
}

bool is_before(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

/// Moves it out of the way first, so that nobody who wants it waits for its files to go.
Result<void> remove_unused(const fs::path& root, const Kept& kept) {
  const fs::path gone = root / (std::string(kGoing) + Uuid::make().str());
  {
    OSTLER_TRY(const UniqueFd file, open_use_file(kept.place));
    const auto now = look_at(kept.place);
    const bool is_free = ::flock(file.get(), LOCK_EX | LOCK_NB) == 0;
    if (!is_free || !now || is_before(kept.used, now->used)) return success();
    if (::rename(kept.place.c_str(), gone.c_str()) != 0) {
      return Error::from_errno(errno, "remove " + kept.place.string());
    }
  }
  return remove_tree(gone);
}

}  // namespace

Result<KeptDirectory> KeptDirectory::take(const fs::path& root, const std::string& name,
                                          const std::string& owner) {
  OSTLER_TRY(ensure_private_directory(root));
  OSTLER_TRY(UniqueFd file, lock_place(root / name));
  const fs::path files = root / name / kKeptFiles;
  OSTLER_TRY(ensure_private_directory(files));
  OSTLER_TRY(write_use(file, noted_size(file), owner));
  std::error_code ec;
  fs::path real = fs::canonical(files, ec);
  if (ec) return Error::from_errno(ec.value(), "find " + files.string());
  return KeptDirectory(std::move(file), std::move(real), owner);
}

Result<void> KeptDirectory::note_use() { return write_use(lock_, size_of(path_), owner_); }

Result<void> clear_kept(const fs::path& root, const KeptLimits& limits) {
  Result<void> cleared = success();
  const auto note = [&cleared](Result<void> removed) {
    if (!removed && cleared) cleared = std::move(removed);
  };
  std::vector<Kept> all;
  std::error_code ec;
  for (fs::directory_iterator at(root, ec), end; !ec && at != end; at.increment(ec)) {
    if (at->path().filename().string().starts_with(kGoing)) {
      note(remove_tree(at->path()));
    } else if (auto kept = look_at(at->path())) {
      all.push_back(std::move(*kept));
    }
  }
  std::ranges::sort(all, [](const Kept& a, const Kept& b) { return is_before(b.used, a.used); });
  const std::time_t oldest = std::time(nullptr) - limits.unused.count();
  std::uint64_t size = 0;
  for (const Kept& kept : all) {
    size += kept.size;
    if (size > limits.bytes || kept.used.tv_sec < oldest) note(remove_unused(root, kept));
  }
  return cleared;
}

}  // namespace ostler::files
