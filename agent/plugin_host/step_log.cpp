// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_log.hpp"

namespace ostler::plugin_host {

std::string describe(const Confinement& confinement) {
  const std::string network = confinement.network ? "any host of the network" : "no network";
  if (confinement.files) {
    return "confined by Landlock and seccomp: the files that its manifest names, " + network +
           ", no programs; not stopped: use of CPU and memory, files of the workspace that later "
           "steps trust" +
           (confinement.signals ? "" : ", signals to processes of the agent's user");
  }
  return "confined by seccomp alone, for this kernel has no Landlock: " + network +
         ", no programs; not stopped: reading and writing every file of the agent's user, signals "
         "to its processes";
}

}  // namespace ostler::plugin_host
