// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_run.hpp"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <optional>

#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "plugin_host/box_start.hpp"
#include "plugin_host/box_talk.hpp"
#include "plugin_host/box_verdict.hpp"
#include "plugin_host/command_calls.hpp"
#include "plugin_host/crash_symbol.hpp"
#include "plugin_host/open_calls.hpp"
#include "plugin_host/service_answer.hpp"
#include "process/async_wait.hpp"
#include "process/pipe.hpp"
#include "process/spawn.hpp"
#include "supervise/async_channel.hpp"
#include "supervise/channel.hpp"

namespace ostler::plugin_host {

namespace asio = boost::asio;
using std::chrono::nanoseconds;
using supervise::Frame;

namespace {

constexpr int kSocketFd = 3;
constexpr int kLibraryFd = 4;
constexpr std::size_t kPiece = 32 << 10;
constexpr unsigned kFramesAtOnce = 64;
constexpr std::size_t kMostLeftOver = 4 << 20;  // more than pipe and socket hold together
constexpr std::chrono::seconds kEndLast{5};     // for a box that says it is over, to be so
constexpr std::chrono::seconds kBetweenLooks{1};
constexpr std::chrono::seconds kSayLast{2};  // for what a dead box has still on its way

// At these a box, or the SDK, cuts what a plugin has said.
constexpr std::size_t kBoxCutsMessageAt = 64 << 10;
constexpr std::size_t kBoxCutsReasonAt = 4095;

StepResult looked_at() { return {.outcome = Outcome::Passed, .exit_status = 0}; }

/// Secrets go first, those that the host has learned of since, too: half of one is not found.
void show_beginning(StepResult& result, StepLog& log) {
  for (std::string* text : {&result.message, &result.hint}) {
    *text = log.without_secrets(*text, false);
    keep_first_line(*text);
  }
}

std::int64_t ticks_now() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

struct BoxRun::State {
  State(const asio::any_io_executor& on, StepServices& given, StepLog& into)
      : executor(on),
        services(given),
        log(into),
        talk(into),
        over(on),
        ended(on),
        killer(on),
        tasks(on),
        commands(on, into),
        command_calls(on, commands),
        calls([this](std::uint32_t id, Result<std::string> found) {
          tasks.spawn(answer_call(id, std::move(found)));
        }) {}

  // How far the box is; what it says must fit.
  enum class Stage { Started, Confined, Running, Over };

  asio::any_io_executor executor;
  StepServices& services;
  StepLog& log;
  BoxSpec spec;
  BoxEvidence evidence;
  Stage stage = Stage::Started;
  std::optional<process::Child> child;
  std::optional<BoxMeter> meter;
  std::optional<supervise::AsyncChannel> channel;
  std::optional<asio::posix::stream_descriptor> output;
  std::optional<std::int64_t> deadline;  ///< of a cancel
  supervise::CancelReason reason{};
  BoxTalk talk;
  std::optional<supervise::BoxAnswer> answer;  ///< to the message that was taken last
  net::AsyncEvent over;                        ///< `stage` is Over
  net::AsyncEvent ended;                       ///< the process is gone
  asio::steady_timer killer;
  net::TaskGroup tasks;
  HostCommands commands;
  CommandCalls command_calls;
  OpenCalls calls;

  Result<void> start();
  asio::awaitable<BoxVerdict> follow();
  asio::awaitable<void> wait_for_end();
  asio::awaitable<void> listen();
  asio::awaitable<void> carry_output();
  asio::awaitable<void> kill_in_time();
  asio::awaitable<void> kill_unready();
  asio::awaitable<void> look_often();
  asio::awaitable<void> give_way();
  bool carry_some(std::size_t& carried);
  asio::awaitable<void> kill_lingering();
  void end_stage();
  void kill(std::string why);
  void send_cancel();
  asio::awaitable<void> send_answer(std::uint32_t id, Result<std::string> found);
  asio::awaitable<void> answer_call(std::uint32_t id, Result<std::string> found);

  Result<void> take(const Frame& frame);
  Result<void> take_confined(const Frame& frame);
  Result<void> take_mapped(const Frame& frame);
  Result<void> end_after_mapping();
  Result<void> take_ask(const Frame& frame);
  Result<void> begin_call(supervise::BoxAsk& said, AtCancel at_cancel, bool is_command);
  Result<void> take_result(const Frame& frame);
  Result<void> take_ended(const Frame& frame);
  Result<void> take_fault(const Frame& frame);
  Result<void> take_crash(const Frame& frame);
};

Result<void> BoxRun::State::start() {
  OSTLER_TRY(auto message, start_message(spec));
  OSTLER_TRY(auto sockets, supervise::make_socket_pair());
  OSTLER_TRY(process::Pipe pipe, process::make_pipe(process::Ours::Reads));
  // The box waits in its calls, we do not.
  ::fcntl(sockets.second.get(), F_SETFL, 0);
  process::SpawnOptions options;
  options.executable = spec.program;
  options.arguments = {"ostler-box", spec.library_name};
  options.environment = box_environment(spec);
  options.directory = spec.directory;
  options.fds = {{pipe.theirs.get(), STDOUT_FILENO},
                 {pipe.theirs.get(), STDERR_FILENO},
                 {sockets.second.get(), kSocketFd},
                 {spec.library.get(), kLibraryFd}};
  options.group = process::Group::NewSession;  // it has no terminal to type into
  options.parent_death_signal = SIGKILL;
  OSTLER_TRY(child, process::spawn(options));
  meter.emplace(child->pid());
  OSTLER_TRY(channel, supervise::AsyncChannel::adopt(executor, std::move(sockets.first),
                                                     supervise::kLongestFromBox));
  output.emplace(executor, pipe.ours.release());
  evidence.library = spec.library_name;
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

/// A plugin that hangs in a constructor hangs before it can be told of a cancel.
asio::awaitable<void> BoxRun::State::kill_unready() {
  asio::steady_timer timer(executor, spec.ready_within);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  const bool is_mapped = stage == Stage::Running;
  if (stage == Stage::Over || (is_mapped && !spec.only_look) || ended.is_set()) co_return;
  kill("it was not ready " + std::to_string(spec.ready_within.count()) +
       " s after its start and was killed; look at what " +
       (is_mapped ? "create() and destroy() do" : "its constructors of statics do"));
}

asio::awaitable<void> BoxRun::State::look_often() {
  asio::steady_timer timer(executor);
  while (!ended.is_set()) {
    timer.expires_after(kBetweenLooks);
    const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    meter->look();
  }
}

/// Its word alone ends no process: a plugin can write to the socket as well.
asio::awaitable<void> BoxRun::State::kill_lingering() {
  if (!co_await over.wait()) co_return;
  asio::steady_timer timer(executor, kEndLast);
  const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  if (ec || ended.is_set()) co_return;
  if (evidence.killed_for.empty()) {
    evidence.killed_for =
        "it said that it was over, but its process did not end and was killed; "
        "look for what it starts besides run()";
  }
  child->signal_group(SIGKILL);
}

asio::awaitable<void> BoxRun::State::kill_in_time() {
  while (!ended.is_set()) {
    if (deadline && *deadline <= ticks_now()) {
      co_return kill("it did not stop in time after the cancel and was killed");
    }
    killer.expires_at(deadline ? asio::steady_timer::clock_type::now() +
                                     nanoseconds(*deadline - ticks_now())
                               : asio::steady_timer::time_point::max());
    co_await killer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

/// Lets all else of the loop have its turn: a plugin may write faster than we read.
asio::awaitable<void> BoxRun::State::give_way() {
  co_await asio::post(executor, asio::use_awaitable);
}

/// False when there is nothing to carry now, or no more at all.
bool BoxRun::State::carry_some(std::size_t& carried) {
  std::array<char, kPiece> piece;
  errno = 0;  // at the end of the pipe read() leaves it as it was
  const ssize_t size = ::read(output->native_handle(), piece.data(), piece.size());
  if (size < 0 && errno == EINTR) return true;
  if (size <= 0) return false;
  carried += static_cast<std::size_t>(size);
  log.output({piece.data(), static_cast<std::size_t>(size)});
  return true;
}

asio::awaitable<void> BoxRun::State::carry_output() {
  std::size_t carried = 0;
  while (!ended.is_set()) {
    if (carry_some(carried)) {
      co_await log.room();
      co_await give_way();
      continue;
    }
    const auto [ec] = co_await output->async_wait(asio::posix::stream_descriptor::wait_read,
                                                  asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    std::size_t more = 0;
    if (!carry_some(more) && errno != EAGAIN) co_return;  // the last writer is gone
  }
}

/// Until the box is gone, or says what it may not.
asio::awaitable<void> BoxRun::State::listen() {
  for (unsigned taken_so_far = 1;; ++taken_so_far) {
    if (taken_so_far % kFramesAtOnce == 0) co_await give_way();
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

asio::awaitable<BoxVerdict> BoxRun::State::follow() {
  net::TaskGroup reading(executor);
  reading.spawn(listen());
  tasks.spawn(carry_output());
  tasks.spawn(kill_in_time());
  tasks.spawn(kill_unready());
  tasks.spawn(kill_lingering());
  tasks.spawn(look_often());
  co_await wait_for_end();
  BoxUsage usage = meter->of_ended();
  // Its own children, if it forked, hold the pipe and the socket; they cannot leave its group.
  child->signal_group(SIGKILL);
  commands.kill();
  calls.end();
  const auto status = co_await process::async_wait(*child);
  asio::steady_timer last(executor, kSayLast);
  last.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) channel->close();
  });
  co_await reading.join();
  last.cancel();
  channel->close();
  ended.set();
  killer.cancel();
  output->cancel();
  tasks.cancel();
  co_await tasks.join();
  co_await commands.end();
  co_await command_calls.end();
  for (std::size_t carried = 0; carried < kMostLeftOver && carry_some(carried);) {
    co_await log.room();
  }
  talk.finish();
  evidence.is_cancelled = deadline.has_value();
  name_crash(evidence, spec.library.get());
  BoxVerdict verdict =
      judge(evidence, status ? status.value() : process::ExitStatus(process::Exited{1}));
  show_beginning(verdict.result, log);
  usage.commands = commands.usage();
  verdict.usage = usage;
  co_return verdict;
}

namespace {

Error out_of_place(const Frame& frame) {
  return Error(Errc::Protocol, "a message of type " +
                                   std::to_string(static_cast<unsigned>(frame.type)) +
                                   " came out of place");
}

Error no_commands() {
  return Error(Errc::Denied,
               "the plugin may run no programs; its plugin.json asks for them by "
               "\"permissions\": {\"commands\": \"workspace\"}, or \"host\"");
}

}  // namespace

Result<void> BoxRun::State::take(const Frame& frame) {
  if (frame.type == supervise::BoxFault::kType) return take_fault(frame);
  if (frame.type == supervise::BoxConfined::kType) return take_confined(frame);
  if (frame.type == supervise::BoxMapped::kType) return take_mapped(frame);
  if (frame.type == supervise::BoxCrash::kType) return take_crash(frame);
  if (stage == Stage::Over) return success();
  if (stage != Stage::Running) return out_of_place(frame);
  OSTLER_TRY(const bool is_talk, talk.take(frame));
  if (is_talk) return success();
  if (frame.type == supervise::BoxAsk::kType) return take_ask(frame);
  if (frame.type == supervise::BoxResult::kType) return take_result(frame);
  if (frame.type == supervise::BoxEnded::kType) return take_ended(frame);
  if (frame.type == supervise::BoxCleanup::kType) {
    commands.begin_cleanup();
    calls.begin_cleanup();
    return success();
  }
  return out_of_place(frame);
}

Result<void> BoxRun::State::take_confined(const Frame& frame) {
  if (stage != Stage::Started) return out_of_place(frame);
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxConfined>(frame));
  const bool system_calls = (said.measures & supervise::BoxConfined::kSystemCalls) != 0;
  if (!system_calls) return Error(Errc::Protocol, "it is not confined");
  log.confined({.system_calls = true,
                .files = (said.measures & supervise::BoxConfined::kFiles) != 0,
                .signals = (said.measures & supervise::BoxConfined::kScopes) != 0,
                .network = spec.network,
                .commands = spec.commands ? spec.commands->profile : CommandProfile::None});
  stage = Stage::Confined;
  return success();
}

Result<void> BoxRun::State::take_mapped(const Frame& frame) {
  if (stage != Stage::Confined) return out_of_place(frame);
  meter->look();  // it waits for its Go
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxMapped>(frame));
  const bool may_be_any = spec.only_look && spec.id.empty();
  if (!may_be_any && (said.id != spec.id || said.version != spec.version)) {
    end_stage();
    evidence.refusal = "its manifest says " + spec.id + "#" + spec.version + ", the library says " +
                       said.id + "#" + said.version + "; build both from one source";
    child->signal_group(SIGKILL);
    return success();
  }
  if (spec.only_look && spec.is_program) return end_after_mapping();
  if (spec.only_look) evidence.result = looked_at();
  stage = Stage::Running;
  channel->post(go_message(spec));
  if (deadline) send_cancel();
  return success();
}

/// Its end is ours to choose: a program has no step to make.
Result<void> BoxRun::State::end_after_mapping() {
  end_stage();
  evidence.ended.emplace();
  evidence.result = looked_at();
  channel->close();
  return success();
}

Result<void> BoxRun::State::take_ask(const Frame& frame) {
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxAsk>(frame));
  const std::size_t end = said.method.rfind('/');
  const std::string service = said.method.substr(0, end);
  const std::string what = end == said.method.npos ? "" : said.method.substr(end + 1);
  if (service == CommandCalls::kId) {
    if (spec.commands) return begin_call(said, CommandCalls::at_cancel(what), true);
    answer = service_answer(said.id, no_commands());
    return success();
  }
  if (StepServices::is_call_on_server(said.method) ||
      std::ranges::find(spec.services, service) != spec.services.end()) {
    return begin_call(said, what == "close" ? AtCancel::Works : AtCancel::Ends, false);
  }
  const auto argument = [&](std::size_t i) {
    return i < said.arguments.size() ? std::move(said.arguments[i].first) : std::string();
  };
  answer = service_answer(said.id, services.answer(said.method, argument(0), argument(1)));
  return success();
}

/// Its answer comes when it is there.
Result<void> BoxRun::State::begin_call(supervise::BoxAsk& said, AtCancel at_cancel,
                                       bool is_command) {
  auto done = calls.begin(said.id, at_cancel);
  if (!done && done.error().code() == Errc::Protocol) return std::move(done).error();
  if (!done) {
    answer = service_answer(said.id, done.error());
    return success();
  }
  std::vector<std::string> arguments;
  for (auto& [argument, unused] : said.arguments) arguments.push_back(std::move(argument));
  if (is_command) {
    CommandPlace place = *spec.commands;
    place.listeners = services.command_descriptors();
    command_calls.begin(said.method.substr(CommandCalls::kId.size() + 1), std::move(arguments),
                        place, services, std::move(done).value());
  } else {
    services.begin_call(said.method, std::move(arguments), std::move(done).value(), commands);
  }
  return success();
}

asio::awaitable<void> BoxRun::State::send_answer(std::uint32_t id, Result<std::string> found) {
  // A box that is gone needs none.
  (void)co_await channel->send(service_answer(id, std::move(found)));
}

/// A plugin that does not read its answers gets no further calls.
asio::awaitable<void> BoxRun::State::answer_call(std::uint32_t id, Result<std::string> found) {
  co_await send_answer(id, std::move(found));
  calls.finish(id);
}

Result<void> BoxRun::State::take_result(const Frame& frame) {
  meter->look();  // it waits for the answer
  OSTLER_TRY(auto said, supervise::decode<supervise::BoxResult>(frame));
  for (std::string* text : {&said.message, &said.hint}) {
    *text = log.without_secrets(*text, text->size() >= kBoxCutsMessageAt);
    std::string shown = *text;
    if (keep_first_line(shown)) log.message(Severity::Info, *text);
  }
  auto result = read_result(said);
  if (result) {
    evidence.result = std::move(result).value();
    answer = {said.id, 0, ""};
  } else {
    answer = service_answer(said.id, result.error());
  }
  return success();
}

Result<void> BoxRun::State::take_ended(const Frame& frame) {
  meter->look();
  OSTLER_TRY(evidence.ended, supervise::decode<supervise::BoxEnded>(frame));
  std::string& why = evidence.ended->reason;
  why = log.without_secrets(why, why.size() >= kBoxCutsReasonAt);
  end_stage();
  return success();
}

Result<void> BoxRun::State::take_fault(const Frame& frame) {
  if (stage == Stage::Over) return success();
  OSTLER_TRY(const auto said, supervise::decode<supervise::BoxFault>(frame));
  const bool is_breach = stage == Stage::Running && said.reason.starts_with(kThreadCheckId);
  (is_breach ? evidence.breach : evidence.refusal) =
      said.reason.empty() ? "it cannot be run" : said.reason;
  end_stage();
  return success();
}

Result<void> BoxRun::State::take_crash(const Frame& frame) {
  meter->look();
  OSTLER_TRY(evidence.crash, supervise::decode<supervise::BoxCrash>(frame));
  return success();
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
  if (is_first) {
    state_->commands.cancel(grace);
    state_->calls.cancel();
    state_->command_calls.break_off();
    state_->services.cancel_calls();
  }
  // Before it may run it only waits for Go.
  if (state_->stage == State::Stage::Running) state_->send_cancel();
  state_->killer.cancel();
}

}  // namespace ostler::plugin_host
