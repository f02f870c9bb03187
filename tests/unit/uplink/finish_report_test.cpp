// SPDX-License-Identifier: Apache-2.0
#include "uplink/finish_report.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace ostler::uplink {
namespace {

using journal::Cause;
using model::EndCause;

struct Case {
  Cause cause;
  int status;
  int signal;
  int reported;
  const char* reported_signal;
  const char* reason;
  std::optional<EndCause> end_cause{};
};

TEST(FinishReport, SaysWhatTheReferenceSaysOfEachEnd) {
  const Case cases[] = {
      {Cause::Exited, 0, 0, 0, "", ""},
      {Cause::Exited, 17, 0, 17, "", ""},
      {Cause::Signalled, -1, SIGSEGV, -1, "SIGSEGV", ""},
      {Cause::Cancelled, -1, SIGTERM, -1, "SIGTERM", "cancel"},
      {Cause::Cancelled, -1, SIGKILL, -1, "SIGKILL", "cancel"},
      {Cause::Cancelled, 3, 0, 3, "", "cancel"},
      {Cause::Cancelled, 0, 0, 1, "", "cancel"},
      {Cause::TimedOut, -1, SIGTERM, -1, "SIGTERM", "cancel"},
      {Cause::AgentStopped, -1, SIGTERM, -1, "SIGTERM", "agent_stop"},
      {Cause::AgentStopped, 0, 0, 1, "", "agent_stop"},
      {Cause::LeaseLost, -1, SIGTERM, -1, "SIGTERM", "cancel"},
      {Cause::OutOfMemory, 137, 0, 137, "", "", EndCause::OutOfMemory},
      {Cause::OutOfMemory, -1, SIGKILL, -1, "SIGKILL", "", EndCause::OutOfMemory},
      {Cause::PluginCrashed, -1, SIGSEGV, -1, "SIGSEGV", "", EndCause::PluginCrashed},
      {Cause::DiskFull, 0, 0, -1, "", "process_run_error", EndCause::DiskFull},
      {Cause::WorkerLost, -1, SIGKILL, -1, "", "process_run_error", EndCause::WorkerLost},
      {Cause::KeeperLost, -1, 0, -1, "", "process_run_error", EndCause::KeeperLost},
      {Cause::HostRestarted, -1, 0, -1, "", "process_run_error", EndCause::HostRestarted},
      {Cause::SetupFailed, -1, 0, -1, "", "process_run_error"},
      {Cause::SetupFailed, 94, 0, 94, "", ""},
  };
  for (const Case& one : cases) {
    const auto report = finish_report({one.cause, one.status, one.signal, "why"}, Timestamp{5});
    const auto name = std::string(to_string(one.cause)) + " " + std::to_string(one.status);
    EXPECT_EQ(report.exit_status, one.reported) << name;
    EXPECT_EQ(report.signal, one.reported_signal) << name;
    EXPECT_EQ(report.signal_reason, one.reason) << name;
    EXPECT_EQ(report.end_cause, one.end_cause) << name;
    EXPECT_EQ(report.finished_at, Timestamp{5}) << name;
  }
}

}  // namespace
}  // namespace ostler::uplink
