// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <vector>

#include "files/file.hpp"
#include "files/kept_directory.hpp"
#include "files/leftover.hpp"
#include "files/remove_tree.hpp"
#include "files/tree_size.hpp"
#include "files/use_file.hpp"

namespace ostler::files {

namespace fs = std::filesystem;

namespace {

/// When it was last modified all was cleared.
constexpr const char* kClearedMark = ".cleared";

using KeptStream = std::unique_ptr<DIR, decltype([](DIR* stream) { ::closedir(stream); })>;

struct KeptEntry {
  std::string name;
  UseFile::Use use;
};

bool is_before(const timespec& one, const timespec& other) {
  return one.tv_sec != other.tv_sec ? one.tv_sec < other.tv_sec : one.tv_nsec < other.tv_nsec;
}

/// None when there is none. Nothing in a directory that others may enter is ours for sure.
Result<UniqueFd> open_root(const fs::path& root) {
  OSTLER_TRY(ensure_private_directory(root));
  UniqueFd fd(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open " + root.string());
  return fd;
}

Result<std::vector<std::string>> names_in(const fs::path& root) {
  const KeptStream stream(::opendir(root.c_str()));
  if (!stream) return Error::from_errno(errno, "list " + root.string());
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) names.emplace_back(entry->d_name);
  return names;
}

/// A mark of the future is that of a clock that was wrong.
bool is_due(int root, std::chrono::seconds every) {
  struct stat mark{};
  if (::fstatat(root, kClearedMark, &mark, AT_SYMLINK_NOFOLLOW) != 0) return true;
  const std::time_t age = std::time(nullptr) - mark.st_mtim.tv_sec;
  return age < 0 || age >= every.count();
}

Result<void> mark_cleared(int root) {
  constexpr int kMark = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  const UniqueFd mark(::openat(root, kClearedMark, kMark, 0600));
  if (mark && ::futimens(mark.get(), nullptr) == 0) return success();
  return Error::from_errno(errno, std::string("write ") + kClearedMark);
}

class Sweep {
 public:
  Sweep(const fs::path& root, int fd, const KeptLimits& limits, const ShouldStop& stop)
      : root_(root), fd_(fd), limits_(limits), stop_(stop) {}

  Result<void> run() {
    OSTLER_TRY(const auto names, names_in(root_));
    for (const std::string& name : names) meet(name);
    std::ranges::sort(kept_, [](const KeptEntry& a, const KeptEntry& b) {
      return is_before(b.use.last, a.use.last);
    });
    for (const KeptEntry& entry : kept_) {
      if (stops()) break;
      judge(entry);
    }
    if (!stopped_) note(mark_cleared(fd_));
    for (const std::string& name : stuck_) try_again(name);
    return std::move(cleared_);
  }

 private:
  void meet(const std::string& name) {
    if (const auto leftover = find_leftover(fd_, name)) {
      if (!leftover->stuck_bytes) return remove(name);
      count(*leftover->stuck_bytes);
      stuck_.push_back(name);
    } else if (const auto file = UseFile::open(fd_, name)) {
      const auto use = file->use();
      if (use) kept_.push_back({name, use.value()});
    }
  }

  void note(const Result<void>& done) {
    if (done) return;
    const std::string before = cleared_ ? "" : cleared_.error().message() + "; ";
    cleared_ = Error(done.error().code(), before + done.error().message());
  }

  bool stops() {
    stopped_ = stopped_ || (stop_ && stop_());
    return stopped_;
  }

  void count(std::uint64_t size) {
    size_ = std::min(limits_.bytes, size_ + std::min(size, limits_.each()));
  }

  void remove(const std::string& name) {
    if (stops()) return;
    const auto removed = remove_tree(root_ / name, [this] { return stops(); });
    if (!removed && !stopped_) put_aside(name, removed.error());
  }

  /// Under another name it is told of this once, and holds up no later sweep.
  void put_aside(const std::string& name, const Error& why) {
    const TreeSize found = measure_tree(root_ / name, [this] { return stops(); });
    const std::uint64_t size = found.is_whole ? found.bytes : std::max(found.bytes, limits_.each());
    count(size);
    const std::string stuck = name_of_stuck(size);
    if (::renameat(fd_, name.c_str(), fd_, stuck.c_str()) != 0) return note(why);
    note(Error(why.code(), (root_ / stuck).string() + " cannot be removed (" + why.message() +
                               "); remove it as the user whose files are in it"));
  }

  /// Last of all: somebody may have made it possible.
  void try_again(const std::string& name) {
    if (!stops()) (void)remove_tree(root_ / name, [this] { return stops(); });
  }

  /// Only what stays counts, and one in use that is too large as much as it may have: it drives out
  /// no more of the others than one that is just as large as it may be.
  void judge(const KeptEntry& entry) {
    const std::uint64_t size = entry.use.size;
    const std::time_t oldest = std::time(nullptr) - limits_.unused.count();
    const bool goes =
        size > limits_.each() || size > limits_.bytes - size_ || entry.use.last.tv_sec < oldest;
    if (!goes || !move_away(entry)) count(size);
  }

  /// Out of the way first, so that nobody who wants it waits for its files to go. False: somebody
  /// uses it, or has since it was looked at.
  bool move_away(const KeptEntry& entry) {
    const std::string gone = name_of_going();
    {
      auto file = UseFile::open(fd_, entry.name);
      if (!file) return false;
      auto moved = file->move_away(entry.use, gone);
      if (!moved) note(std::move(moved).error().with_context(root_.string()));
      if (!moved || !moved.value()) return false;
    }
    remove(gone);
    return true;
  }

  fs::path root_;
  int fd_;
  KeptLimits limits_;
  const ShouldStop& stop_;
  bool stopped_ = false;
  std::uint64_t size_ = 0;
  std::vector<KeptEntry> kept_;
  std::vector<std::string> stuck_;
  Result<void> cleared_ = success();
};

}  // namespace

Result<void> clear_kept(const fs::path& root, const KeptLimits& limits, const ShouldStop& stop) {
  std::error_code ec;
  if (fs::symlink_status(root, ec).type() == fs::file_type::not_found) return success();
  OSTLER_TRY(const UniqueFd fd, open_root(root));
  // What another one is removing is no fault of this one's.
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return success();
    return Error::from_errno(errno, "lock " + root.string());
  }
  if (!is_due(fd.get(), limits.every)) return success();
  return Sweep(root, fd.get(), limits, stop).run();
}

}  // namespace ostler::files
