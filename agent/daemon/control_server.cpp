// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_server.hpp"

#include <signal.h>

#include "diag/log.hpp"
#include "wire/agent_api.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using net::ServerResponse;

/// In which the answer to detach reaches the one who asked.
constexpr std::chrono::milliseconds kLastWords{50};

ServerResponse done() { return net::json_response(200, "{}"); }

ServerResponse answer_to(const Result<void>& outcome) {
  if (outcome) return done();
  return net::json_response(500, wire::encode_message(outcome.error().message()));
}

}  // namespace

asio::awaitable<ServerResponse> ControlServer::handle(net::ServerRequest& request) {
  const std::string_view path = std::string_view(request.target).substr(1);
  if (request.method == "GET" && path == "status") {
    co_return net::json_response(200, encode(agent_.status()));
  }
  if (request.method == "POST") co_return obey(path);
  co_return net::json_response(404, wire::encode_message("no such call"));
}

ServerResponse ControlServer::obey(std::string_view word) {
  if (word == "pause") return answer_to(agent_.pause());
  if (word == "resume") return answer_to(agent_.resume());
  if (word == "stop") {
    diag::notice("told to stop: no new jobs, running ones go on");
    agent_.stop();
    return done();
  }
  if (word == "stop-now") {
    ::raise(SIGQUIT);  // which also bounds the time that it takes
    return done();
  }
  if (word == "detach") {
    tasks_.spawn(detach());
    return done();
  }
  return net::json_response(404, wire::encode_message("no such call"));
}

asio::awaitable<void> ControlServer::detach() {
  if (co_await timers_.sleep(kLastWords)) ::raise(SIGUSR1);
}

asio::awaitable<void> ControlServer::close() {
  tasks_.cancel();
  co_await tasks_.join();
}

}  // namespace ostler::daemon
