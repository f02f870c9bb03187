// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/running_command.hpp"

#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "files/file.hpp"
#include "plugin_host/box_usage.hpp"
#include "plugin_host/command_profile.hpp"
#include "plugin_host/sealed_copy.hpp"
#include "process/async_wait.hpp"
#include "process/pipe.hpp"

namespace ostler::plugin_host {

namespace asio = boost::asio;
using std::chrono::nanoseconds;

namespace {

constexpr std::chrono::seconds kCommandStopsWithin{5};  // a command that was asked to end
constexpr std::chrono::seconds kCommandDiesWithin{5};   // one that was killed

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

void add_listeners(const std::vector<int>& listeners, process::SpawnOptions& options) {
  int number = 3;  // as systemd hands sockets over
  for (const int listener : listeners) options.fds.push_back({listener, number++});
  if (!listeners.empty()) options.pid_variable = "LISTEN_PID";
}

std::string seconds_text(nanoseconds duration) {
  const auto tenths = duration.count() / 100'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

struct RunningCommand::Timers {
  explicit Timers(const asio::any_io_executor& executor)
      : limit(executor), killer(executor), last(executor), leader(executor) {}
  asio::steady_timer limit;
  asio::steady_timer killer;
  asio::steady_timer last;                ///< after which a command that was killed is left alone
  asio::posix::stream_descriptor leader;  ///< readable when it has ended
};

RunningCommand::~RunningCommand() = default;

RunningCommand::RunningCommand(const asio::any_io_executor& executor, net::TaskGroup& tasks,
                               HostCommand command, int stop_signal)
    : executor_(executor),
      tasks_(tasks),
      command_(std::move(command)),
      stop_signal_(stop_signal),
      timers_(std::make_unique<Timers>(executor)),
      ended_(executor) {}

/// What the child reads; none: /dev/null.
Result<UniqueFd> RunningCommand::open_input() {
  if (command_.has_open_input) {
    OSTLER_TRY(process::Pipe pipe, process::make_pipe(process::Ours::Writes));
    input_ = std::make_shared<CommandInput>(executor_, std::move(pipe.ours), tasks_);
    return std::move(pipe.theirs);
  }
  if (!command_.input.empty()) return input_file(command_.input);
  return std::move(command_.input_file);
}

std::shared_ptr<CommandSink> RunningCommand::output_sink(StepLog& log) {
  if (command_.output) return command_.output;
  if (!command_.is_captured) return std::make_shared<LoggedOutput>(log);
  kept_ = std::make_shared<KeptOutput>();
  return kept_;
}

/// What goes to the log goes there by one pipe, in the order in which it was written.
Result<void> RunningCommand::start(StepLog& log, const CommandPlace& place,
                                   std::vector<std::string> environment) {
  process::SpawnOptions options;
  process::Confinement confinement;
  if (command_.is_confined) {
    OSTLER_TRY(confinement, confine_to_workspace(place));
    environment = workspace_environment(std::move(environment), place);
    options.confinement = &confinement;
  }
  OSTLER_TRY(options.executable,
             process::find_executable(command_.arguments.front(), search_path_of(environment)));
  OSTLER_TRY(process::Pipe out, process::make_pipe(process::Ours::Reads));
  OSTLER_TRY(process::Pipe err, process::make_pipe(process::Ours::Reads));
  OSTLER_TRY(const UniqueFd in, open_input());
  const bool is_logged = !command_.output && !command_.is_captured;
  const bool is_one = is_logged && !command_.errors;
  options.arguments = command_.arguments;
  options.environment = std::move(environment);
  options.directory = place.directory;
  options.fds = {{out.theirs.get(), STDOUT_FILENO},
                 {(is_one ? out : err).theirs.get(), STDERR_FILENO}};
  if (in) options.fds.push_back({in.get(), STDIN_FILENO});
  add_listeners(place.listeners, options);
  // It has no terminal to type into, and cannot leave its group: whoever leads a session cannot.
  options.group = process::Group::NewSession;
  options.parent_death_signal = SIGKILL;
  OSTLER_TRY(child_, process::spawn(options));
  OSTLER_TRY(watch_leader());
  std::shared_ptr<CommandSink> errors = command_.errors;
  if (!errors) errors = std::make_shared<LoggedOutput>(log);
  outputs_.push_back(
      std::make_unique<CommandOutput>(executor_, std::move(out.ours), output_sink(log)));
  outputs_.push_back(
      std::make_unique<CommandOutput>(executor_, std::move(err.ours), std::move(errors)));
  watch_time();
  return success();
}

void RunningCommand::watch_time() {
  if (command_.time_limit == nanoseconds(0)) return;
  timers_->limit.expires_after(command_.time_limit);
  timers_->limit.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
    if (ec) return;
    const HostCommand& late = self->command_;
    self->stop(Error(Errc::Timeout, late.arguments.front() + " did not end within " +
                                        seconds_text(late.time_limit) + " and was stopped"),
               kCommandStopsWithin);
  });
}

void RunningCommand::stop(Error why, nanoseconds grace) {
  if (stopped_ || end_) return;
  stopped_ = std::move(why);
  child_->signal_group(stop_signal_);
  timers_->killer.expires_after(grace);
  timers_->killer.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
    if (!ec) self->kill_now();
  });
}

void RunningCommand::kill(Error why) {
  if (!stopped_) stopped_ = std::move(why);
  kill_now();
}

/// SIGKILL has no effect on what another user runs now, or on what the kernel does not let go.
void RunningCommand::kill_now() {
  child_->signal_group(SIGKILL);
  if (is_killed_) return;
  is_killed_ = true;
  timers_->last.expires_after(kCommandDiesWithin);
  timers_->last.async_wait([self = shared_from_this()](const boost::system::error_code& ec) {
    if (!ec) self->timers_->leader.cancel();
  });
}

Result<void> RunningCommand::signal(int number) {
  if (end_) return Error(Errc::Conflict, "the command has ended");
  child_->signal_group(number);
  return success();
}

Result<void> RunningCommand::watch_leader() {
  const int copy = ::dup(child_->pidfd());
  if (copy < 0) return Error::from_errno(errno, "watch " + command_.arguments.front());
  timers_->leader.assign(copy);
  return success();
}

asio::awaitable<void> RunningCommand::wait_for_leader() {
  co_await timers_->leader.async_wait(asio::posix::stream_descriptor::wait_read,
                                      asio::as_tuple(asio::use_awaitable));
}

/// Nothing that outlives SIGKILL may hold up the job, and nobody waits for its end any more.
process::ExitStatus RunningCommand::leave_behind(StepLog& log) {
  const std::string pid = std::to_string(child_->release());
  log.message(Severity::Warning, command_.arguments.front() + " (process " + pid +
                                     ") could not be killed and still runs; end it by hand");
  return process::Signalled{SIGKILL};
}

asio::awaitable<void> RunningCommand::follow(StepLog& log) {
  const auto self = shared_from_this();
  net::TaskGroup carrying(executor_);
  for (const auto& output : outputs_) carrying.spawn(output->carry());
  co_await wait_for_leader();
  // What it left in its group ends with it, as long as nobody else can have the group's number.
  child_->signal_group(SIGKILL);
  processor_ = processor_of_ended(child_->pid());
  const auto status = co_await process::async_wait(*child_, std::chrono::seconds(0));
  timers_->limit.cancel();
  if (input_) input_->close();
  for (const auto& output : outputs_) output->finish();
  co_await carrying.join();
  timers_->killer.cancel();
  timers_->last.cancel();
  note_end(status ? status.value() : leave_behind(log));
}

void RunningCommand::note_end(process::ExitStatus status) {
  HostCommandEnd end{.status = status};
  end.is_late = stopped_ && stopped_->code() == Errc::Timeout;
  if (kept_) {
    end.output = std::move(kept_->kept());
    end.is_truncated = kept_->is_truncated();
  }
  end_ = std::move(end);
  ended_.set();
}

}  // namespace ostler::plugin_host
