// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_verdict.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace ostler::plugin_host {
namespace {

using process::Exited;
using process::Signalled;
using testing::HasSubstr;

BoxEvidence passed() {
  BoxEvidence evidence;
  evidence.library = "a.so";
  evidence.ended.emplace();
  evidence.result = StepResult{.outcome = Outcome::Passed, .exit_status = 0};
  return evidence;
}

TEST(BoxVerdict, BelievesTheWaitStatusMoreThanTheBox) {
  const auto verdict = judge(passed(), Signalled{SIGSEGV});
  EXPECT_EQ(verdict.end, BoxEnd::Crashed);
  EXPECT_EQ(verdict.result.outcome, Outcome::Error);
}

TEST(BoxVerdict, NamesTheCrashThatWasToldWhateverSignalEndedTheProcess) {
  BoxEvidence evidence;
  evidence.library = "a.so";
  auto& crash = evidence.crash.emplace();
  crash.signal = SIGABRT;
  crash.module = "b.so";
  crash.offset = 16;
  EXPECT_EQ(judge(evidence, Signalled{SIGABRT}).result.message,
            "the plugin crashed: SIGABRT at b.so+0x10");
  EXPECT_EQ(judge(evidence, Signalled{SIGSEGV}).result.message,
            "the plugin crashed: SIGABRT at b.so+0x10, then SIGSEGV");
  EXPECT_THAT(judge(evidence, Signalled{SIGKILL}).result.message,
              testing::AllOf(HasSubstr("b.so+0x10"), HasSubstr("memory")));
  evidence.crash.reset();
  EXPECT_EQ(judge(evidence, Signalled{SIGSEGV}).result.message, "the plugin crashed: SIGSEGV");
}

TEST(BoxVerdict, TakesAResultOnlyFromARunThatReturnedOk) {
  BoxEvidence evidence = passed();
  EXPECT_EQ(judge(evidence, Exited{0}).result.outcome, Outcome::Passed);
  evidence.ended->status = 6;
  evidence.ended->reason = "gone";
  EXPECT_EQ(judge(evidence, Exited{0}).result.outcome, Outcome::Error);
  EXPECT_EQ(judge(evidence, Exited{0}).result.message, "gone");
  EXPECT_EQ(judge(evidence, Exited{0}).result.reason, "unavailable");
  EXPECT_TRUE(judge(evidence, Exited{0}).result.is_retryable);
  for (const int unknown : {8, 9, -1}) {
    evidence.ended->status = unknown;
    EXPECT_EQ(judge(evidence, Exited{0}).result.reason, "failed");
    EXPECT_FALSE(judge(evidence, Exited{0}).result.is_retryable);
  }
  evidence.ended->status = 1;
  EXPECT_EQ(judge(evidence, Exited{0}).result.outcome, Outcome::Cancelled);
}

TEST(BoxVerdict, TellsOurKillFromACrash) {
  BoxEvidence evidence;
  evidence.library = "a.so";
  evidence.killed_for = "deaf";
  EXPECT_EQ(judge(evidence, Signalled{SIGKILL}).end, BoxEnd::Killed);
  EXPECT_EQ(judge(evidence, Signalled{SIGKILL}).result.outcome, Outcome::Error);
  evidence.is_cancelled = true;
  EXPECT_EQ(judge(evidence, Signalled{SIGKILL}).result.outcome, Outcome::Cancelled);
}

}  // namespace
}  // namespace ostler::plugin_host
