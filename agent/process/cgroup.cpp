// SPDX-License-Identifier: Apache-2.0
#include "process/cgroup.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>

#include "files/file.hpp"

namespace ostler::process {
namespace {

constexpr std::size_t kMaxEvents = 256;

/// The value of "key value" in a file of such lines.
std::optional<std::uint64_t> value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with(key) || !line.substr(key.size()).starts_with(' ')) continue;
    line.remove_prefix(key.size() + 1);
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(line.data(), line.data() + line.size(), value);
    if (ec == std::errc()) return value;
  }
  return std::nullopt;
}

Result<void> remove_tree(const std::filesystem::path& directory) {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ec)) {
    if (!entry.is_directory(ec)) continue;
    OSTLER_TRY(remove_tree(entry.path()));
  }
  if (::rmdir(directory.c_str()) == 0 || errno == ENOENT) return success();
  if (errno == EBUSY) {
    return Error(Errc::Conflict, "a process is left in the control group " + directory.string());
  }
  return Error::from_errno(errno, "remove the control group " + directory.string());
}

}  // namespace

std::optional<std::uint64_t> count_oom_kills(const std::filesystem::path& directory) {
  const auto events = files::read_file(directory / "memory.events");
  if (!events) return std::nullopt;
  return value_of(events.value(), "oom_kill");
}

Result<Cgroup> Cgroup::create(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0755) != 0 && errno != EEXIST) {
    return Error::from_errno(errno, "make the control group " + directory.string());
  }
  auto made = open(directory);
  if (!made) ::rmdir(directory.c_str());
  return made;
}

Result<Cgroup> Cgroup::open(const std::filesystem::path& directory) {
  struct statfs found{};
  if (::statfs(directory.c_str(), &found) != 0) {
    return Error::from_errno(errno, "look at the control group " + directory.string());
  }
  if (static_cast<unsigned long>(found.f_type) != CGROUP2_SUPER_MAGIC) {
    return Error(Errc::Denied, directory.string() + " is not a control group of version 2");
  }
  UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::faccessat(fd.get(), "cgroup.procs", W_OK, AT_EACCESS) != 0) {
    return Error::from_errno(errno, "open the control group " + directory.string());
  }
  return Cgroup(directory, std::move(fd));
}

Result<void> Cgroup::kill() const {
  const auto path = directory_ / "cgroup.kill";
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  if (::write(fd.get(), "1", 1) != 1) return Error::from_errno(errno, "write " + path.string());
  return success();
}

Result<bool> Cgroup::is_populated() const {
  OSTLER_TRY(const std::string events, files::read_file(directory_ / "cgroup.events"));
  return value_of(events, "populated").value_or(0) != 0;
}

bool Cgroup::await_empty(std::chrono::milliseconds timeout) const {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  const UniqueFd events(::open((directory_ / "cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  for (;;) {
    // The kernel tells of changes since the last reading of the same descriptor.
    char text[kMaxEvents];
    const ssize_t size = ::pread(events.get(), text, sizeof text, 0);
    if (size < 0) return false;
    if (value_of({text, static_cast<std::size_t>(size)}, "populated") == 0) return true;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd changed{events.get(), POLLPRI, 0};
    ::poll(&changed, 1, static_cast<int>(left.count()));
  }
}

Result<void> Cgroup::remove() const { return remove_tree(directory_); }

}  // namespace ostler::process
