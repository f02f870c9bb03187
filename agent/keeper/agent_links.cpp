// SPDX-License-Identifier: Apache-2.0
#include "keeper/agent_links.hpp"

#include <sys/socket.h>

#include <algorithm>

namespace ostler::keeper {
namespace {

using supervise::Frame;
using supervise::FrameReader;
using supervise::Hello;

constexpr std::size_t kMaxLinks = 8;
constexpr std::chrono::seconds kHelloTime{5};
/// An agent that takes nothing while this much waits for it is cut off; another may come.
constexpr std::size_t kMaxWaiting = 48u << 20;

short events_of(const std::vector<pollfd>& fds, int fd) {
  const auto found =
      std::find_if(fds.begin(), fds.end(), [fd](const pollfd& entry) { return entry.fd == fd; });
  return found == fds.end() ? short{0} : found->revents;
}

}  // namespace

void AgentLinks::add(UniqueFd socket, BootTime now) {
  if (links_.size() >= kMaxLinks || !supervise::is_peer_trusted(socket.get())) return;
  Link& link = links_.emplace_back();
  link.socket = std::move(socket);
  link.hello_by = now + kHelloTime;
}

void AgentLinks::watch(std::vector<pollfd>& fds, bool may_read) const {
  if (links_.size() < kMaxLinks) fds.push_back({listening_.get(), POLLIN, 0});
  for (const Link& link : links_) {
    const bool reads = !link.is_closing && (may_read || !link.is_in_charge);
    const int events = (reads ? POLLIN : 0) | (link.queue.empty() ? 0 : POLLOUT);
    fds.push_back({link.socket.get(), static_cast<short>(events), 0});
  }
}

void AgentLinks::serve(const std::vector<pollfd>& fds, BootTime now) {
  for (Link& link : links_) serve_link(link, events_of(fds, link.socket.get()));
  remove_closed();
  if ((events_of(fds, listening_.get()) & POLLIN) != 0) accept_waiting(now);
}

void AgentLinks::accept_waiting(BootTime now) {
  UniqueFd socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket) add(std::move(socket), now);
}

void AgentLinks::serve_link(Link& link, short events) {
  if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !link.is_closing) {
    const auto filled = link.reader.fill(link.socket.get());
    const bool broken = !filled || filled.value() == FrameReader::Fill::End;
    while (!link.is_closing) {
      const auto frame = link.reader.next();
      if (frame && !frame.value()) break;
      const auto handled = frame ? handle(link, *frame.value()) : Result<void>(frame.error());
      if (!handled) refuse(link, handled.error().message());
    }
    if (broken) link.socket.reset();
  }
  if (link.socket && !link.queue.flush(link.socket.get())) link.socket.reset();
}

Result<void> AgentLinks::handle(Link& link, const Frame& frame) {
  if (link.is_in_charge && frame.type != Hello::kType) return listener_->on_message(frame);
  if (link.is_in_charge) return Error(Errc::Protocol, "a second hello");
  OSTLER_TRY(const auto hello, supervise::decode<Hello>(frame));
  return greet(link, hello);
}

Result<void> AgentLinks::greet(Link& link, const Hello& hello) {
  if (hello.major != supervise::kProtocolMajor) {
    return Error(Errc::Protocol, "this keeper speaks protocol " +
                                     std::to_string(supervise::kProtocolMajor) + ", the agent " +
                                     std::to_string(hello.major));
  }
  if (hello.epoch < highest_epoch_) {
    return Error(Errc::Conflict, "an agent with the higher epoch " +
                                     std::to_string(highest_epoch_) + " has taken over");
  }
  highest_epoch_ = hello.epoch;
  for (Link& other : links_) {
    if (other.is_in_charge) refuse(other, "another agent has taken over");
  }
  link.is_in_charge = true;
  listener_->on_agent();
  return success();
}

void AgentLinks::refuse(Link& link, std::string reason) const {
  supervise::Refused refused;
  refused.highest_epoch = highest_epoch_;
  refused.reason = std::move(reason);
  push(link, supervise::encode_frame(refused));
  link.is_in_charge = false;
  link.is_closing = true;
}

void AgentLinks::push(Link& link, std::string frame) const {
  link.queue.push(std::move(frame));
  if (link.queue.size() > kMaxWaiting || !link.queue.flush(link.socket.get())) link.socket.reset();
}

void AgentLinks::remove_closed() {
  links_.remove_if(
      [](const Link& link) { return !link.socket || (link.is_closing && link.queue.empty()); });
}

void AgentLinks::advance(BootTime now) {
  for (Link& link : links_) {
    if (!link.is_in_charge && now >= link.hello_by) link.socket.reset();
  }
  remove_closed();
}

std::optional<BootTime> AgentLinks::next() const {
  std::optional<BootTime> first;
  for (const Link& link : links_) {
    if (!link.is_in_charge && (!first || link.hello_by < *first)) first = link.hello_by;
  }
  return first;
}

void AgentLinks::send(std::string frame) {
  for (Link& link : links_) {
    if (link.is_in_charge && link.socket) return push(link, std::move(frame));
  }
}

bool AgentLinks::has_agent() const {
  return std::any_of(links_.begin(), links_.end(),
                     [](const Link& link) { return link.is_in_charge && link.socket; });
}

void AgentLinks::close(std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (Link& link : links_) {
    while (link.socket && !link.queue.empty() && std::chrono::steady_clock::now() < deadline) {
      pollfd entry{link.socket.get(), POLLOUT, 0};
      ::poll(&entry, 1, static_cast<int>(timeout.count()));
      if (!link.queue.flush(link.socket.get())) break;
    }
  }
  links_.clear();
}

}  // namespace ostler::keeper
