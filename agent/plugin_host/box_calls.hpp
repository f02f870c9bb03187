// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/task_group.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/command_calls.hpp"
#include "plugin_host/host_commands.hpp"
#include "plugin_host/open_calls.hpp"
#include "plugin_host/step_services.hpp"
#include "supervise/async_channel.hpp"
#include "supervise/box_message.hpp"

namespace ostler::plugin_host {

/// The calls of one plugin to its host: each goes to the service that it names, if the plugin may
/// have that. Runs on: the executor, which must be a strand or have one thread.
class BoxCalls {
 public:
  /// Requires: all outlive it.
  BoxCalls(const boost::asio::any_io_executor& executor, const BoxSpec& spec,
           StepServices& services, StepLog& log);

  /// Its answer; none when that comes later, by `channel`, which then must outlive end().
  /// Errors: Protocol.
  Result<std::optional<supervise::BoxAnswer>> take(supervise::BoxAsk said,
                                                   supervise::AsyncChannel& channel);
  /// The job was cancelled. `grace`: until the plugin is killed.
  void cancel(std::chrono::nanoseconds grace);
  void begin_cleanup();
  /// The plugin is gone: nobody is answered, and its commands are killed.
  void kill();
  /// Waits until nothing is left of them. Requires: kill() was called, and the channel is closed.
  boost::asio::awaitable<void> end();
  /// Of commands that have ended.
  const CommandUsage& usage() const { return commands_.usage(); }

 private:
  Result<std::optional<supervise::BoxAnswer>> begin(supervise::BoxAsk& said, AtCancel at_cancel,
                                                    bool is_command);
  boost::asio::awaitable<void> answer(std::uint32_t id, Result<std::string> found);

  const BoxSpec& spec_;
  StepServices& services_;
  supervise::AsyncChannel* channel_ = nullptr;  ///< none: no call was taken so far
  net::TaskGroup answers_;
  HostCommands commands_;
  CommandCalls command_calls_;
  OpenCalls open_;
};

}  // namespace ostler::plugin_host
