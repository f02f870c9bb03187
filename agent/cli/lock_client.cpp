// SPDX-License-Identifier: Apache-2.0
#include "cli/lock_client.hpp"

#include <algorithm>
#include <thread>

#include "agent_client/job_socket_transport.hpp"
#include "wire/job_api.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto kPause = 100ms;
constexpr auto kRestart = 60s;  ///< how long an agent may be away
constexpr auto kAnswer = 10s;
constexpr std::chrono::seconds kLongestWait = 1h;

}  // namespace

LockClient::LockClient(std::filesystem::path sockets,
                       std::optional<std::chrono::milliseconds> limit)
    : leader_(std::move(sockets) / "agent-leader") {
  if (limit) deadline_ = Clock::now() + *limit;
}

Result<std::string> LockClient::value(const std::string& key) {
  OSTLER_TRY(const auto body, call("GET", key, "", 0s));
  OSTLER_TRY(auto state, wire::decode_lock_state(body));
  return std::move(state.value);
}

Result<wire::LockState> LockClient::swap(const std::string& key, const wire::LockSwap& wanted) {
  OSTLER_TRY(const auto body, call("PATCH", key, wire::encode(wanted), 0s));
  OSTLER_TRY(auto state, wire::decode_lock_state(body));
  if (answer_was_lost_ && state.value == wanted.next) state.swapped = true;
  return state;
}

Result<void> LockClient::swap_in_turn(const std::string& key, const wire::LockSwap& wanted) {
  for (;;) {
    const auto wait = longest_wait();
    const auto begin = Clock::now();
    OSTLER_TRY(const auto body, call("PATCH", key, wire::encode(wanted), wait));
    OSTLER_TRY(const auto state, wire::decode_lock_state(body));
    // No one else would have given it this value.
    if (state.swapped || state.value == wanted.next) return success();
    const bool has_waited = wait > 0s && Clock::now() - begin >= wait - kPause;
    if (!has_waited || wait == 0s) {
      OSTLER_TRY(pause());
    }
  }
}

Result<void> LockClient::pause() const {
  if (deadline_ && Clock::now() + kPause > *deadline_) {
    return Error(Errc::Timeout, "the lock was not free in time");
  }
  std::this_thread::sleep_for(kPause);
  return success();
}

std::chrono::seconds LockClient::longest_wait() const {
  if (!deadline_) return kLongestWait;
  const auto left = std::chrono::floor<std::chrono::seconds>(*deadline_ - Clock::now());
  return std::clamp(left, std::chrono::seconds(0), kLongestWait);
}

Result<std::string> LockClient::call(const std::string& method, const std::string& key,
                                     const std::string& body, std::chrono::seconds wait) {
  const agent_client::JobSocket socket{
      leader_.string(), {}, "the locks at", "is an agent running with these sockets?"};
  std::string path = std::string(wire::kLockPath) + "?key=" + wire::percent_encode(key);
  if (wait > 0s) path += "&wait=" + std::to_string(wait.count());
  answer_was_lost_ = false;
  std::error_code ec;
  const bool there = std::filesystem::exists(std::filesystem::symlink_status(leader_, ec));
  const auto give_up = Clock::now() + (there ? kRestart : 0s);
  for (;;) {
    const auto answer =
        agent_client::call_job_api(socket, {method, path, body, ""}, wait + kAnswer);
    if (answer && answer.value().status == 200) return answer.value().body;
    if (answer) {
      return Error(Errc::UserFault, "the agent answered " + std::to_string(answer.value().status) +
                                        ": " + wire::decode_job_api_error(answer.value().body));
    }
    answer_was_lost_ = true;
    if (Clock::now() > give_up || (deadline_ && Clock::now() > *deadline_)) return answer.error();
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace ostler::cli
