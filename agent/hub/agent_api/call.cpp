// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/call.hpp"

#include <algorithm>
#include <charconv>

namespace ostler::agent_api {

Result<JobId> job_of(const Call& call) {
  const auto job = JobId::parse(call.id);
  if (!job) return Error(Errc::NotFound, "no such job");
  return *job;
}

wire::PingAction action_for(const model::Agent& agent) {
  if (agent.stop_requested) return wire::PingAction::Disconnect;
  return agent.pause ? wire::PingAction::Pause : wire::PingAction::Idle;
}

bool may_be_offered_a_job(const model::Agent& agent) {
  return agent.state == model::AgentState::Connected && !agent.job &&
         !agent.description.ignore_in_dispatches && action_for(agent) == wire::PingAction::Idle;
}

boost::asio::awaitable<Result<OwnJob>> own_job(const Backend& backend, const Call& call) {
  if (call.job_holder) co_return OwnJob{call.job_holder->job, call.job_holder->build};
  OSTLER_CO_TRY(const auto job, job_of(call));
  OSTLER_CO_TRY(const auto found, co_await backend.store.job(job));
  if (found.agent != call.agent) co_return Error(Errc::NotFound, "no such job of this agent");
  co_return OwnJob{job, found.step.build};
}

Result<std::int64_t> whole_number(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find_last_not_of(" \r\n") + 1);
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, fault] = std::from_chars(digits.data(), end, number);
  if (digits.empty() || fault != std::errc() || stop != end) {
    return Error(Errc::UserFault, "\"" + std::string(digits) + "\" is not a whole number");
  }
  return number;
}

boost::asio::awaitable<Result<model::Job>> running_job_of(const Backend& backend,
                                                          const Call& call) {
  OSTLER_CO_TRY(const auto id, job_of(call));
  OSTLER_CO_TRY(auto job, co_await backend.store.job(id));
  if (job.agent != call.agent) co_return Error(Errc::NotFound, "no such job of this agent");
  if (model::is_terminal(job.state)) co_return Error(Errc::Conflict, "the job is over");
  co_return job;
}

std::chrono::seconds wait_of(const Call& call) {
  constexpr int kLongest = 60;
  const std::string text = call.request.parameter("wait").value_or("");
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(std::clamp(seconds, 0, kLongest));
}

boost::asio::awaitable<Result<void>> check_readable(const Backend& backend, const Call& call,
                                                    BuildId id) {
  if (call.job_holder && call.job_holder->build == id) co_return success();
  OSTLER_CO_TRY(const auto build, co_await backend.store.build(id));
  OSTLER_CO_TRY(const auto pipeline, co_await backend.store.pipeline(build.pipeline));
  OSTLER_CO_TRY(const auto agent, co_await backend.store.agent(call.agent));
  if (pipeline.cluster == agent.cluster) co_return success();
  co_return Error(Errc::NotFound, "no such build in this cluster");
}

}  // namespace ostler::agent_api
