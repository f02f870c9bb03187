// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_command.hpp"

namespace ostler::plugin_host {

std::string encode_command_end(const HostCommandEnd& end) {
  const auto* exited = std::get_if<process::Exited>(&end.status);
  const auto* signalled = std::get_if<process::Signalled>(&end.status);
  return std::to_string(exited == nullptr ? -1 : exited->code) + " " +
         std::to_string(signalled == nullptr ? 0 : signalled->signal) +
         (end.is_truncated ? " 1" : " 0") + (end.is_late ? " 1\n" : " 0\n") + end.output;
}

}  // namespace ostler::plugin_host
