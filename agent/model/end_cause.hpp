// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ostler::model {

/// Why a job ended, where exit status, signal and signal reason do not tell. The numbers are those
/// of the store.
enum class EndCause : std::uint8_t {
  OutOfMemory = 1,    ///< the kernel killed a process of it for lack of memory
  DiskFull = 2,       ///< its agent could not write its log for minutes
  WorkerLost = 3,     ///< the agent's process that ran it died
  KeeperLost = 4,     ///< the agent's process that guarded it died
  HostRestarted = 5,  ///< its machine restarted meanwhile
  PluginCrashed = 6,  ///< the process of its step plugin died of a signal
  AgentLost = 7,      ///< the hub heard of its agent no more
  NotStarted = 8,     ///< its agent took it and did not begin it in time
};

}  // namespace ostler::model
