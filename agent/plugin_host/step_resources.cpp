// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_resources.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/unique_fd.hpp"

namespace ostler::plugin_host {
namespace {

constexpr mode_t kReadOnlyResource = 0400;
constexpr mode_t kReadOnlyResources = 0500;

Result<void> copy_part(int packed, off_t from, std::uint64_t size, int into,
                       const std::string& path) {
  while (size > 0) {
    const ssize_t sent = ::sendfile(into, packed, &from, size);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return Error::from_errno(errno, "write " + path);
    if (sent == 0) return Error(Errc::Protocol, path + ": fewer bytes were handed over");
    size -= static_cast<std::uint64_t>(sent);
  }
  return success();
}

bool is_same(const timespec& one, const timespec& other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

}  // namespace

Result<StepResources> StepResources::unpack(const std::string& parent,
                                            const std::vector<Resource>& resources, int packed) {
  StepResources unpacked;
  if (resources.empty()) return unpacked;
  OSTLER_TRY(ScratchDirectory directory, ScratchDirectory::make(parent));
  unpacked.directory_.emplace(std::move(directory));
  off_t from = 0;
  for (const Resource& resource : resources) {
    OSTLER_TRY(unpacked.write(resource, packed, from));
    from += static_cast<off_t>(resource.size);
    unpacked.marks_.emplace_back(resource.name, Mark{});
  }
  OSTLER_TRY(unpacked.close_and_mark());
  return unpacked;
}

Result<void> StepResources::write(const Resource& resource, int packed, off_t from) {
  const std::string path = directory_->path() + "/" + resource.name;
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                             kReadOnlyResource));
  if (!file) return Error::from_errno(errno, "make " + path);
  return copy_part(packed, from, resource.size, file.get(), path);
}

Result<void> StepResources::close_and_mark() {
  if (::chmod(directory_->path().c_str(), kReadOnlyResources) != 0) {
    return Error::from_errno(errno, "make " + directory_->path() + " read-only");
  }
  for (auto& [name, mark] : marks_) {
    const auto found = mark_of(name);
    if (!found) return Error::from_errno(errno, "look at " + directory_->path() + "/" + name);
    mark = *found;
  }
  return success();
}

std::optional<StepResources::Mark> StepResources::mark_of(const std::string& name) const {
  struct stat found{};
  if (::lstat((directory_->path() + "/" + name).c_str(), &found) != 0) return std::nullopt;
  return Mark{found.st_ino, found.st_ctim};
}

std::string StepResources::path() const { return directory_ ? directory_->path() : ""; }

void StepResources::give_to(BoxSpec& spec) const {
  if (!directory_) return;
  // In front: relative paths begin at the last.
  spec.paths.insert(spec.paths.begin(), {path(), "read"});
  spec.facts.emplace_back("resources", path());
  if (spec.commands) spec.commands->readable.push_back(path());
}

void StepResources::judge(BoxVerdict& verdict) const {
  if (verdict.end != BoxEnd::Finished) return;
  for (const auto& [name, mark] : marks_) {
    const auto now = mark_of(name);
    if (now && now->inode == mark.inode && is_same(now->changed, mark.changed)) continue;
    verdict.result = {.reason = "resource_changed",
                      .message = "its resource " + name + " was changed while it ran",
                      .hint = "look for what else runs as the user of the agent"};
    return;
  }
}

}  // namespace ostler::plugin_host
