// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.hpp"
#include "keeper/cancel_plan.hpp"

namespace ostler::keeper {

/// Where others tell the keeper of a service what to do; see supervise/service_control.hpp. A
/// connection is closed after the answer, but that of "stop", whose peer waits for the end.
class ServiceDoor {
 public:
  /// What somebody has said.
  class Listener {
   public:
    virtual ~Listener() = default;
    /// The answer: empty when it is done, else why not.
    virtual std::string on_word(std::string_view word, UniqueFd handed) = 0;
  };

  ServiceDoor(UniqueFd listening, Listener& listener)
      : listening_(std::move(listening)), listener_(&listener) {}

  void watch(std::vector<pollfd>& fds) const;
  void serve(const std::vector<pollfd>& fds, BootTime now);
  /// Closes connections on which nothing was said in time.
  void advance(BootTime now);
  std::optional<BootTime> next() const;

 private:
  struct Link {
    UniqueFd socket;
    std::string text;
    UniqueFd handed;
    BootTime said_by{};
    bool has_said = false;
  };

  void accept_one(BootTime now);
  void read_some(Link& link);

  UniqueFd listening_;
  Listener* listener_;
  std::list<Link> links_;
};

}  // namespace ostler::keeper
