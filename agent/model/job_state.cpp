// SPDX-License-Identifier: Apache-2.0
#include "model/job_state.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace ostler::model {
namespace {

struct Step {
  JobState from;
  JobEvent event;
  JobState to;
};

using enum JobState;
using enum JobEvent;

constexpr std::array kJobSteps{
    Step{Waiting, Break, Broken},
    Step{Waiting, Satisfy, Scheduled},
    Step{Waiting, Limit, Limited},
    Step{Waiting, Obstruct, WaitingFailed},
    Step{WaitingFailed, Revive, Waiting},
    Step{Waiting, Cancel, Canceled},
    Step{Limited, Admit, Scheduled},
    Step{Limited, Cancel, Canceled},
    Step{Scheduled, Accept, Accepted},
    Step{Scheduled, Cancel, Canceled},
    Step{Scheduled, Expire, Expired},
    Step{Accepted, Start, Running},
    Step{Accepted, FinishZero, Finished},
    Step{Accepted, FinishNonzero, Finished},
    Step{Accepted, Lose, Finished},
    Step{Accepted, Cancel, Canceling},
    Step{Running, Start, Running},
    Step{Running, FinishZero, Finished},
    Step{Running, FinishNonzero, Finished},
    Step{Running, Lose, Finished},
    Step{Running, TimeOut, TimingOut},
    Step{Running, Cancel, Canceling},
    Step{TimingOut, Start, TimingOut},
    Step{TimingOut, FinishZero, Finished},
    Step{TimingOut, FinishNonzero, TimedOut},
    Step{TimingOut, Lose, TimedOut},
    Step{TimingOut, Cancel, Canceling},
    Step{Canceling, Start, Canceling},
    Step{Canceling, FinishZero, Canceled},
    Step{Canceling, FinishNonzero, Canceled},
    Step{Canceling, Lose, Canceled},
    Step{Canceled, FinishZero, Canceled},
    Step{Canceled, FinishNonzero, Canceled},
    Step{Waiting, Skip, Skipped},
    Step{Limited, Skip, Skipped},
    Step{Scheduled, Skip, Skipped},
};

constexpr std::array kWaiterSteps{
    Step{Waiting, Break, Broken},           Step{Waiting, Satisfy, Finished},
    Step{Waiting, Obstruct, WaitingFailed}, Step{WaitingFailed, Revive, Waiting},
    Step{Waiting, Cancel, Canceled},        Step{Waiting, Skip, Skipped},
};

constexpr std::array kGateSteps{
    Step{Waiting, Break, Broken},           Step{Waiting, Satisfy, Blocked},
    Step{Waiting, Obstruct, BlockedFailed}, Step{Waiting, Cancel, Canceled},
    Step{Blocked, Unblock, Unblocked},      Step{Blocked, Obstruct, BlockedFailed},
    Step{Blocked, Cancel, Canceled},        Step{BlockedFailed, Revive, Waiting},
    Step{Waiting, Skip, Skipped},           Step{Blocked, Skip, Skipped},
};

constexpr std::array kTriggerSteps{
    Step{Waiting, Break, Broken},           Step{Waiting, Satisfy, Running},
    Step{Waiting, Obstruct, WaitingFailed}, Step{WaitingFailed, Revive, Waiting},
    Step{Waiting, Cancel, Canceled},        Step{Waiting, Skip, Skipped},
    Step{Running, FinishZero, Finished},    Step{Running, FinishNonzero, Finished},
    Step{Running, Skip, Skipped},           Step{Running, Cancel, Canceling},
    Step{Canceling, FinishZero, Canceled},  Step{Canceling, FinishNonzero, Canceled},
    Step{Canceling, Skip, Canceled},
};

template <std::size_t N>
Result<JobState> look_up(const std::array<Step, N>& steps, JobState state, JobEvent event,
                         std::string_view what) {
  const auto* found = std::ranges::find_if(
      steps, [&](const Step& step) { return step.from == state && step.event == event; });
  if (found != steps.end()) return found->to;
  return Error(Errc::Conflict, std::string(what) + " is " + std::string(to_string(state)) +
                                   ": it cannot " + std::string(to_string(event)));
}

}  // namespace

Result<JobState> transition(JobState state, JobEvent event) {
  return look_up(kJobSteps, state, event, "job");
}

Result<JobState> transition_waiter(JobState state, JobEvent event) {
  return look_up(kWaiterSteps, state, event, "waiter");
}

Result<JobState> transition_gate(JobState state, JobEvent event) {
  return look_up(kGateSteps, state, event, "gate");
}

Result<JobState> transition_trigger(JobState state, JobEvent event) {
  return look_up(kTriggerSteps, state, event, "trigger");
}

bool is_terminal(JobState state) {
  return state == WaitingFailed || state == Finished || state == TimedOut || state == Canceled ||
         state == Expired || state == Broken || state == BlockedFailed || state == Unblocked ||
         state == Skipped;
}

bool is_with_agent(JobState state) {
  return state == Accepted || state == Running || state == TimingOut || state == Canceling;
}

bool holds_slot(JobState state) { return state == Scheduled || is_with_agent(state); }

std::string_view to_string(JobState state) {
  switch (state) {
    case Waiting: return "waiting";
    case WaitingFailed: return "waiting_failed";
    case Scheduled: return "scheduled";
    case Accepted: return "accepted";
    case Running: return "running";
    case Finished: return "finished";
    case TimingOut: return "timing_out";
    case TimedOut: return "timed_out";
    case Canceling: return "canceling";
    case Canceled: return "canceled";
    case Expired: return "expired";
    case Broken: return "broken";
    case Blocked: return "blocked";
    case BlockedFailed: return "blocked_failed";
    case Unblocked: return "unblocked";
    case Skipped: return "skipped";
    case Limited: return "limited";
  }
  return "unknown";
}

std::string_view to_string(JobEvent event) {
  switch (event) {
    case Break: return "break";
    case Satisfy: return "satisfy";
    case Limit: return "limit";
    case Admit: return "admit";
    case Obstruct: return "obstruct";
    case Revive: return "revive";
    case Accept: return "accept";
    case Start: return "start";
    case FinishZero:
    case FinishNonzero: return "finish";
    case Lose: return "lose";
    case TimeOut: return "time out";
    case Cancel: return "cancel";
    case Expire: return "expire";
    case Unblock: return "unblock";
    case Skip: return "skip";
  }
  return "unknown";
}

}  // namespace ostler::model
