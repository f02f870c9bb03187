// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "daemon/agent_parts.hpp"
#include "daemon/agent_steering.hpp"
#include "daemon/lock_service.hpp"
#include "daemon/slot.hpp"
#include "net/task_group.hpp"

namespace ostler::daemon {

/// The slots of one agent and what stops them.
/// Runs on: the agent's strand.
class Slots final : public AgentSteering {
 public:
  explicit Slots(AgentParts& parts);

  const std::vector<std::unique_ptr<Slot>>& all() const { return slots_; }

  /// Runs the slots until all have ended. The first that fails stops the others.
  boost::asio::awaitable<void> run();
  /// Why the first slot that failed did.
  const std::optional<Error>& failure() const { return failure_; }

  void stop() override;
  void stop_now() override;
  Result<void> pause() override;
  Result<void> resume() override;
  wire::LocalAgent status() const override;
  std::optional<HeartbeatRecord> heartbeat_of(int slot) const override;

 private:
  boost::asio::awaitable<void> run_one(Slot& slot);
  boost::asio::awaitable<void> stop_when_idle();
  boost::asio::awaitable<void> leave_in_time();
  bool is_idle_long_enough() const;
  void hold(bool held);

  AgentParts& parts_;
  LockService locks_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::optional<Error> failure_;
  bool is_paused_ = false;
  net::TaskGroup tasks_;
  net::TaskGroup watches_;
};

}  // namespace ostler::daemon
