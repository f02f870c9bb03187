// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/host_commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <optional>

#include "files/file.hpp"
#include "plugin_host/command_output.hpp"
#include "plugin_host/sealed_copy.hpp"
#include "process/async_wait.hpp"
#include "process/pipe.hpp"
#include "process/spawn.hpp"

namespace ostler::plugin_host {

namespace asio = boost::asio;
using std::chrono::nanoseconds;

namespace {

constexpr std::size_t kMostCommands = 16;
constexpr std::chrono::seconds kStopsWithin{5};  // a command that was asked to end

/// A file in memory: however slowly the command reads, nobody waits with the rest.
Result<UniqueFd> input_file(const std::string& bytes) {
  OSTLER_TRY(UniqueFd file, memory_file());
  OSTLER_TRY(files::write_all(file.get(), bytes));
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

std::string search_path_of(const std::vector<std::string>& environment) {
  constexpr std::string_view kName = "PATH=";
  for (const std::string& entry : environment) {
    if (entry.starts_with(kName)) return entry.substr(kName.size());
  }
  return {};
}

std::string seconds_text(nanoseconds duration) {
  const auto tenths = duration.count() / 100'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

Error command_cancelled() { return Error(Errc::Cancelled, "the job was cancelled"); }

}  // namespace

struct HostCommands::Running : std::enable_shared_from_this<Running> {
  Running(const asio::any_io_executor& executor, HostCommand what, int signal, Done then)
      : command(std::move(what)),
        stop_signal(signal),
        done(std::move(then)),
        limit(executor),
        killer(executor) {}

  HostCommand command;
  int stop_signal;
  Done done;
  std::optional<process::Child> child;
  std::vector<std::unique_ptr<CommandOutput>> outputs;  ///< standard output first
  asio::steady_timer limit;
  asio::steady_timer killer;
  std::optional<Error> stopped;  ///< by us, for that

  Result<void> start(const asio::any_io_executor& executor, StepLog& log, const CommandPlace& place,
                     std::vector<std::string> environment);
  void watch_time();
  void stop(Error why, nanoseconds grace);
  void kill();
  asio::awaitable<void> wait_for_end();
  asio::awaitable<process::ExitStatus> carry_to_end(const asio::any_io_executor& executor);
};

Result<void> HostCommands::Running::start(const asio::any_io_executor& executor, StepLog& log,
                                          const CommandPlace& place,
                                          std::vector<std::string> environment) {
  process::SpawnOptions options;
  OSTLER_TRY(options.executable,
             process::find_executable(command.arguments.front(), search_path_of(environment)));
  OSTLER_TRY(process::Pipe out, process::make_pipe(process::Ours::Reads));
  OSTLER_TRY(process::Pipe err, process::make_pipe(process::Ours::Reads));
  options.arguments = command.arguments;
  options.environment = std::move(environment);
  options.directory = place.directory;
  options.fds = {{out.theirs.get(), STDOUT_FILENO},
                 {(command.is_captured ? err : out).theirs.get(), STDERR_FILENO}};
  UniqueFd input = std::move(command.input_file);
  if (!command.input.empty()) {
    OSTLER_TRY(input, input_file(command.input));
  }
  if (input) options.fds.push_back({input.get(), STDIN_FILENO});
  options.group = process::Group::NewGroup;
  options.parent_death_signal = SIGKILL;
  OSTLER_TRY(child, process::spawn(options));
  outputs.push_back(
      std::make_unique<CommandOutput>(executor, std::move(out.ours), log, command.is_captured));
  outputs.push_back(std::make_unique<CommandOutput>(executor, std::move(err.ours), log, false));
  return success();
}

void HostCommands::Running::watch_time() {
  if (command.time_limit == nanoseconds(0)) return;
  limit.expires_after(command.time_limit);
  limit.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
    if (ec) return;
    const HostCommand& late = self->command;
    self->stop(Error(Errc::Timeout, late.arguments.front() + " did not end within " +
                                        seconds_text(late.time_limit) + " and was stopped"),
               kStopsWithin);
  });
}

void HostCommands::Running::stop(Error why, nanoseconds grace) {
  if (stopped) return;
  stopped = std::move(why);
  child->signal_group(stop_signal);
  killer.expires_after(grace);
  killer.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
    if (!ec) self->child->signal_group(SIGKILL);
  });
}

void HostCommands::Running::kill() {
  if (!stopped) stopped = command_cancelled();
  child->signal_group(SIGKILL);
}

asio::awaitable<void> HostCommands::Running::wait_for_end() {
  const int copy = ::dup(child->pidfd());
  if (copy < 0) co_return;
  asio::posix::stream_descriptor gone(limit.get_executor(), copy);
  co_await gone.async_wait(asio::posix::stream_descriptor::wait_read,
                           asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<process::ExitStatus> HostCommands::Running::carry_to_end(
    const asio::any_io_executor& executor) {
  net::TaskGroup carrying(executor);
  for (const auto& output : outputs) carrying.spawn(output->carry());
  co_await wait_for_end();
  // What it left in its group ends with it, as long as nobody else can have the group's number.
  child->signal_group(SIGKILL);
  const auto status = co_await process::async_wait(*child);
  limit.cancel();
  killer.cancel();
  for (const auto& output : outputs) output->finish();
  co_await carrying.join();
  co_return status ? status.value() : process::ExitStatus(process::Exited{1});
}

HostCommands::HostCommands(const asio::any_io_executor& executor, StepLog& log)
    : executor_(executor), log_(log), tasks_(executor) {}

HostCommands::~HostCommands() = default;

Result<void> HostCommands::start(HostCommand command, const CommandPlace& place,
                                 std::vector<std::string> environment, Done done) {
  if (is_cancelled_ || is_over_) return command_cancelled();
  if (running_.size() == kMostCommands) {
    return Error(Errc::Unavailable, "16 commands of the plugin run already");
  }
  auto running =
      std::make_shared<Running>(executor_, std::move(command), place.stop_signal, std::move(done));
  OSTLER_TRY(running->start(executor_, log_, place, std::move(environment)));
  running->watch_time();
  running_.push_back(running);
  tasks_.spawn(follow(std::move(running)));
  return success();
}

asio::awaitable<void> HostCommands::follow(std::shared_ptr<Running> running) {
  const process::ExitStatus status = co_await running->carry_to_end(executor_);
  CommandOutput& out = *running->outputs.front();
  HostCommandEnd end{.status = status, .output = {}, .is_truncated = out.is_truncated()};
  if (running->command.is_captured) end.output = std::move(out.kept());
  Result<std::string> answer = encode_command_end(end);
  if (running->stopped) answer = *running->stopped;
  co_await running->done(std::move(answer));
  std::erase(running_, running);
}

void HostCommands::cancel(nanoseconds rest) {
  is_cancelled_ = true;
  const nanoseconds grace = std::min<nanoseconds>(kStopsWithin, rest / 2);
  for (const auto& running : running_) running->stop(command_cancelled(), grace);
}

void HostCommands::begin_cleanup() { is_cancelled_ = false; }

void HostCommands::kill() {
  is_over_ = true;
  for (const auto& running : running_) running->kill();
}

asio::awaitable<void> HostCommands::end() { co_await tasks_.join(); }

}  // namespace ostler::plugin_host
