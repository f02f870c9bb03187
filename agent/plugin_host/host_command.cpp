// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_command.hpp"

#include <algorithm>

#include "base/byte_codec.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::chrono::hours kLongestCommand{24 * 365};

}  // namespace

Result<HostCommand> read_host_command(supervise::BoxCommand asked) {
  HostCommand command;
  for (auto& [argument, unused] : asked.arguments) {
    if (argument.find('\0') != argument.npos) {
      return Error(Errc::UserFault, "an argument of a command has a NUL in it");
    }
    command.arguments.push_back(std::move(argument));
  }
  if (command.arguments.empty() || command.arguments.front().empty()) {
    return Error(Errc::UserFault, "a command without a program");
  }
  if (asked.time_limit_ns < 0) {
    return Error(Errc::UserFault, "the time limit of a command is less than 0");
  }
  const std::chrono::nanoseconds limit(asked.time_limit_ns);
  command.time_limit = std::min<std::chrono::nanoseconds>(limit, kLongestCommand);
  command.is_captured = asked.is_captured != 0;
  command.input = std::move(asked.input);
  return command;
}

std::string encode_command_end(const HostCommandEnd& end) {
  const auto* exited = std::get_if<process::Exited>(&end.status);
  const auto* signalled = std::get_if<process::Signalled>(&end.status);
  ByteWriter value;
  value.put(std::int32_t{exited == nullptr ? -1 : exited->code});
  value.put(std::int32_t{signalled == nullptr ? 0 : signalled->signal});
  value.put(std::uint8_t{end.is_truncated});
  value.put_raw(end.output);
  return std::move(value).take();
}

}  // namespace ostler::plugin_host
