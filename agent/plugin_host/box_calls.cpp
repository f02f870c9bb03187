// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_calls.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "plugin_host/service_answer.hpp"

namespace ostler::plugin_host {

namespace asio = boost::asio;
using supervise::BoxAnswer;
using supervise::BoxAsk;

namespace {

Error no_commands() {
  return Error(Errc::Denied,
               "the plugin may run no programs; its plugin.json asks for them by "
               "\"permissions\": {\"commands\": \"workspace\"}, or \"host\"");
}

}  // namespace

BoxCalls::BoxCalls(const asio::any_io_executor& executor, const BoxSpec& spec,
                   StepServices& services, StepLog& log)
    : spec_(spec),
      services_(services),
      answers_(executor),
      commands_(executor, log),
      command_calls_(executor, commands_),
      open_([this](std::uint32_t id, Result<std::string> found) {
        answers_.spawn(answer(id, std::move(found)));
      }) {}

Result<std::optional<BoxAnswer>> BoxCalls::take(BoxAsk said, supervise::AsyncChannel& channel) {
  channel_ = &channel;
  const std::size_t end = said.method.rfind('/');
  const std::string service = said.method.substr(0, end);
  const std::string what = end == said.method.npos ? "" : said.method.substr(end + 1);
  if (service == CommandCalls::kId) {
    if (spec_.commands) return begin(said, CommandCalls::at_cancel(what), true);
    return std::optional(service_answer(said.id, no_commands()));
  }
  if (StepServices::is_call_on_server(said.method) ||
      std::ranges::find(spec_.services, service) != spec_.services.end()) {
    return begin(said, what == "close" ? AtCancel::Works : AtCancel::Ends, false);
  }
  const auto argument = [&](std::size_t i) {
    return i < said.arguments.size() ? std::move(said.arguments[i].first) : std::string();
  };
  return std::optional(
      service_answer(said.id, services_.answer(said.method, argument(0), argument(1))));
}

/// Its answer comes when it is there.
Result<std::optional<BoxAnswer>> BoxCalls::begin(BoxAsk& said, AtCancel at_cancel,
                                                 bool is_command) {
  auto done = open_.begin(said.id, at_cancel);
  if (!done && done.error().code() == Errc::Protocol) return std::move(done).error();
  if (!done) return std::optional(service_answer(said.id, done.error()));
  std::vector<std::string> arguments;
  for (auto& [argument, unused] : said.arguments) arguments.push_back(std::move(argument));
  if (is_command) {
    CommandPlace place = *spec_.commands;
    place.listeners = services_.command_descriptors();
    command_calls_.begin(said.method.substr(CommandCalls::kId.size() + 1), std::move(arguments),
                         place, services_, std::move(done).value());
  } else {
    services_.begin_call(said.method, std::move(arguments), std::move(done).value(), commands_);
  }
  return std::optional<BoxAnswer>();
}

/// A plugin that does not read its answers gets no further calls.
asio::awaitable<void> BoxCalls::answer(std::uint32_t id, Result<std::string> found) {
  // A box that is gone needs none.
  (void)co_await channel_->send(service_answer(id, std::move(found)));
  open_.finish(id);
}

void BoxCalls::cancel(std::chrono::nanoseconds grace) {
  commands_.cancel(grace);
  open_.cancel();
  command_calls_.break_off();
  services_.cancel_calls();
}

void BoxCalls::begin_cleanup() {
  commands_.begin_cleanup();
  open_.begin_cleanup();
}

void BoxCalls::kill() {
  commands_.kill();
  open_.end();
}

asio::awaitable<void> BoxCalls::end() {
  answers_.cancel();
  co_await answers_.join();
  co_await commands_.end();
  co_await command_calls_.end();
}

}  // namespace ostler::plugin_host
