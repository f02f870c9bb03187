// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_resources.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ostler::plugin_host {
namespace {

constexpr mode_t kReadOnlyResource = 0400;
constexpr mode_t kReadOnlyResources = 0500;

Result<void> copy_part(int packed, off_t from, std::uint64_t size, int into,
                       const std::string& path, const files::ShouldStop& stop) {
  constexpr std::uint64_t kPieceToCopy = 1 << 20;
  while (size > 0) {
    if (stop && stop()) return Error(Errc::Cancelled, path + " is not wanted any more");
    const ssize_t sent = ::sendfile(into, packed, &from, std::min(size, kPieceToCopy));
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return Error::from_errno(errno, "write " + path);
    if (sent == 0) return Error(Errc::Protocol, path + ": fewer bytes were handed over");
    size -= static_cast<std::uint64_t>(sent);
  }
  return success();
}

bool read_at(int file, off_t from, char* into, std::size_t size) {
  while (size > 0) {
    const ssize_t count = ::pread(file, into, size, from);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    into += count;
    from += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

/// Whether a file begins with `size` bytes of another. They are compared, for the lean program
/// has no library that hashes. False after a `stop`.
bool begins_with(int file, int packed, off_t from, std::uint64_t size,
                 const files::ShouldStop& stop) {
  constexpr std::size_t kPieceToCompare = 64 << 10;
  std::vector<char> here(kPieceToCompare);
  std::vector<char> there(kPieceToCompare);
  for (std::uint64_t at = 0; at < size;) {
    if (stop && stop()) return false;
    const std::size_t piece = std::min<std::uint64_t>(kPieceToCompare, size - at);
    const auto offset = static_cast<off_t>(at);
    if (!read_at(file, offset, here.data(), piece)) return false;
    if (!read_at(packed, from + offset, there.data(), piece)) return false;
    if (std::memcmp(here.data(), there.data(), piece) != 0) return false;
    at += piece;
  }
  return true;
}

/// What was no success is none in any case.
void give_up(BoxVerdict& verdict) {
  if (verdict.result.exit_status != 0) return;
  verdict.result = {
      .outcome = Outcome::Cancelled,
      .reason = "cancelled",
      .message = "the job was cancelled before the plugin's resources were read again"};
}

}  // namespace

Result<StepResources> StepResources::unpack(const std::string& parent,
                                            const std::vector<Resource>& resources, int packed,
                                            const files::ShouldStop& stop) {
  if (resources.empty()) return StepResources();
  OSTLER_TRY(StepResources unpacked, begin(parent, packed));
  off_t from = 0;
  for (const Resource& resource : resources) {
    OSTLER_TRY(unpacked.add(resource, from, stop));
    from += static_cast<off_t>(resource.size);
  }
  OSTLER_TRY(unpacked.close());
  return unpacked;
}

Result<StepResources> StepResources::begin(const std::string& parent, int packed) {
  StepResources unpacked;
  unpacked.packed_ = UniqueFd(::fcntl(packed, F_DUPFD_CLOEXEC, 0));
  if (!unpacked.packed_) return Error::from_errno(errno, "keep the resources of a plugin");
  OSTLER_TRY(ScratchDirectory directory, ScratchDirectory::make(parent));
  unpacked.directory_.emplace(std::move(directory));
  return unpacked;
}

/// The mark is of the file that is open here: its path may be another's already.
Result<void> StepResources::add(const Resource& resource, off_t from,
                                const files::ShouldStop& stop) {
  const std::string path = path_of(resource);
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                             kReadOnlyResource));
  if (!file) return Error::from_errno(errno, "make " + path);
  OSTLER_TRY(copy_part(packed_.get(), from, resource.size, file.get(), path, stop));
  const auto mark = mark_of(file.get());
  if (!mark) return Error::from_errno(errno, "look at " + path);
  written_.push_back({resource, from, *mark});
  return success();
}

Result<void> StepResources::close() {
  if (::chmod(directory_->path().c_str(), kReadOnlyResources) != 0) {
    return Error::from_errno(errno, "make " + directory_->path() + " read-only");
  }
  for (const Written& one : written_) {
    const UniqueFd file = open_again(one);
    if (file && is_marked(one, file.get())) continue;
    return Error(Errc::Denied, "the resource " + one.resource.name +
                                   " was changed while it was unpacked; look for what else runs "
                                   "as the user of the agent");
  }
  return success();
}

std::optional<StepResources::Mark> StepResources::mark_of(int file) {
  struct stat found{};
  if (::fstat(file, &found) != 0) return std::nullopt;
  return Mark{found.st_dev, found.st_ino, found.st_size, found.st_ctim};
}

bool StepResources::is_marked(const Written& one, int file) {
  const auto now = mark_of(file);
  return now && now->device == one.mark.device && now->inode == one.mark.inode &&
         now->size == one.mark.size && now->changed.tv_sec == one.mark.changed.tv_sec &&
         now->changed.tv_nsec == one.mark.changed.tv_nsec;
}

UniqueFd StepResources::open_again(const Written& one) const {
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
  return UniqueFd(::open(path_of(one.resource).c_str(), kFlags));
}

/// Times are as coarse as a tick of the kernel: what was changed within the one in which it was
/// written shows in the bytes.
bool StepResources::is_as_written(const Written& one, const files::ShouldStop& stop) const {
  const UniqueFd file = open_again(one);
  return file && is_marked(one, file.get()) &&
         begins_with(file.get(), packed_.get(), one.from, one.resource.size, stop);
}

std::string StepResources::path_of(const Resource& resource) const {
  return directory_->path() + "/" + resource.name;
}

std::string StepResources::path() const { return directory_ ? directory_->path() : ""; }

void StepResources::give_to(BoxSpec& spec) const {
  if (!directory_) return;
  // In front: relative paths begin at the last.
  spec.paths.insert(spec.paths.begin(), {path(), "read"});
  spec.facts.emplace_back("resources", path());
  if (spec.commands) spec.commands->readable.push_back(path());
}

void StepResources::judge(BoxVerdict& verdict, const files::ShouldStop& stop) const {
  if (verdict.end != BoxEnd::Finished) return;
  bool is_stopped = false;
  const auto stops = [&is_stopped, &stop] { return is_stopped = stop && stop(); };
  for (const Written& one : written_) {
    if (is_as_written(one, stops)) continue;
    if (is_stopped) return give_up(verdict);
    verdict.result = {.reason = "resource_changed",
                      .message = "its resource " + one.resource.name + " was changed while it ran",
                      .hint = "look for what else runs as the user of the agent"};
    return;
  }
}

}  // namespace ostler::plugin_host
