// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "keeper/cancel_plan.hpp"
#include "supervise/channel.hpp"

namespace ostler::keeper {

/// The connections to agents, of which the keeper obeys one: that with the highest epoch ever
/// said, and of two with the same epoch the later.
class AgentLinks {
 public:
  /// What the keeper does with messages of the agent that it obeys.
  class Listener {
   public:
    virtual ~Listener() = default;
    /// An agent is in charge from now on: it is to be sent Welcome and what waits for it.
    virtual void on_agent() = 0;
    /// A message of the agent in charge, never Hello. An error ends the connection, which is told
    /// its text.
    virtual Result<void> on_message(const supervise::Frame& frame) = 0;
  };

  AgentLinks(std::uint64_t epoch, UniqueFd listening, Listener& listener)
      : highest_epoch_(epoch), listening_(std::move(listening)), listener_(&listener) {}

  /// Takes a connected socket; its peer must say Hello in time.
  void add(UniqueFd socket, BootTime now);

  /// Appends what to poll for. `may_read`: whether messages of the agent in charge are welcome.
  void watch(std::vector<pollfd>& fds, bool may_read) const;
  /// Serves the connections that poll found ready.
  void serve(const std::vector<pollfd>& fds, BootTime now);
  /// Closes connections that did not say Hello in time.
  void advance(BootTime now);
  std::optional<BootTime> next() const;

  /// Sends to the agent in charge; without one the frame is dropped.
  void send(std::string frame);
  bool has_agent() const;
  bool is_empty() const { return links_.empty(); }
  /// Sends what still waits, for a limited time, and closes everything.
  void close(std::chrono::milliseconds timeout);

 private:
  struct Link {
    UniqueFd socket;
    supervise::FrameReader reader;
    supervise::SendQueue queue;
    BootTime hello_by{};
    bool is_in_charge = false;
    bool is_closing = false;  ///< what waits in the queue is sent, then it goes
  };

  void accept_waiting(BootTime now);
  void serve_link(Link& link, short events);
  Result<void> handle(Link& link, const supervise::Frame& frame);
  Result<void> greet(Link& link, const supervise::Hello& hello);
  void refuse(Link& link, std::string reason) const;
  void push(Link& link, std::string frame) const;
  void remove_closed();

  std::uint64_t highest_epoch_;
  UniqueFd listening_;
  Listener* listener_;
  std::list<Link> links_;
};

}  // namespace ostler::keeper
