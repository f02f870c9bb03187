// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "plugin_host/box_calls.hpp"
#include "plugin_host/box_output.hpp"
#include "plugin_host/box_run.hpp"
#include "plugin_host/box_talk.hpp"
#include "plugin_host/box_verdict.hpp"
#include "process/spawn.hpp"
#include "supervise/async_channel.hpp"

namespace ostler::plugin_host {

/// Of a run, for box_run.cpp (its way), box_limits.cpp (what it may take) and box_frames.cpp (what
/// the box says).
struct BoxRun::State {
  State(const boost::asio::any_io_executor& on, StepServices& services, StepLog& into);

  // How far the box is; what it says must fit.
  enum class Stage { Started, Confined, Running, Over };

  boost::asio::any_io_executor executor;
  StepLog& log;
  BoxSpec spec;
  BoxEvidence evidence;
  Stage stage = Stage::Started;
  std::optional<process::Child> child;
  std::optional<BoxMeter> meter;
  std::optional<supervise::AsyncChannel> channel;
  std::optional<std::int64_t> deadline;  ///< of a cancel, in ticks_now()
  supervise::CancelReason reason{};
  BoxTalk talk;
  BoxOutput output;
  std::optional<supervise::BoxAnswer> answer;  ///< to the message that was taken last
  supervise::BoxEnded returned;                ///< what run() or init() has come to
  net::AsyncEvent has_returned;                ///< so has it: destroy() is called
  net::AsyncEvent over;                        ///< `stage` is Over
  net::AsyncEvent ended;                       ///< the process is gone
  net::AsyncEvent deadline_moved;              ///< or none is needed any more
  net::TaskGroup tasks;
  BoxCalls calls;

  Result<void> start();
  boost::asio::awaitable<BoxVerdict> follow();
  boost::asio::awaitable<void> wait_for_end();
  boost::asio::awaitable<void> listen();
  boost::asio::awaitable<void> end_tasks();
  void end_stage();
  void kill(std::string why);
  void send_cancel();

  void spawn_limits();
  boost::asio::awaitable<void> kill_in_time();
  boost::asio::awaitable<void> kill_unready();
  boost::asio::awaitable<void> kill_lingering();
  boost::asio::awaitable<void> cut_off_destroy();
  void cut_off(const std::string& why);
  boost::asio::awaitable<void> look_often();

  Result<void> take(const supervise::Frame& frame);
  Result<void> take_confined(const supervise::Frame& frame);
  Result<void> take_mapped(const supervise::Frame& frame);
  Result<void> end_after_mapping();
  Result<void> take_ask(const supervise::Frame& frame);
  Result<void> take_result(const supervise::Frame& frame);
  Result<void> take_returned(const supervise::Frame& frame);
  Result<void> take_ended(const supervise::Frame& frame);
  void conclude(supervise::BoxEnded said);
  Result<void> take_fault(const supervise::Frame& frame);
  Result<void> take_crash(const supervise::Frame& frame);
};

/// Nanoseconds of CLOCK_BOOTTIME.
std::int64_t ticks_now();

}  // namespace ostler::plugin_host
