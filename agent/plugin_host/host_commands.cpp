// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_commands.hpp"

#include <algorithm>
#include <utility>

namespace ostler::plugin_host {

namespace asio = boost::asio;
using std::chrono::nanoseconds;

namespace {

constexpr std::size_t kMostCommands = 16;
constexpr std::chrono::seconds kStopsWithin{5};  // a command that was asked to end

Error command_cancelled() { return Error(Errc::Cancelled, "the job was cancelled"); }

}  // namespace

HostCommands::HostCommands(const asio::any_io_executor& executor, StepLog& log)
    : executor_(executor), log_(log), tasks_(executor) {}

HostCommands::~HostCommands() = default;

Result<std::shared_ptr<RunningCommand>> HostCommands::start(HostCommand command,
                                                            const CommandPlace& place,
                                                            std::vector<std::string> environment,
                                                            Done done) {
  if (is_cancelled_ || is_over_) return command_cancelled();
  if (running_.size() >= kMostCommands) {
    return Error(Errc::Unavailable, "16 commands of the plugin run already");
  }
  auto running =
      std::make_shared<RunningCommand>(executor_, tasks_, std::move(command), place.stop_signal);
  OSTLER_TRY(running->start(log_, place, std::move(environment)));
  running_.push_back(running);
  tasks_.spawn(follow(running, std::move(done)));
  return running;
}

void HostCommands::start_in_turn(HostCommand command, const CommandPlace& place, Done done) {
  turns_.push_back({std::move(command), place, std::move(done)});
  begin_turns();
}

void HostCommands::begin_turns() {
  while (!has_turn_ && !turns_.empty()) {
    Turn turn = std::move(turns_.front());
    turns_.pop_front();
    const auto started = start(std::move(turn.command), turn.place, {},
                               [this, done = turn.done](const Result<HostCommandEnd>& end) {
                                 has_turn_ = false;
                                 done(end);
                                 begin_turns();
                               });
    has_turn_ = started.has_value();
    if (!started) turn.done(started.error());
  }
}

void HostCommands::give_up_turns() {
  for (const Turn& turn : std::exchange(turns_, {})) turn.done(command_cancelled());
}

asio::awaitable<void> HostCommands::follow(std::shared_ptr<RunningCommand> running, Done done) {
  co_await running->follow(log_);
  std::erase(running_, running);
  if (!running->is_ours()) {
    ++usage_.count;
    usage_.processor += running->processor();
  }
  if (!done) co_return;
  if (running->stopped()) co_return done(*running->stopped());
  done(*running->end());
}

void HostCommands::cancel(nanoseconds rest) {
  is_cancelled_ = true;
  const nanoseconds grace = std::min<nanoseconds>(kStopsWithin, rest / 2);
  for (const auto& running : running_) running->stop(command_cancelled(), grace);
  give_up_turns();
}

void HostCommands::begin_cleanup() { is_cancelled_ = false; }

void HostCommands::kill() {
  is_over_ = true;
  for (const auto& running : running_) running->kill(command_cancelled());
  give_up_turns();
}

asio::awaitable<void> HostCommands::end() { co_await tasks_.join(); }

}  // namespace ostler::plugin_host
