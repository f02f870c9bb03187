// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "keeper/health_probe.hpp"
#include "keeper/service_door.hpp"
#include "keeper/service_log.hpp"
#include "keeper/wake_timer.hpp"
#include "process/cgroup.hpp"
#include "process/spawn.hpp"
#include "supervise/service_record.hpp"

namespace ostler::keeper {

/// What the keeper of a service works with, made before its loop begins.
struct ServiceParts {
  std::filesystem::path directory;  ///< its files: state, log
  supervise::ServiceSpec spec;
  std::optional<process::Cgroup> group;
  UniqueFd signals;  ///< signalfd of SIGCHLD and SIGTERM
  WakeTimer timer;
  UniqueFd listening;
  ServiceLog log;
};

/// One service from its start to its end.
///
///   Waiting --listener--> Running <--its process ended, back-off--> Restarting
///   any --stop, SIGTERM, nobody promoted it in time--> Stopping --> Stopped
///   Running --its process ended, no restart--> Ended; --too often, not to be started--> Failed
class ServiceLoop final : private ServiceDoor::Listener {
 public:
  ServiceLoop(ServiceParts parts, const Clock& clock);

  /// Starts the process, unless it waits for its listener. Errors: those of process::spawn, and of
  /// writing the state; nothing of it is left then.
  Result<void> begin();
  /// Serves until the service is over and nothing of it is left.
  void run();

 private:
  std::string on_word(std::string_view word, UniqueFd handed) override;
  std::string take_listener(UniqueFd handed);
  std::string promote();
  void stop(std::string why);

  Result<void> start_process();
  process::SpawnOptions spawn_options() const;
  void serve_once();
  std::optional<BootTime> next_deadline() const;
  void serve_signals();
  void read_output();
  void on_end(const process::ExitStatus& status);
  void end();
  void end_tree();
  void renew_group();
  void advance();
  void restart_or_give_up(const std::string& how);
  void enter(supervise::ServicePhase phase, std::string evidence);
  Result<void> write_state();

  std::filesystem::path directory_;
  supervise::ServiceSpec spec_;
  supervise::ServiceState state_;
  const Clock* clock_;
  std::optional<process::Cgroup> group_;
  UniqueFd signals_;
  WakeTimer timer_;
  ServiceDoor door_;
  ServiceLog log_;
  HealthProbe probe_;
  UniqueFd listener_;  ///< what the service listens on
  std::optional<process::Child> child_;
  UniqueFd output_;
  std::vector<pollfd> fds_;
  BootTime started_at_{};
  std::uint32_t quick_ends_ = 0;         ///< in a row
  std::optional<BootTime> next_due_;     ///< listener, restart or kill, by phase
  std::optional<BootTime> promoted_by_;  ///< else it ends
  std::optional<BootTime> write_again_;  ///< the state, which could not be written
};

}  // namespace ostler::keeper
