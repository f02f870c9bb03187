// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_run.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/off_loop.hpp"
#include "plugin_host/box_run_state.hpp"
#include "plugin_host/box_start.hpp"
#include "plugin_host/crash_symbol.hpp"
#include "process/async_wait.hpp"
#include "process/pipe.hpp"
#include "supervise/channel.hpp"

namespace ostler::plugin_host {

namespace asio = boost::asio;
using std::chrono::nanoseconds;

namespace {

constexpr int kSocketFd = 3;
constexpr int kCodeFd = 4;  // of the plugin; of the libraries from the next one on
constexpr unsigned kFramesAtOnce = 64;
constexpr std::chrono::seconds kSayLast{2};  // for what a dead box has still on its way

/// Secrets go first, those that the host has learned of since, too: half of one is not found.
void show_beginning(StepResult& result, StepLog& log) {
  for (std::string* text : {&result.message, &result.hint}) {
    *text = log.without_secrets(*text, false);
    keep_first_line(*text);
  }
}

}  // namespace

std::vector<CodeFile> named_code(std::vector<std::string> names, std::vector<UniqueFd> files) {
  std::vector<CodeFile> code;
  for (std::size_t i = 0; i < names.size(); ++i) {
    code.push_back({std::move(names[i]), std::move(files[i])});
  }
  return code;
}

BoxRun::State::State(const asio::any_io_executor& on, StepServices& services, StepLog& into)
    : executor(on),
      log(into),
      talk(into),
      output(on, into),
      has_returned(on),
      over(on),
      ended(on),
      deadline_moved(on),
      tasks(on),
      calls(on, spec, services, into) {}

Result<void> BoxRun::State::start() {
  OSTLER_TRY(auto message, start_message(spec));
  OSTLER_TRY(auto sockets, supervise::make_socket_pair());
  OSTLER_TRY(process::Pipe pipe, process::make_pipe(process::Ours::Reads));
  // The box waits in its calls, we do not.
  ::fcntl(sockets.second.get(), F_SETFL, 0);
  process::SpawnOptions options;
  options.executable = spec.program;
  options.arguments = {"ostler-box", spec.code.front().name};
  options.environment = box_environment(spec);
  options.directory = spec.directory;
  options.fds = {{pipe.theirs.get(), STDOUT_FILENO},
                 {pipe.theirs.get(), STDERR_FILENO},
                 {sockets.second.get(), kSocketFd}};
  int place = kCodeFd;
  for (const CodeFile& one : spec.code) options.fds.push_back({one.file.get(), place++});
  options.group = process::Group::NewSession;  // it has no terminal to type into
  options.parent_death_signal = SIGKILL;
  OSTLER_TRY(child, process::spawn(options));
  meter.emplace(child->pid());
  OSTLER_TRY(channel, supervise::AsyncChannel::adopt(executor, std::move(sockets.first),
                                                     supervise::kLongestFromBox));
  output.adopt(std::move(pipe.ours));
  evidence.library = spec.code.front().name;
  evidence.is_program = spec.is_program;
  channel->post(message);
  return success();
}

void BoxRun::State::end_stage() {
  stage = Stage::Over;
  over.set();
}

void BoxRun::State::kill(std::string why) {
  if (stage == Stage::Over) return;
  end_stage();
  evidence.killed_for = std::move(why);
  meter->look();
  child->signal_group(SIGKILL);
}

void BoxRun::State::send_cancel() {
  channel->post(supervise::BoxCancel{static_cast<std::uint8_t>(reason), *deadline});
}

/// Until the box is gone, or says what it may not.
asio::awaitable<void> BoxRun::State::listen() {
  for (unsigned taken_so_far = 1;; ++taken_so_far) {
    // Lets all else of the loop have its turn: a plugin may write faster than we read.
    if (taken_so_far % kFramesAtOnce == 0) co_await asio::post(executor, asio::use_awaitable);
    const auto frame = co_await channel->receive();
    if (!frame && frame.error().code() != Errc::Protocol) co_return;
    answer.reset();
    const auto taken = frame ? take(frame.value()) : Result<void>(frame.error());
    if (!taken) {
      evidence.violation = taken.error().message();
      end_stage();
      child->signal_group(SIGKILL);
      co_return;
    }
    if (answer && !co_await channel->send(*answer)) co_return;
    co_await log.room();
  }
}

asio::awaitable<void> BoxRun::State::wait_for_end() {
  const int copy = ::dup(child->pidfd());
  if (copy < 0) co_return;
  asio::posix::stream_descriptor gone(executor, copy);
  co_await gone.async_wait(asio::posix::stream_descriptor::wait_read,
                           asio::as_tuple(asio::use_awaitable));
}

/// Those that wait for the end are told of it; what begun calls still do is waited for.
asio::awaitable<void> BoxRun::State::end_tasks() {
  channel->close();
  ended.set();
  deadline_moved.set();
  output.cancel();
  tasks.cancel();
  co_await tasks.join();
  co_await calls.end();
}

asio::awaitable<BoxVerdict> BoxRun::State::follow() {
  net::TaskGroup reading(executor);
  reading.spawn(listen());
  tasks.spawn(output.carry());
  spawn_limits();
  co_await wait_for_end();
  BoxUsage usage = meter->of_ended();
  // Its own children, if it forked, hold the pipe and the socket; they cannot leave its group.
  child->signal_group(SIGKILL);
  calls.kill();
  const auto status = co_await process::async_wait(*child);
  asio::steady_timer last(executor, kSayLast);
  last.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) channel->close();
  });
  co_await reading.join();
  last.cancel();
  co_await end_tasks();
  co_await output.carry_rest();
  talk.finish();
  evidence.is_cancelled = deadline.has_value();
  if (evidence.crash && !evidence.is_program) {
    evidence = co_await net::off_loop([this] { return with_names(evidence, spec.code); });
  }
  BoxVerdict verdict =
      judge(evidence, status ? status.value() : process::ExitStatus(process::Exited{1}));
  show_beginning(verdict.result, log);
  usage.commands = calls.usage();
  verdict.usage = usage;
  co_return verdict;
}

BoxRun::BoxRun(const asio::any_io_executor& executor, StepServices& services, StepLog& log)
    : state_(std::make_unique<State>(executor, services, log)) {}
BoxRun::~BoxRun() = default;

asio::awaitable<Result<BoxVerdict>> BoxRun::run(BoxSpec spec) {
  ::signal(SIGPIPE, SIG_IGN);  // who writes to a command that reads no more is told by the call
  state_->spec = std::move(spec);
  OSTLER_CO_TRY(state_->start());
  co_return co_await state_->follow();
}

void BoxRun::cancel(supervise::CancelReason reason, nanoseconds grace) {
  const std::int64_t end = ticks_now() + grace.count();
  const bool is_first = !state_->deadline;
  if (!is_first && end >= *state_->deadline) return;
  if (is_first) state_->reason = reason;
  state_->deadline = end;
  if (is_first) state_->calls.cancel(grace);
  // Before it may run it only waits for Go.
  if (state_->stage == State::Stage::Running) state_->send_cancel();
  state_->deadline_moved.set();
}

}  // namespace ostler::plugin_host
