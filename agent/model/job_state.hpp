// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace ostler::model {

/// Where a job is in its life. The numbers are stored: append, never renumber.
///
///   Waiting --Satisfy--> Scheduled --Accept--> Accepted --Start--> Running --Finish--> Finished
///      |                     |                     |                  |
///      +-Obstruct-> WaitingFailed                  |                  +-TimeOut-> TimingOut
///      |                     |                     |                  |              |
///      |                     +-Expire-> Expired    +-Lose-> Finished  |              +-Finish-+
///      |                     |                     |                  |                       |
///      +------Cancel---------+-> Canceled          +--Cancel-> Canceling <-Cancel-   TimedOut, or
///                                   ^                              |        Finished (status 0)
///                                   +-----------Finish, Lose-------+
///
/// A job of a concurrency group goes from Waiting to Limited (Limit) and from there, when its group
/// has room, to Scheduled (Admit).
///
/// By Revive a job that is WaitingFailed waits again: what failed before it runs again.
///
/// A waiter goes from Waiting straight to Finished (Satisfy), WaitingFailed (Obstruct) or Broken.
///
/// A gate, which is the job of a block or an input:
///
///   Waiting --Satisfy--> Blocked --Unblock--> Unblocked
///      |                    |
///      +-----Obstruct-------+--> BlockedFailed --Revive--> Waiting
///      +-----Cancel---------+--> Canceled
///      +-----Break-----> Broken
///
/// The job of a trigger, for which no agent is asked:
///
///   Waiting --Satisfy--> Running --Finish--> Finished
///      |                    +--Cancel--> Canceling --Finish--> Canceled
///      +--Obstruct, Cancel, Break: as any job
///
/// By Skip all that has not begun, and a trigger whose build was superseded, ends as Skipped.
enum class JobState : std::uint8_t {
  Waiting = 1,        ///< behind a dependency
  WaitingFailed = 2,  ///< never ran because a dependency failed or was canceled
  Scheduled = 3,      ///< ready for an agent
  Accepted = 4,       ///< an agent took it
  Running = 5,
  Finished = 6,   ///< has an exit status; passed when it is 0
  TimingOut = 7,  ///< its time is over, its agent has still to finish
  TimedOut = 8,
  Canceling = 9,  ///< canceled, its agent has still to finish
  Canceled = 10,
  Expired = 11,        ///< no agent took it in time
  Broken = 12,         ///< its pipeline says that it does not run
  Blocked = 13,        ///< a gate that waits for a person alone
  BlockedFailed = 14,  ///< a gate that nobody can open any more: a dependency failed
  Unblocked = 15,      ///< a person opened the gate
  Skipped = 16,        ///< something outside its build made it needless
  Limited = 17,        ///< ready, but for room in its concurrency group
};

enum class JobEvent : std::uint8_t {
  Break,     ///< it is not to run
  Satisfy,   ///< every dependency is met
  Limit,     ///< the same, of a job in a concurrency group
  Admit,     ///< its concurrency group has room for it
  Obstruct,  ///< a dependency failed and may not
  Revive,    ///< what obstructed it runs again
  Accept,
  Start,
  FinishZero,     ///< the agent reports exit status 0
  FinishNonzero,  ///< the agent reports another status
  Lose,           ///< the agent is lost, or did not start the job in time
  TimeOut,
  Cancel,
  Expire,
  Unblock,  ///< a person opens the gate
  Skip,     ///< its build, or the one that it triggered, is superseded
};

/// What a job becomes by an event. Start of a canceling job leaves it canceling, and a report of
/// an agent for a job that is already canceled leaves it canceled.
/// Errors: Conflict naming both when the event is not allowed in that state.
Result<JobState> transition(JobState state, JobEvent event);

/// The same for a waiter, which knows Break, Satisfy, Obstruct, Revive and Cancel only.
Result<JobState> transition_waiter(JobState state, JobEvent event);

/// The same for a gate.
Result<JobState> transition_gate(JobState state, JobEvent event);

/// The same for the job of a trigger.
Result<JobState> transition_trigger(JobState state, JobEvent event);

/// Whether no event but a repeated report or Revive can come any more.
bool is_terminal(JobState state);
/// Whether an agent holds the job: accepted, running, timing out or canceling.
bool is_with_agent(JobState state);
/// Whether a job takes up room in its concurrency group.
bool holds_slot(JobState state);

/// For logs and errors: "timing_out".
std::string_view to_string(JobState state);
std::string_view to_string(JobEvent event);

}  // namespace ostler::model
