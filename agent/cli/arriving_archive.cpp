// SPDX-License-Identifier: Apache-2.0
#include "cli/arriving_archive.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "files/file.hpp"

namespace ostler::cli {
namespace {

constexpr std::uint64_t kLargestArchive = 512u << 20;  // bytes

std::uint64_t declared_size(const net::HttpResponse& head) {
  const std::string_view text = head.header("content-length");
  std::uint64_t size = 0;
  std::from_chars(text.data(), text.data() + text.size(), size);
  return size;
}

}  // namespace

Result<ArrivingArchive> ArrivingArchive::at(const std::filesystem::path& path) {
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return Error::from_errno(errno, "make " + path.string());
  return ArrivingArchive(std::move(file));
}

Result<void> ArrivingArchive::add(const net::HttpResponse& head, std::string_view piece) {
  size_ += piece.size();
  if (std::max(size_, declared_size(head)) > kLargestArchive) {
    return Error(Errc::UserFault, "the archive is larger than 512 MiB; no plugin is");
  }
  digest_.update(piece);
  return files::write_all(file_.get(), piece);
}

}  // namespace ostler::cli
