// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "keeper/cancel_plan.hpp"
#include "supervise/service_record.hpp"

namespace ostler::keeper {

/// Asks a service again and again whether it answers: by a connection, or an HTTP request that is
/// answered with 2xx or 3xx.
class HealthProbe {
 public:
  explicit HealthProbe(const supervise::ServiceSpec& spec);

  /// A process has started, to be reached there.
  void begin(const std::string& address, BootTime now);
  /// It has ended.
  void end();

  void watch(std::vector<pollfd>& fds) const;
  void serve(const std::vector<pollfd>& fds, BootTime now);
  void advance(BootTime now);
  std::optional<BootTime> next() const;
  supervise::ServiceHealth health() const { return health_; }

 private:
  void ask(BootTime now);
  void go_on(BootTime now);
  bool is_connected() const;
  void send_request();
  void read_answer(BootTime now);
  void conclude(bool answers, BootTime now);

  supervise::ServiceProbe kind_;
  std::string path_;
  BootTime interval_;
  std::uint32_t threshold_;
  std::string address_;
  UniqueFd socket_;     ///< while it asks
  bool asked_ = false;  ///< the request is sent
  std::string answer_;
  std::optional<BootTime> due_;  ///< to ask, or to give up asking
  std::uint32_t failures_ = 0;
  supervise::ServiceHealth health_ = supervise::ServiceHealth::Unknown;
};

}  // namespace ostler::keeper
