// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "supervise/channel.hpp"

namespace ostler::supervise {
namespace {

constexpr std::size_t kBuffer = 32u * 1024;

}  // namespace

FrameReader::FrameReader(std::uint32_t longest) : longest_(longest) { resize(kBuffer); }

void FrameReader::resize(std::size_t capacity) {
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (end_ > begin_) std::memcpy(larger.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

std::pair<char*, std::size_t> FrameReader::space() {
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (capacity_ > kBuffer) resize(kBuffer);
  } else if (begin_ > 0 && capacity_ - end_ < kMaxOutput) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == capacity_) resize(std::min(capacity_ * 2, kFrameHeader + longest_));
  return {buffer_.get() + end_, capacity_ - end_};
}

Result<FrameReader::Fill> FrameReader::fill(int fd) {
  const auto [data, size] = space();
  const ssize_t got = ::recv(fd, data, size, MSG_DONTWAIT);
  if (got > 0) {
    commit(static_cast<std::size_t>(got));
    return Fill::Bytes;
  }
  if (got == 0) return Fill::End;
  if (errno == EAGAIN || errno == EINTR) return Fill::Nothing;
  if (errno == ECONNRESET) return Fill::End;
  return Error::from_errno(errno, "receive from the peer process");
}

Result<std::optional<Frame>> FrameReader::next() {
  const std::string_view arrived(buffer_.get() + begin_, end_ - begin_);
  if (arrived.size() < kFrameHeader) return std::nullopt;
  std::uint32_t size = 0;
  std::uint16_t type = 0;
  std::uint16_t zero = 0;
  ByteReader reader(arrived);
  reader.get(size);
  reader.get(type);
  reader.get(zero);
  if (size > longest_ || zero != 0) {
    return Error(Errc::Protocol, "a frame of " + std::to_string(size) + " bytes and type " +
                                     std::to_string(type) + " is no frame of ours");
  }
  if (arrived.size() - kFrameHeader < size) return std::nullopt;
  begin_ += kFrameHeader + size;
  return Frame{static_cast<MessageType>(type), arrived.substr(kFrameHeader, size)};
}

}  // namespace ostler::supervise
