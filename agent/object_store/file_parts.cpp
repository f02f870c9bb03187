// SPDX-License-Identifier: Apache-2.0
#include "object_store/file_parts.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/unique_fd.hpp"

namespace ostler::object_store {
namespace {

constexpr std::size_t kPieceOfPart = 256u << 10;  // bytes read at a time

}  // namespace

std::vector<FilePart> split_evenly(std::uint64_t size, std::uint64_t part_size,
                                   std::uint64_t most_parts) {
  const std::uint64_t step = std::max(part_size, (size + most_parts - 1) / most_parts);
  std::vector<FilePart> parts;
  for (std::uint64_t at = 0; at < size; at += step) {
    parts.push_back({at, std::min(step, size - at)});
  }
  return parts;
}

Result<crypto::Digest> digest_part(const net::FileBody& part, crypto::Algorithm algorithm) {
  const UniqueFd fd(::open(part.path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return Error::from_errno(errno, "open " + part.path.string());
  crypto::Digest digest(algorithm);
  std::vector<char> piece(std::min<std::uint64_t>(part.size, kPieceOfPart));
  for (std::uint64_t done = 0; done < part.size;) {
    const std::size_t want = std::min<std::uint64_t>(piece.size(), part.size - done);
    const ssize_t got =
        ::pread(fd.get(), piece.data(), want, static_cast<off_t>(part.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error::from_errno(errno, "read " + part.path.string());
    if (got == 0) {
      return Error(Errc::Conflict, part.path.string() + " became shorter while it was sent");
    }
    digest.update({piece.data(), static_cast<std::size_t>(got)});
    done += static_cast<std::uint64_t>(got);
  }
  return digest;
}

}  // namespace ostler::object_store
