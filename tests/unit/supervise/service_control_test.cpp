// SPDX-License-Identifier: Apache-2.0
#include "supervise/service_control.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cstring>
#include <filesystem>

namespace ostler::supervise {
namespace {

std::ptrdiff_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return std::distance(begin(all), end(all));
}

void send_three(int socket) {
  char word = 'x';
  iovec piece{&word, 1};
  const std::array<int, 3> handed = {0, 1, 2};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof handed)> room{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof handed);
  std::memcpy(CMSG_DATA(header), handed.data(), sizeof handed);
  ASSERT_EQ(::sendmsg(socket, &message, 0), 1);
}

TEST(ServiceControl, TakesOneDescriptorAndClosesAllOthers) {
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
  const UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  const auto before = open_descriptors();
  send_three(theirs.get());
  {
    const auto got = receive_handed(ours.get()).value();
    EXPECT_EQ(got.bytes, "x");
    struct stat first{}, sent{};
    ASSERT_EQ(::fstat(got.handed.get(), &first), 0);
    ASSERT_EQ(::fstat(0, &sent), 0);
    EXPECT_EQ(first.st_ino, sent.st_ino);
    EXPECT_EQ(open_descriptors(), before + 1);
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace ostler::supervise
