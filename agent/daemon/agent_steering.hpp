// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "daemon/stop_signals.hpp"
#include "wire/local_agent.hpp"

namespace ostler::daemon {

/// How the heartbeats of one session fare.
struct HeartbeatRecord {
  std::optional<Timestamp> succeeded_at;  ///< the last that did
  std::optional<Timestamp> failed_at;     ///< the last one, if it failed
  std::string failure;                    ///< why it did
};

/// One slot as it is shown.
struct SlotStatus {
  wire::LocalSlot shown;
  HeartbeatRecord heartbeat;
};

/// What those on this machine can see of an agent and ask of it.
/// Runs on: the agent's thread.
class AgentSteering : public StopListener {
 public:
  /// Takes no jobs until resume(), also after a restart; those that run go on.
  /// Errors of both: the state directory cannot be written.
  virtual Result<void> pause() = 0;
  virtual Result<void> resume() = 0;

  virtual wire::LocalAgent status() const = 0;
  /// None when there is no slot of that number.
  virtual std::optional<HeartbeatRecord> heartbeat_of(int slot) const = 0;
};

}  // namespace ostler::daemon
