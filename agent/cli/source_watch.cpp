// SPDX-License-Identifier: Apache-2.0
#include "cli/source_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace ostler::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kChanges =
    IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR;

}  // namespace

SourceWatch::SourceWatch(UniqueFd fd, fs::path root, fs::path build)
    : fd_(std::move(fd)), root_(std::move(root)), build_(std::move(build)) {}

Result<SourceWatch> SourceWatch::begin(const fs::path& root, const fs::path& build) {
  UniqueFd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "watch files (inotify)");
  SourceWatch watch(std::move(fd), root.lexically_normal(), build.lexically_normal());
  OSTLER_TRY(watch.add(watch.root_));
  return watch;
}

bool SourceWatch::counts(const fs::path& path) const {
  const std::string name = path.filename();
  return !name.empty() && name.front() != '.' && name.back() != '~' && path != build_;
}

Result<void> SourceWatch::add(const fs::path& directory) {
  const int number = ::inotify_add_watch(fd_.get(), directory.c_str(), kChanges);
  if (number < 0) {
    return Error::from_errno(errno, "watch " + directory.string() +
                                        (errno == ENOSPC ? " (fs.inotify.max_user_watches)" : ""));
  }
  watched_[number] = directory;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const fs::path path = entry.path().lexically_normal();
    if (entry.is_directory(error) && !entry.is_symlink(error) && counts(path)) {
      OSTLER_TRY(add(path));
    }
  }
  return success();
}

Result<bool> SourceWatch::take() {
  bool has_changed = false;
  alignas(inotify_event) std::array<char, 16 << 10> buffer;
  for (;;) {
    const ssize_t size = ::read(fd_.get(), buffer.data(), buffer.size());
    if (size <= 0) return has_changed;
    for (ssize_t at = 0; at < size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      at += static_cast<ssize_t>(sizeof event + event.len);
      if ((event.mask & IN_Q_OVERFLOW) != 0) {
        has_changed = true;  // and directories may have come that nobody watches
        OSTLER_TRY(add(root_));
      }
      const auto where = watched_.find(event.wd);
      if (where == watched_.end()) continue;
      if ((event.mask & IN_IGNORED) != 0) {
        watched_.erase(where);
        continue;
      }
      const fs::path path = (where->second / (event.len == 0 ? "" : name)).lexically_normal();
      if (event.len == 0 || !counts(path)) continue;
      has_changed = true;
      std::error_code error;
      const bool is_new = (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
      if (is_new && fs::is_directory(fs::symlink_status(path, error))) {
        OSTLER_TRY(add(path));
      }
    }
  }
}

}  // namespace ostler::cli
