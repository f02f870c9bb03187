// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/command_calls.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <utility>

namespace ostler::plugin_host {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t kMostOpenCommands = 16;
constexpr std::int64_t kLongestLimit = std::int64_t{1000} * 3600 * 24 * 365;  // ms
constexpr std::size_t kFirstWord = 3;  // behind how, time limit and input

/// Of the methods on a command that is open: how many arguments, the name included.
constexpr std::pair<std::string_view, std::size_t> kMethodsOnOpen[] = {
    {"write", 2}, {"close-input", 1}, {"read", 2}, {"signal", 2}, {"wait", 2}, {"close", 1}};

Result<std::int64_t> number_of(const std::string& text, const char* what, std::int64_t most) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end && number >= 0) return std::min(number, most);
  return Error(Errc::UserFault, std::string(what) + " of a command is no number: " + text);
}

Result<milliseconds> limit_of(const std::string& text) {
  OSTLER_TRY(const std::int64_t number, number_of(text, "the time limit", kLongestLimit));
  return milliseconds(number);
}

bool has(const std::string& how, char letter) { return how.find(letter) != how.npos; }

/// How, time limit, input, words.
Result<HostCommand> read_command(CommandCalls::Arguments& given, std::string_view allowed) {
  if (given.size() <= kFirstWord || given[kFirstWord].empty()) {
    return Error(Errc::UserFault, "a command without a program");
  }
  if (given[0].find_first_not_of(allowed) != std::string::npos) {
    return Error(Errc::UserFault, "of how a command runs there are the letters " +
                                      std::string(allowed) + ", not " + given[0]);
  }
  HostCommand command;
  OSTLER_TRY(command.time_limit, limit_of(given[1]));
  command.input = std::move(given[2]);
  for (std::size_t i = kFirstWord; i < given.size(); ++i) {
    if (given[i].find('\0') != std::string::npos) {
      return Error(Errc::UserFault, "an argument of a command has a NUL in it");
    }
    command.arguments.push_back(std::move(given[i]));
  }
  return command;
}

}  // namespace

struct CommandCalls::Open {
  Program program;
  std::shared_ptr<ReadOutput> output;  ///< none: the plugin does not read it
  std::shared_ptr<ReadOutput> errors;
};

/// A command that is to be started.
struct CommandCalls::Start {
  Arguments arguments;
  const CommandPlace& place;
  const StepServices& services;

  bool is_confined() const {
    return place.profile == CommandProfile::Workspace || has(arguments[0], 'w');
  }
  /// For the command, by what the manifest says or as the plugin wants it for this one.
  std::vector<std::string> environment() const {
    return services.command_environment(is_confined() ? CommandProfile::Workspace
                                                      : CommandProfile::Host);
  }
};

CommandCalls::CommandCalls(const asio::any_io_executor& executor, HostCommands& commands)
    : executor_(executor), commands_(commands), tasks_(executor) {}

CommandCalls::~CommandCalls() = default;

AtCancel CommandCalls::at_cancel(const std::string& method) {
  if (method == "close") return AtCancel::Works;
  return method == "run" ? AtCancel::EndsItself : AtCancel::Ends;
}

void CommandCalls::begin(const std::string& method, Arguments arguments, const CommandPlace& place,
                         const StepServices& services, CallDone done) {
  if (method == "run" || method == "start") {
    return start(method, {std::move(arguments), place, services}, std::move(done));
  }
  const auto* known =
      std::ranges::find(kMethodsOnOpen, method, &std::pair<std::string_view, std::size_t>::first);
  if (known == std::end(kMethodsOnOpen)) {
    return done(Error(Errc::NotFound, "this host has no call ostler.command/1/" + method));
  }
  if (arguments.size() != known->second) {
    return done(Error(Errc::UserFault, "ostler.command/1/" + method + " takes " +
                                           std::to_string(known->second) + " arguments, not " +
                                           std::to_string(arguments.size())));
  }
  if (method == "close") return close(arguments[0], std::move(done));
  const auto found = open_.find(arguments[0]);
  if (found != open_.end()) return use(method, found->second, arguments, std::move(done));
  done(Error(Errc::NotFound, "no command of that name is open: " + arguments[0]));
}

void CommandCalls::start(const std::string& method, Start what, CallDone done) {
  if (method == "start") return start_open(std::move(what), std::move(done));
  auto command = read_command(what.arguments, "ow");
  if (!command) return done(std::move(command).error());
  command.value().is_captured = has(what.arguments[0], 'o');
  command.value().is_confined = what.is_confined();
  const auto tell = [done](Result<HostCommandEnd> end) {
    if (!end) return done(std::move(end).error());
    done(encode_command_end(end.value()));
  };
  const auto started =
      commands_.start(std::move(command).value(), what.place, what.environment(), tell);
  if (!started) done(started.error());
}

void CommandCalls::start_open(Start what, CallDone done) {
  auto command = read_command(what.arguments, "oeiw");
  if (!command) return done(std::move(command).error());
  if (open_.size() >= kMostOpenCommands) {
    return done(Error(Errc::Unavailable, "16 commands of the plugin are open already; close some"));
  }
  const std::string& how = what.arguments[0];
  Open open;
  if (has(how, 'o')) open.output = std::make_shared<ReadOutput>(executor_);
  if (has(how, 'e')) open.errors = std::make_shared<ReadOutput>(executor_);
  command.value().output = open.output;
  command.value().errors = open.errors;
  command.value().has_open_input = has(how, 'i');
  command.value().is_confined = what.is_confined();
  auto started =
      commands_.start(std::move(command).value(), what.place, what.environment(), nullptr);
  if (!started) return done(std::move(started).error());
  open.program = std::move(started).value();
  std::string name = std::to_string(++last_name_);
  open_.emplace(name, std::move(open));
  done(std::move(name));
}

void CommandCalls::close(const std::string& name, CallDone done) {
  const auto found = open_.find(name);
  if (found == open_.end()) return done(std::string());
  const Open open = std::move(found->second);
  open_.erase(found);
  if (!open.program->end()) open.program->kill(Error(Errc::Cancelled, "it was closed"));
  for (const auto& output : {open.output, open.errors}) {
    if (output) output->discard();
  }
  tasks_.spawn(wait_for_close(open.program, std::move(done)));
}

asio::awaitable<void> CommandCalls::wait_for_close(Program program, CallDone done) {
  while (!program->end()) (void)co_await program->ended().wait();
  done(std::string());
}

/// A program that ends while its last waiter is called answers that waiter.
asio::awaitable<void> CommandCalls::wait(Program program, milliseconds limit, CallDone done) {
  const auto most = limit == milliseconds(0) ? std::chrono::steady_clock::duration::max() : limit;
  (void)co_await program->ended().wait(most);
  if (program->end()) co_return done(encode_command_end(*program->end()));
  done(Error(Errc::Timeout,
             "the command runs longer than " + std::to_string(limit.count()) + " ms; it goes on"));
}

void CommandCalls::use(const std::string& method, Open& open, Arguments& arguments, CallDone done) {
  const auto no_stream = [&](const char* what) {
    done(Error(Errc::UserFault, std::string("the command was started without ") + what));
  };
  const std::shared_ptr<CommandInput>& input = open.program->input();
  if (method == "write" || method == "close-input") {
    if (!input) return no_stream("an input that is open");
    if (method == "write") return input->write(std::move(arguments[1]), std::move(done));
    input->close();
    return done(std::string());
  }
  if (method == "read") {
    const auto& stream = arguments[1] == "errors" ? open.errors : open.output;
    if (!stream) return no_stream("that stream for the plugin");
    return stream->read(std::move(done));
  }
  if (method == "signal") {
    const auto number = number_of(arguments[1], "the signal", SIGRTMAX + 1);
    const bool fits = number && number.value() > 0 && number.value() <= SIGRTMAX;
    if (!fits) return done(Error(Errc::UserFault, "no number of a signal: " + arguments[1]));
    const auto sent = open.program->signal(static_cast<int>(number.value()));
    return done(sent ? Result<std::string>(std::string()) : sent.error());
  }
  const auto limit = limit_of(arguments[1]);
  if (!limit) return done(limit.error());
  tasks_.spawn(wait(open.program, limit.value(), std::move(done)));
}

void CommandCalls::break_off() {
  for (const auto& [name, open] : open_) {
    if (open.output) open.output->break_off();
    if (open.errors) open.errors->break_off();
    if (open.program->input()) open.program->input()->break_off();
  }
}

asio::awaitable<void> CommandCalls::end() { co_await tasks_.join(); }

}  // namespace ostler::plugin_host
