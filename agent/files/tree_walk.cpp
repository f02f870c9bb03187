// SPDX-License-Identifier: Apache-2.0
#include "files/tree_walk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"

namespace ostler::files {
namespace {

using TreeStream = std::unique_ptr<DIR, decltype([](DIR* stream) { ::closedir(stream); })>;
using Names = std::vector<std::string>;

/// That are read at once, and directories that are known before they are gone into: others fill a
/// directory with as many as they like.
constexpr std::size_t kNamesAtOnce = 256;

/// A path in an error has no more names than these.
constexpr std::size_t kNamesShown = 20;

bool is_directory_entry(const char* name) {
  const std::string_view text = name;
  return text != "." && text != "..";
}

/// The next ones; fewer than kNamesAtOnce at the end.
Names next_names(DIR* stream) {
  Names names;
  while (names.size() < kNamesAtOnce) {
    const dirent* entry = ::readdir(stream);
    if (entry == nullptr) break;
    if (is_directory_entry(entry->d_name)) names.emplace_back(entry->d_name);
  }
  return names;
}

/// One of the directories between the top and here.
struct Level {
  std::string name;
  dev_t device = 0;
  ino_t inode = 0;
  Names left = {};  ///< directories in it that are to be gone into
  bool is_listed = false;
  long next = 0;  ///< else where the rest of it begins
};

class Walk {
 public:
  Walk(const std::string& top, TreeVisitor& visitor, mode_t needed)
      : top_(top), visitor_(visitor), needed_(needed) {}

  Result<void> run() {
    OSTLER_TRY(const bool enters, met(AT_FDCWD, top_));
    if (!enters) return success();
    OSTLER_TRY(go_into(AT_FDCWD, top_));
    while (!levels_.empty()) {
      Names& left = levels_.back().left;
      if (left.empty()) {
        OSTLER_TRY(levels_.back().is_listed ? go_back() : meet_more());
        continue;
      }
      const std::string name = std::move(left.back());
      left.pop_back();
      OSTLER_TRY(go_into(here_.get(), name));
    }
    return success();
  }

 private:
  Result<bool> met(int parent, const std::string& name) {
    auto enters = visitor_.meet(parent, name);
    if (!enters) return std::move(enters).error().with_context(shown(name));
    return enters;
  }

  std::string shown(const std::string& name) const {
    if (levels_.empty()) return top_;
    std::string path = top_;
    for (std::size_t i = 1; i < levels_.size() && i <= kNamesShown; ++i)
      path += "/" + levels_[i].name;
    return path + (levels_.size() > kNamesShown ? "/.../" : "/") + name;
  }

  Result<UniqueFd> open(int parent, const std::string& name) const {
    constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    UniqueFd fd(::openat(parent, name.c_str(), kFlags));
    if (!fd && errno == EACCES) {
      ::fchmodat(parent, name.c_str(), needed_, AT_SYMLINK_NOFOLLOW);
      fd.reset(::openat(parent, name.c_str(), kFlags));
    }
    if (!fd) return Error::from_errno(errno, "open directory " + shown(name));
    return fd;
  }

  /// Without it, or what it has, when the visitor can do so.
  Result<void> go_into(int parent, const std::string& name) {
    auto fd = open(parent, name);
    struct stat found{};
    if (!fd && fd.error().code() == Errc::NotFound) return visitor_.leave(parent, name);
    if (!fd) return visitor_.pass(std::move(fd).error());
    if (::fstat(fd.value().get(), &found) != 0)
      return visitor_.pass(Error::from_errno(errno, "stat " + shown(name)));
    if ((found.st_mode & needed_) != needed_)
      ::fchmod(fd.value().get(), (found.st_mode & 07777) | needed_);
    levels_.push_back({name, found.st_dev, found.st_ino});
    here_ = std::move(fd).value();
    return success();
  }

  /// All of them, or as many as have directories enough to go into first. The place of the next one
  /// does not outlive removals on every file system: who removes begins again with what is left.
  Result<void> meet_more() {
    Level& level = levels_.back();
    level.is_listed = true;
    UniqueFd listed(::openat(here_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const TreeStream stream(listed ? ::fdopendir(listed.get()) : nullptr);
    if (!stream) return visitor_.pass(Error::from_errno(errno, "list " + shown(".")));
    listed.release();
    if (level.next != 0) ::seekdir(stream.get(), level.next);
    for (;;) {
      const Names names = next_names(stream.get());
      OSTLER_TRY(meet_all(names));
      if (names.size() < kNamesAtOnce) return success();
      if (level.left.size() < kNamesAtOnce) continue;
      level.is_listed = false;
      if (!visitor_.removes()) level.next = ::telldir(stream.get());
      return success();
    }
  }

  Result<void> meet_all(const Names& names) {
    for (const std::string& name : names) {
      OSTLER_TRY(const bool enters, met(here_.get(), name));
      if (enters) levels_.back().left.push_back(name);
    }
    return success();
  }

  Result<void> go_back() {
    const std::string name = levels_.back().name;
    if (levels_.size() == 1) {
      here_.reset();
      levels_.clear();
      return left(AT_FDCWD, name);
    }
    UniqueFd parent(::openat(here_.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!parent) return Error::from_errno(errno, "go back from " + shown("."));
    levels_.pop_back();
    const Level& level = levels_.back();
    struct stat found{};
    if (::fstat(parent.get(), &found) != 0 || found.st_dev != level.device ||
        found.st_ino != level.inode) {
      return Error(Errc::Conflict, "somebody has moved " + shown(name) + " meanwhile");
    }
    here_ = std::move(parent);
    return left(here_.get(), name);
  }

  Result<void> left(int parent, const std::string& name) {
    auto done = visitor_.leave(parent, name);
    if (!done) return std::move(done).error().with_context(shown(name));
    return done;
  }

  std::string top_;
  TreeVisitor& visitor_;
  mode_t needed_;
  std::vector<Level> levels_;
  UniqueFd here_;  ///< the last of them
};

}  // namespace

Result<void> walk_tree(const std::string& path, TreeVisitor& visitor, mode_t needed) {
  return Walk(path, visitor, needed).run();
}

}  // namespace ostler::files
