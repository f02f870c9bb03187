// SPDX-License-Identifier: Apache-2.0
#include "model/job_state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>

namespace ostler::model {
namespace {

using enum JobState;
using Cell = std::optional<JobState>;

constexpr Cell X = std::nullopt;  // illegal

constexpr std::array kStates{Waiting,  WaitingFailed, Scheduled, Accepted,  Running,
                             Finished, TimingOut,     TimedOut,  Canceling, Canceled,
                             Expired,  Broken,        Limited};
constexpr std::array kEvents{JobEvent::Satisfy, JobEvent::Obstruct,   JobEvent::Accept,
                             JobEvent::Start,   JobEvent::FinishZero, JobEvent::FinishNonzero,
                             JobEvent::Lose,    JobEvent::TimeOut,    JobEvent::Cancel,
                             JobEvent::Expire};

// clang-format off
constexpr Cell kJob[kStates.size()][kEvents.size()] = {
    // Satisfy    Obstruct       Accept    Start      FinishZero FinishNonzero Lose      TimeOut    Cancel     Expire
    {Scheduled,   WaitingFailed, X,        X,         X,         X,            X,        X,         Canceled,  X},        // Waiting
    {X,           X,             X,        X,         X,         X,            X,        X,         X,         X},        // WaitingFailed
    {X,           X,             Accepted, X,         X,         X,            X,        X,         Canceled,  Expired},  // Scheduled
    {X,           X,             X,        Running,   Finished,  Finished,     Finished, X,         Canceling, X},        // Accepted
    {X,           X,             X,        Running,   Finished,  Finished,     Finished, TimingOut, Canceling, X},        // Running
    {X,           X,             X,        X,         X,         X,            X,        X,         X,         X},        // Finished
    {X,           X,             X,        TimingOut, Finished,  TimedOut,     TimedOut, X,         Canceling, X},        // TimingOut
    {X,           X,             X,        X,         X,         X,            X,        X,         X,         X},        // TimedOut
    {X,           X,             X,        Canceling, Canceled,  Canceled,     Canceled, X,         X,         X},        // Canceling
    {X,           X,             X,        X,         Canceled,  Canceled,     X,        X,         X,         X},        // Canceled
    {X,           X,             X,        X,         X,         X,            X,        X,         X,         X},        // Expired
    {X,           X,             X,        X,         X,         X,            X,        X,         X,         X},        // Broken
    {X,           X,             X,        X,         X,         X,            X,        X,         Canceled,  X},        // Limited
};
// clang-format on

TEST(JobState, MovesAsItsTableSaysAndNoOtherWay) {
  for (std::size_t s = 0; s < kStates.size(); ++s) {
    for (std::size_t e = 0; e < kEvents.size(); ++e) {
      const auto next = transition(kStates[s], kEvents[e]);
      const auto what =
          std::string(to_string(kStates[s])) + " + " + std::string(to_string(kEvents[e]));
      ASSERT_EQ(next.has_value(), kJob[s][e].has_value()) << what;
      if (next) {
        EXPECT_EQ(next.value(), *kJob[s][e]) << what;
      } else {
        EXPECT_EQ(next.error().code(), Errc::Conflict) << what;
      }
    }
  }
}

TEST(JobState, LetsAPersonOpenAGate) {
  struct GateStep {
    JobState from;
    JobEvent event;
    JobState to;
  };
  constexpr std::array kGate{
      GateStep{Waiting, JobEvent::Break, Broken},
      GateStep{Waiting, JobEvent::Satisfy, Blocked},
      GateStep{Waiting, JobEvent::Obstruct, BlockedFailed},
      GateStep{Waiting, JobEvent::Cancel, Canceled},
      GateStep{Blocked, JobEvent::Unblock, Unblocked},
      GateStep{Blocked, JobEvent::Obstruct, BlockedFailed},
      GateStep{Blocked, JobEvent::Cancel, Canceled},
      GateStep{BlockedFailed, JobEvent::Revive, Waiting},
  };
  for (int state = 1; state <= static_cast<int>(Unblocked); ++state) {
    for (int event = 0; event <= static_cast<int>(JobEvent::Unblock); ++event) {
      const auto from = static_cast<JobState>(state);
      const auto by = static_cast<JobEvent>(event);
      Cell expected;
      for (const GateStep& step : kGate) {
        if (step.from == from && step.event == by) expected = step.to;
      }
      const auto next = transition_gate(from, by);
      ASSERT_EQ(next.has_value(), expected.has_value()) << to_string(from) << to_string(by);
      if (next) EXPECT_EQ(next.value(), *expected);
      if (by == JobEvent::Unblock) EXPECT_FALSE(transition(from, by)) << to_string(from);
    }
  }
  EXPECT_TRUE(is_terminal(Unblocked) && is_terminal(BlockedFailed) && !is_terminal(Blocked));
}

TEST(JobState, OfAJobInAConcurrencyGroupIsLimitedUntilItIsAdmitted) {
  for (const JobState state : kStates) {
    const auto limited = transition(state, JobEvent::Limit);
    ASSERT_EQ(limited.has_value(), state == Waiting) << to_string(state);
    if (limited) EXPECT_EQ(limited.value(), Limited);
    const auto admitted = transition(state, JobEvent::Admit);
    ASSERT_EQ(admitted.has_value(), state == Limited) << to_string(state);
    if (admitted) EXPECT_EQ(admitted.value(), Scheduled);
    EXPECT_EQ(holds_slot(state), state == Scheduled || is_with_agent(state));
  }
}

TEST(JobState, LetsWaitersPassFailAndBeCanceledOnly) {
  for (const JobState state : kStates) {
    for (const JobEvent event : kEvents) {
      Cell expected;
      if (state == Waiting && event == JobEvent::Satisfy) expected = Finished;
      if (state == Waiting && event == JobEvent::Obstruct) expected = WaitingFailed;
      if (state == Waiting && event == JobEvent::Cancel) expected = Canceled;
      const auto next = transition_waiter(state, event);
      ASSERT_EQ(next.has_value(), expected.has_value()) << to_string(state) << to_string(event);
      if (next) EXPECT_EQ(next.value(), *expected);
    }
  }
}

TEST(JobState, LetsATriggerWaitForItsBuildWithoutAnAgent) {
  const auto next = [](JobState state, JobEvent event) {
    const auto moved = transition_trigger(state, event);
    return moved ? Cell(moved.value()) : X;
  };
  EXPECT_EQ(next(Waiting, JobEvent::Satisfy), Running);
  EXPECT_EQ(next(Running, JobEvent::FinishZero), Finished);
  EXPECT_EQ(next(Running, JobEvent::FinishNonzero), Finished);
  EXPECT_EQ(next(Running, JobEvent::Skip), Skipped);
  EXPECT_EQ(next(Running, JobEvent::Cancel), Canceling);
  EXPECT_EQ(next(Canceling, JobEvent::FinishNonzero), Canceled);
  for (const JobEvent event : {JobEvent::Accept, JobEvent::Lose, JobEvent::TimeOut}) {
    EXPECT_EQ(next(Running, event), X) << to_string(event);
  }
}

TEST(JobState, IsRevivedFromWaitingInVainOnly) {
  for (auto* const move : {transition, transition_waiter}) {
    for (const JobState state : kStates) {
      const auto next = move(state, JobEvent::Revive);
      ASSERT_EQ(next.has_value(), state == WaitingFailed) << to_string(state);
      if (next) EXPECT_EQ(next.value(), Waiting);
    }
  }
}

TEST(JobState, IsBrokenBeforeItWaitsForAnythingOnly) {
  for (const JobState state : kStates) {
    const auto next = transition(state, JobEvent::Break);
    ASSERT_EQ(next.has_value(), state == Waiting) << to_string(state);
    if (next) EXPECT_EQ(next.value(), Broken);
  }
}

TEST(JobState, IsEitherOverOrOpenAndOnlyOpenJobsAreWithAgents) {
  for (std::size_t s = 0; s < kStates.size(); ++s) {
    EXPECT_FALSE(is_terminal(kStates[s]) && is_with_agent(kStates[s])) << to_string(kStates[s]);
    for (std::size_t e = 0; e < kEvents.size(); ++e) {
      if (is_terminal(kStates[s]) && kJob[s][e]) EXPECT_EQ(kJob[s][e], kStates[s]);
    }
  }
}

TEST(JobState, SaysInItsErrorWhatIsAndWhatCannotBe) {
  EXPECT_EQ(transition(Running, JobEvent::Accept).error().message(),
            "job is running: it cannot accept");
}

}  // namespace
}  // namespace ostler::model
