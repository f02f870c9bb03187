// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <mutex>

#include "cli/exit.hpp"
#include "cli/run_functions.hpp"
#include "plugin_host/http_requests.hpp"
#include "plugin_host/service_answer.hpp"
#include "supervise/box_message.hpp"
#include "supervise/channel.hpp"

namespace ostler::cli {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kSocket = 3;

/// Until whoever asks is gone. Threads that still wait for servers have references to what is here.
[[noreturn]] void serve(supervise::Channel& channel) {
  std::mutex sending;
  plugin_host::HttpRequests requests([&](std::uint32_t id, Result<std::string> found) {
    const std::lock_guard lock(sending);
    // Nobody is left to be told that nobody listens.
    (void)channel.send(plugin_host::service_answer(id, std::move(found)), minutes(10));
  });
  for (;;) {
    const auto frame = channel.receive(hours(24 * 365));
    if (!frame) ::_exit(kExitOk);
    auto asked = supervise::decode<supervise::BoxAsk>(frame.value());
    if (!asked) ::_exit(kExitOk);
    std::vector<std::string> arguments;
    for (auto& [argument, unused] : asked.value().arguments) {
      arguments.push_back(std::move(argument));
    }
    requests.begin(asked.value().id, asked.value().method, arguments);
  }
}

}  // namespace

// Started by the worker for a step plugin: the job's environment in, requests and answers on
// descriptor 3 in frames of the box's protocol.
int run_job_http(const Arguments&) {
  if (::fcntl(kSocket, F_GETFD) < 0) {
    return fail(Error(Errc::UserFault, "job-http is started by the worker of a job"));
  }
  supervise::Channel channel{UniqueFd(kSocket)};
  serve(channel);
}

}  // namespace ostler::cli
