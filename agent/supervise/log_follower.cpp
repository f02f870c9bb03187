// SPDX-License-Identifier: Apache-2.0
#include "supervise/log_follower.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace ostler::supervise {
namespace {

constexpr std::size_t kMostAtOnce = 1u << 20;

void append_rest(int fd, std::string& text) {
  std::array<char, 16384> piece;
  while (text.size() < kMostAtOnce) {
    const ssize_t got = ::read(fd, piece.data(), piece.size());
    if (got <= 0) return;
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

LogFollower::LogFollower(const std::filesystem::path& root, const std::string& id)
    : path_(root / id / "log"), file_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC)) {}

bool LogFollower::is_replaced() const {
  struct stat ours{};
  struct stat there{};
  return ::fstat(file_.get(), &ours) != 0 ||
         (::stat(path_.c_str(), &there) == 0 && ours.st_ino != there.st_ino);
}

std::string LogFollower::read() {
  std::string text;
  const bool replaced = is_replaced();
  append_rest(file_.get(), text);
  if (!replaced || text.size() >= kMostAtOnce) return text;
  file_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  append_rest(file_.get(), text);
  return text;
}

}  // namespace ostler::supervise
