// SPDX-License-Identifier: Apache-2.0
#include "keeper/service_door.hpp"

#include <sys/socket.h>

#include <algorithm>

#include "supervise/channel.hpp"
#include "supervise/service_control.hpp"

namespace ostler::keeper {
namespace {

constexpr std::size_t kMostVisitors = 8;
constexpr std::size_t kLongestWord = 64;
constexpr std::chrono::seconds kWordTime{5};

bool has_news(const std::vector<pollfd>& fds, int fd) {
  return std::ranges::any_of(
      fds, [fd](const pollfd& entry) { return entry.fd == fd && entry.revents != 0; });
}

}  // namespace

void ServiceDoor::watch(std::vector<pollfd>& fds) const {
  if (links_.size() < kMostVisitors) fds.push_back({listening_.get(), POLLIN, 0});
  for (const Link& link : links_) fds.push_back({link.socket.get(), POLLIN, 0});
}

void ServiceDoor::serve(const std::vector<pollfd>& fds, BootTime now) {
  for (Link& link : links_) {
    if (has_news(fds, link.socket.get())) read_some(link);
  }
  links_.remove_if([](const Link& link) { return !link.socket; });
  if (has_news(fds, listening_.get())) accept_one(now);
}

void ServiceDoor::accept_one(BootTime now) {
  UniqueFd socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket || links_.size() >= kMostVisitors) return;
  if (!supervise::is_peer_trusted(socket.get())) return;
  Link& link = links_.emplace_back();
  link.socket = std::move(socket);
  link.said_by = now + kWordTime;
}

void ServiceDoor::read_some(Link& link) {
  auto got = supervise::receive_handed(link.socket.get());
  if (!got || got.value().bytes.empty() || link.has_said) return link.socket.reset();
  link.text += got.value().bytes;
  if (got.value().handed) link.handed = std::move(got.value().handed);
  const std::size_t end = link.text.find('\n');
  if (end == link.text.npos && link.text.size() > kLongestWord) return link.socket.reset();
  if (end == link.text.npos) return;
  link.has_said = true;
  const std::string_view word = std::string_view(link.text).substr(0, end);
  const std::string fault = listener_->on_word(word, std::move(link.handed));
  const std::string answer = fault.empty() ? "ok\n" : "no " + fault + "\n";
  (void)::send(link.socket.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
  if (word != "stop" || !fault.empty()) link.socket.reset();
}

void ServiceDoor::advance(BootTime now) {
  links_.remove_if([now](const Link& link) { return !link.has_said && now >= link.said_by; });
}

std::optional<BootTime> ServiceDoor::next() const {
  std::optional<BootTime> first;
  for (const Link& link : links_) {
    if (!link.has_said && (!first || link.said_by < *first)) first = link.said_by;
  }
  return first;
}

}  // namespace ostler::keeper
