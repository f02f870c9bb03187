// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::plugin_host {

/// What a box may do beyond what every box may.
struct CallRights {
  bool network = false;    ///< sockets of IPv4 and IPv6 may be made
  bool program = false;    ///< one program may be started, by the box itself
  bool truncates = false;  ///< Landlock sees who cuts files short
};

/// The system calls that a box may no longer make: a program for seccomp, as the kernel takes it.
std::string call_filter(const CallRights& rights);

/// What a command of the profile workspace may do beyond what each of them may.
struct CommandRights {
  bool network = false;    ///< as CallRights
  bool truncates = false;  ///< as CallRights
};

/// The same for a command of the profile workspace: no sockets but those of the network, if it has
/// one, no way around the files that Landlock leaves it, none into a terminal and to the keys of
/// the agent's user.
std::string command_filter(const CommandRights& rights);

/// The version of Landlock that this kernel has; 0: none.
int landlock_version();
/// Whether it sees who cuts files short.
bool landlock_sees_truncation();

}  // namespace ostler::plugin_host
