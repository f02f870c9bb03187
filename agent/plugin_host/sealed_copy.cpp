// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/sealed_copy.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "crypto/digest.hpp"
#include "files/file.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::uint64_t kLargest = std::uint64_t{256} << 20;
constexpr std::size_t kCopyPiece = 64 << 10;

Result<UniqueFd> open_plugin(const std::string& path, int flags = 0) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags));
  if (!fd && errno == ELOOP && flags != 0) {
    return Error(Errc::UserFault, path + " is a symbolic link; a plugin has its files itself");
  }
  if (!fd) return Error::from_errno(errno, "open " + path);
  struct stat found{};
  if (::fstat(fd.get(), &found) != 0) return Error::from_errno(errno, "look at " + path);
  if (!S_ISREG(found.st_mode)) return Error(Errc::UserFault, path + " is no file");
  if (static_cast<std::uint64_t>(found.st_size) > kLargest) {
    return Error(Errc::UserFault, path + " is larger than 256 MiB");
  }
  return fd;
}

Error too_large(const std::string& path, std::uint64_t most) {
  const std::string limit =
      most == kLargest
          ? "256 MiB"
          : "the " + std::to_string(most) + " bytes that are left of 256 MiB for all plugins";
  return Error(Errc::UserFault, path + " is larger than " + limit);
}

Result<CopiedFile> copy_bytes(const std::string& path, const UniqueFd& from, int into,
                              std::uint64_t most = kLargest) {
  crypto::Digest digest(crypto::Algorithm::Sha256);
  std::array<char, kCopyPiece> piece{};
  std::uint64_t copied = 0;
  for (;;) {
    const ssize_t size = ::read(from.get(), piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error::from_errno(errno, "read " + path);
    if (size == 0) break;
    copied += static_cast<std::uint64_t>(size);
    if (copied > most) return too_large(path, most);
    const std::string_view bytes(piece.data(), static_cast<std::size_t>(size));
    digest.update(bytes);
    OSTLER_TRY(files::write_all(into, bytes));
  }
  return CopiedFile{digest.finish_hex(), copied};
}

}  // namespace

Result<std::string> copy_and_seal(const std::string& path, int into, bool is_program) {
  OSTLER_TRY(const UniqueFd from, open_plugin(path));
  OSTLER_TRY(CopiedFile copied, copy_bytes(path, from, into));
  constexpr mode_t kNotExecutable = 0666;
  if (!is_program) ::fchmod(into, kNotExecutable);
  OSTLER_TRY(seal(into));
  return std::move(copied.sha256);
}

Result<CopiedFile> copy_plain_file(const std::string& path, int into, std::uint64_t most) {
  OSTLER_TRY(const UniqueFd from, open_plugin(path, O_NOFOLLOW));
  struct stat found{};
  if (::fstat(from.get(), &found) != 0) return Error::from_errno(errno, "look at " + path);
  if (static_cast<std::uint64_t>(found.st_size) > most) return too_large(path, most);
  return copy_bytes(path, from, into, most);
}

Result<void> seal(int fd) {
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (::fcntl(fd, F_ADD_SEALS, kSeals) == 0) return success();
  return Error::from_errno(errno, "seal a copy");
}

Result<SealedCopy> sealed_copy(const std::string& path, bool is_program) {
  OSTLER_TRY(UniqueFd to, is_program ? memory_file_for_plugin() : memory_file());
  OSTLER_TRY(std::string sha256, copy_and_seal(path, to.get(), is_program));
  return SealedCopy{std::move(to), std::move(sha256)};
}

}  // namespace ostler::plugin_host
