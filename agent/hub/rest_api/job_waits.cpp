// SPDX-License-Identifier: Apache-2.0
// Why a job does not run.
#include <algorithm>

#include "console/job_words.hpp"
#include "hub/rest_api/build_json.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/job_limits.hpp"
#include "hub/rest_api/job_why.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_why.hpp"

namespace ostler::rest_api {
namespace {

using model::JobState;

/// So many agents of a queue are looked at.
constexpr std::int64_t kMostAgents = 2'000;
constexpr std::int64_t kAgentsPerPage = 100;
/// So many reasons are given, and so many waits passed on the way to them.
constexpr std::size_t kMostReasons = 5;
constexpr std::size_t kMostWaits = 20;

Lookup<std::vector<model::Agent>> agents_of_queue(const Backend& backend,
                                                  OrganizationId organization, QueueId queue) {
  std::vector<model::Agent> agents;
  for (std::int64_t page = 1; page <= kMostAgents / kAgentsPerPage; ++page) {
    store::AgentFilter filter{.organization = organization, .queue = queue};
    OSTLER_CO_TRY(auto found,
                  co_await backend.store.agents(std::move(filter), {page, kAgentsPerPage}));
    std::ranges::move(found.items, std::back_inserter(agents));
    if (!found.has_next) break;
  }
  co_return agents;
}

/// Of as many as are told of; what has gone since has no name.
Lookup<JobNames> names_of_their_jobs(const Backend& backend, std::vector<const model::Agent*> all) {
  JobNames names;
  all.resize(std::min(all.size(), kMostNamed));
  for (const model::Agent* agent : all) {
    if (!agent->job) continue;
    const auto job = co_await backend.store.job(*agent->job);
    if (!job) continue;
    const auto name = co_await name_of_job(backend, job.value());
    if (name) names[*agent->job] = name.value();
  }
  co_return names;
}

Lookup<WhyReason> why_scheduled(const Backend& backend, const FoundJob& found) {
  const OrganizationId organization = found.in.organization.id;
  OSTLER_CO_TRY(const auto queues, co_await backend.store.queues(organization));
  const auto queue = std::ranges::find(queues, found.job.queue, &model::Queue::id);
  if (queue == queues.end()) co_return WhyReason{"queue", "its queue has been deleted"};
  if (queue->pause) co_return why_without_agent(found.job, {*queue, {}, {}, backend.public_url});
  OSTLER_CO_TRY(const auto agents, co_await agents_of_queue(backend, organization, queue->id));
  OSTLER_CO_TRY(const JobNames names,
                co_await names_of_their_jobs(backend, fitting_agents(found.job, agents)));
  co_return why_without_agent(found.job, {*queue, agents, names, backend.public_url});
}

/// The command that opens a gate.
std::string unblock_command(const FoundBuild& build, const model::Job& gate) {
  const bool has_key = !gate.step.key.empty();
  return "\"ostler job unblock " +
         (has_key ? build.pipeline.settings.slug + "/" + std::to_string(build.build.number) +
                        " --step " + gate.step.key
                  : gate.id.str()) +
         "\"";
}

std::optional<wire::RestPromiseAnswer> promise_of(const model::Job& job) {
  if (!job.promised_failure) return std::nullopt;
  return wire::RestPromiseAnswer{job.promised_failure->exit_status, job.promised_failure->reason};
}

/// "exit status 2", or what became of the build of a trigger; empty of a job that has not failed.
std::string reason_of_end(const model::Job& job) {
  const std::string_view state = wire::rest_job_state(job);
  const bool timed_out = state == "timed_out";
  if (!job.outcome || (state != "failed" && !timed_out)) return "";
  wire::RestJobAnswer ended;
  ended.trigger_error = job.trigger_fault;
  if (const auto& made = job.triggered) {
    ended.triggered = {made->pipeline, made->number, std::string(to_string(made->state))};
  }
  ended.progress = timed_out ? wire::RestJobProgress::TimedOut : wire::RestJobProgress::Failed;
  ended.timeout_in_minutes = job.step.timeout_in_minutes;
  ended.exit_status = job.outcome->exit_status;
  ended.signal = job.outcome->signal;
  ended.signal_reason = job.outcome->signal_reason;
  ended.end_cause = job.outcome->end_cause;
  ended.promised_failure = promise_of(job);
  return console::job_reason(ended);
}

/// "; it will fail: lint found faults, promised by the job"; empty of one that has not promised it.
std::string promised_end(const model::Job& job) {
  wire::RestJobAnswer running;
  running.progress = wire::RestJobProgress::Running;
  running.promised_failure = promise_of(job);
  const std::string words = console::job_reason(running);
  return words.empty() ? "" : "; it " + words;
}

/// What another job says of one that is not over, after "which".
std::string_view words_of_progress(const model::Job& job) {
  switch (job.state) {
    case JobState::Scheduled: return "waits for an agent";
    case JobState::Limited: return "waits for its concurrency group";
    case JobState::Accepted: return "is about to start";
    case JobState::Running:
      return job.step.kind == model::StepKind::Trigger ? "waits for its build" : "runs";
    case JobState::TimingOut:
    case JobState::Canceling: return "is being stopped";
    default: return "waits itself";
  }
}

std::string words_of_end(const model::Job& job) {
  switch (job.state) {
    case JobState::Finished:
    case JobState::TimedOut: {
      const std::string reason = reason_of_end(job);
      return "failed" + (reason.empty() ? "" : " (" + reason + ")");
    }
    case JobState::Expired: return "expired, for no agent took it in time";
    default: return "was " + std::string(wire::rest_job_state(job));
  }
}

/// What to type so that a job runs once more, and what that does, or that its step forbids it;
/// empty: nothing lets it run again.
Lookup<std::string> retry_hint(const Backend& backend, const model::Job& job,
                               std::string_view effect) {
  OSTLER_CO_TRY(const auto prospect, co_await backend.store.retry_prospect(job.id));
  switch (prospect.chance) {
    case store::RetryChance::None: break;
    case store::RetryChance::Open:
      co_return "; \"ostler job retry " + job.id.str() + "\" " + std::string(effect);
    case store::RetryChance::Forbidden:
      co_return "; manual retries of step \"" + name_of_step(job) + "\" are off" +
          (prospect.reason.empty() ? "" : ": " + prospect.reason);
  }
  co_return std::string();
}

Lookup<WhyReason> blocked_by(const Backend& backend, const FoundBuild& build,
                             const model::Job& job) {
  if (job.state == JobState::Blocked) {
    co_return WhyReason{"gate", "it waits until somebody opens \"" + name_of_step(job) +
                                    "\": " + unblock_command(build, job)};
  }
  const std::string name = "step \"" + name_of_step(job) + "\"";
  if (is_terminal(job.state)) {
    OSTLER_CO_TRY(const auto hint, co_await retry_hint(backend, job, "tries that again"));
    co_return WhyReason{"dependency", "it never runs, for " + name + ", which it depends on, " +
                                          words_of_end(job) + hint};
  }
  co_return WhyReason{"dependency",
                      "it waits for " + name + ", which " + std::string(words_of_progress(job))};
}

bool never_came(JobState state) {
  return state == JobState::WaitingFailed || state == JobState::BlockedFailed;
}

/// What the job waits for; a wait, and what never ran itself, stand for what they waited for.
Lookup<std::vector<WhyReason>> why_waiting(const Backend& backend, const FoundJob& found) {
  std::vector<WhyReason> reasons;
  std::vector<JobId> open{found.job.id};
  for (std::size_t at = 0; at < std::min(open.size(), kMostWaits); ++at) {
    if (reasons.size() == kMostReasons) break;
    OSTLER_CO_TRY(const auto blockers, co_await backend.store.blockers(open[at]));
    for (const model::Job& job : blockers) {
      const bool is_barrier = (job.step.kind == model::StepKind::Wait || is_gate(job.step.kind)) &&
                              job.state == JobState::Waiting;
      if (is_barrier || never_came(job.state)) {
        open.push_back(job.id);
      } else if (reasons.size() < kMostReasons) {
        OSTLER_CO_TRY(auto reason, co_await blocked_by(backend, found.in, job));
        reasons.push_back(std::move(reason));
      }
    }
  }
  if (reasons.empty()) reasons.push_back({"state", "it is about to be scheduled"});
  co_return reasons;
}

/// ", exit status 2; its log: ostler job log ID"; empty of a job that has not failed.
std::string why_it_failed(const model::Job& job) {
  const std::string reason = reason_of_end(job);
  return reason.empty() ? "" : ", " + reason + "; its log: ostler job log " + job.id.str();
}

/// What ended the job may be another thing than what ended its build, which does not say when.
std::string why_it_was_ended(const FoundJob& found) {
  const std::string& reason = found.in.build.cancel_reason;
  return reason.empty() ? "it is over: " + std::string(wire::rest_job_state(found.job))
                        : "it is over; its build was " + reason;
}

/// What is to be said of a job in any other state.
Lookup<WhyReason> why_in_state(const Backend& backend, const FoundJob& found,
                               const std::string& agent) {
  const model::Job& job = found.job;
  switch (job.state) {
    case JobState::Accepted:
      co_return WhyReason{"state", agent + " has taken it and is about to start it"};
    case JobState::Running:
      co_return WhyReason{"state", "it runs, on " + agent + promised_end(job)};
    case JobState::Canceling:
    case JobState::TimingOut: co_return WhyReason{"state", agent + " is stopping it"};
    case JobState::Expired: {
      OSTLER_CO_TRY(const auto hint, co_await retry_hint(backend, job, "lets it wait again"));
      co_return WhyReason{"state", "no agent took it in time" + hint};
    }
    case JobState::Canceled:
    case JobState::Skipped: co_return WhyReason{"state", why_it_was_ended(found)};
    default: break;
  }
  co_return WhyReason{"state",
                      "it is over: " + std::string(wire::rest_job_state(job)) + why_it_failed(job)};
}

Lookup<std::vector<WhyReason>> reasons_of(const Backend& backend, const FoundJob& found) {
  const model::Job& job = found.job;
  if (auto reason = why_of_trigger(job)) co_return std::vector{std::move(*reason)};
  if (job.state == JobState::Scheduled) {
    OSTLER_CO_TRY(WhyReason reason, co_await why_scheduled(backend, found));
    co_return std::vector{std::move(reason)};
  }
  if (job.state == JobState::Waiting || never_came(job.state)) {
    co_return co_await why_waiting(backend, found);
  }
  if (job.state == JobState::Blocked) {
    co_return std::vector{
        WhyReason{"gate", "it waits until somebody opens it: " + unblock_command(found.in, job)}};
  }
  if (job.state == JobState::Limited) co_return co_await why_limited(backend, job.id);
  const std::vector<model::Job> jobs{job};
  OSTLER_CO_TRY(const auto agents, co_await agents_of(backend, jobs));
  const model::Agent* agent = agent_of(job, agents);
  const std::string name = agent ? agent->description.name : "its agent";
  OSTLER_CO_TRY(WhyReason reason, co_await why_in_state(backend, found, name));
  co_return std::vector{std::move(reason)};
}

}  // namespace

Answer explain_job(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  OSTLER_CO_TRY(const auto reasons, co_await reasons_of(backend, found));
  OSTLER_CO_TRY(auto prospect, co_await backend.store.retry_prospect(found.job.id));
  wire::RestWhy why{
      .job = found.job.id.str(),
      .name = name_of_step(found.job),
      .state = std::string(wire::rest_job_state(found.job)),
      .reasons = {},
      .retry = {prospect.chance == store::RetryChance::Open, std::move(prospect.reason)}};
  for (const auto& [kind, text] : reasons) why.reasons.push_back({kind, text});
  co_return json(200, wire::encode(why));
}

}  // namespace ostler::rest_api
