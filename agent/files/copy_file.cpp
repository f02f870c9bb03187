// SPDX-License-Identifier: Apache-2.0
#include "files/copy_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "files/file.hpp"

namespace ostler::files {
namespace {

constexpr std::size_t kPiece = 1u << 20;

/// Bytes that the kernel copied by itself; fewer than `size` when it cannot go on, for whatever
/// reason: reading and writing then finds out which.
std::int64_t copy_in_kernel(int from, int to, std::int64_t size) {
  std::int64_t copied = 0;
  while (copied < size) {
    const auto step =
        ::copy_file_range(from, nullptr, to, nullptr, static_cast<std::size_t>(size - copied), 0);
    if (step <= 0) break;
    copied += step;
  }
  return copied;
}

Result<void> copy_rest(int from, int to, std::int64_t left) {
  std::vector<char> piece(kPiece);
  while (left > 0) {
    const auto most = std::min(piece.size(), static_cast<std::size_t>(left));
    const ssize_t got = ::read(from, piece.data(), most);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error::from_errno(errno, "read");
    if (got == 0)
      return Error(Errc::Corrupt, std::to_string(left) + " bytes are missing at the end");
    OSTLER_TRY(write_all(to, std::string_view(piece.data(), static_cast<std::size_t>(got))));
    left -= got;
  }
  return success();
}

}  // namespace

Result<void> copy_file(const std::filesystem::path& from, const std::filesystem::path& to,
                       std::int64_t size) {
  const UniqueFd source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return Error::from_errno(errno, "open " + from.string());
  const UniqueFd copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!copy) return Error::from_errno(errno, "create " + to.string());
  const auto copied = copy_in_kernel(source.get(), copy.get(), size);
  auto rest = copy_rest(source.get(), copy.get(), size - copied);
  if (rest) return rest;
  ::unlink(to.c_str());
  return std::move(rest).error().with_context("copy " + from.string());
}

}  // namespace ostler::files
