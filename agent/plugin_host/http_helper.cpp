// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_helper.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <map>
#include <optional>

#include "plugin_host/service_answer.hpp"
#include "process/async_wait.hpp"
#include "process/spawn.hpp"
#include "supervise/async_channel.hpp"
#include "supervise/channel.hpp"

namespace ostler::plugin_host {

namespace asio = boost::asio;

namespace {

constexpr int kHelperSocket = 3;

Error helper_gone() {
  return Error(Errc::Unavailable, "the process that makes the requests is gone");
}

}  // namespace

struct HttpHelper::State {
  process::Child child;
  supervise::AsyncChannel channel;
  std::map<std::uint32_t, CallDone> waiting = {};
  std::uint32_t last_id = 0;
  bool is_gone = false;
};

HttpHelper::HttpHelper(std::shared_ptr<State> state) : state_(std::move(state)) {}

HttpHelper::~HttpHelper() {
  state_->waiting.clear();
  state_->child.signal_group(SIGKILL);
  state_->channel.close();
}

Result<std::unique_ptr<HttpHelper>> HttpHelper::start(const asio::any_io_executor& executor,
                                                      const std::string& host_program,
                                                      std::vector<std::string> environment) {
  OSTLER_TRY(auto sockets, supervise::make_socket_pair());
  const UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  process::SpawnOptions options;
  options.executable = host_program;
  options.arguments = {"ostler-host", "job-http"};
  options.environment = std::move(environment);
  options.fds = {{nothing.get(), STDIN_FILENO},
                 {nothing.get(), STDOUT_FILENO},
                 {nothing.get(), STDERR_FILENO},
                 {sockets.second.get(), kHelperSocket}};
  options.group = process::Group::NewGroup;
  options.parent_death_signal = SIGKILL;
  OSTLER_TRY(process::Child child, process::spawn(options));
  OSTLER_TRY(auto channel, supervise::AsyncChannel::adopt(executor, std::move(sockets.first)));
  return std::unique_ptr<HttpHelper>(
      new HttpHelper(std::make_shared<State>(std::move(child), std::move(channel))));
}

void HttpHelper::begin(const std::string& method, const std::vector<std::string>& arguments,
                       CallDone done) {
  if (state_->is_gone) return done(helper_gone());
  supervise::BoxAsk ask{.id = ++state_->last_id, .method = method, .arguments = {}};
  for (const std::string& argument : arguments) ask.arguments.emplace_back(argument, "");
  state_->waiting.emplace(ask.id, std::move(done));
  state_->channel.post(ask);
}

bool HttpHelper::is_gone() const { return state_->is_gone; }

asio::awaitable<void> HttpHelper::listen() {
  const auto state = state_;  // this may be gone before the child is
  for (;;) {
    const auto frame = co_await state->channel.receive();
    auto answer = frame ? supervise::decode<supervise::BoxAnswer>(frame.value())
                        : Result<supervise::BoxAnswer>(frame.error());
    if (!answer) break;
    const auto found = state->waiting.find(answer.value().id);
    if (found == state->waiting.end()) continue;
    const CallDone done = std::move(found->second);
    state->waiting.erase(found);
    done(value_of_answer(std::move(answer).value()));
  }
  state->is_gone = true;
  for (auto& [id, done] : std::exchange(state->waiting, {})) {
    done(helper_gone());
  }
  state->child.signal_group(SIGKILL);
  (void)co_await process::async_wait(state->child);
}

}  // namespace ostler::plugin_host
