// SPDX-License-Identifier: Apache-2.0
#include "files/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/unique_fd.hpp"

namespace ostler::files {

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open " + path.string());
  std::string content;
  std::array<char, 65536> piece;
  for (;;) {
    const ssize_t got = ::read(fd.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error::from_errno(errno, "read " + path.string());
    if (got == 0) return content;
    content.append(piece.data(), static_cast<std::size_t>(got));
    if (content.size() > limit) {
      return Error(Errc::UserFault,
                   path.string() + " is larger than " + std::to_string(limit) + " bytes");
    }
  }
}

Result<void> write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(fd, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Error::from_errno(errno, "write");
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return success();
}

namespace {

Result<void> write_beside(const std::filesystem::path& beside, std::string_view content,
                          mode_t mode, Sync sync) {
  const UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!fd) return Error::from_errno(errno, "create " + beside.string());
  if (::fchmod(fd.get(), mode) != 0) return Error::from_errno(errno, "chmod " + beside.string());
  auto written = write_all(fd.get(), content);
  if (!written) return std::move(written).error().with_context(beside.string());
  if (sync == Sync::Yes && ::fdatasync(fd.get()) != 0) {
    return Error::from_errno(errno, "sync " + beside.string());
  }
  return success();
}

}  // namespace

Result<void> sync_directory(const std::filesystem::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return Error::from_errno(errno, "sync " + path.string());
  return success();
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   mode_t mode, Sync sync) {
  const std::filesystem::path beside = path.string() + ".new";
  auto written = write_beside(beside, content, mode, sync);
  if (!written) {
    ::unlink(beside.c_str());
    return written;
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    return Error::from_errno(errno, "rename " + beside.string());
  }
  return sync == Sync::Yes ? sync_directory(path.parent_path()) : success();
}

Result<void> ensure_private_directory(const std::filesystem::path& path) {
  std::error_code ec;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ec);
  if (ec) {
    return Error::from_errno(ec.value(), "make directory " + path.parent_path().string());
  }
  if (::mkdir(path.c_str(), 0700) == 0) return success();
  if (errno != EEXIST) return Error::from_errno(errno, "make directory " + path.string());
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return Error::from_errno(errno, "stat " + path.string());
  if (!S_ISDIR(found.st_mode)) return Error(Errc::Denied, path.string() + " is not a directory");
  if (found.st_uid != ::geteuid()) {
    return Error(Errc::Denied, path.string() + " belongs to user " + std::to_string(found.st_uid) +
                                   ", not to us; choose another directory");
  }
  if ((found.st_mode & 077) != 0) {
    return Error(Errc::Denied,
                 path.string() + " may be entered by others; run: chmod 700 " + path.string());
  }
  return success();
}

}  // namespace ostler::files
