// SPDX-License-Identifier: Apache-2.0
#include "keeper/ending.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace ostler::keeper {
namespace {

using journal::Cause;
using journal::Verdict;
using supervise::CancelReason;
using supervise::Report;

Report report(Cause cause, int exit_status, int signal = 0, std::string evidence = "") {
  Report made;
  made.cause = cause;
  made.exit_status = exit_status;
  made.signal = signal;
  made.evidence = std::move(evidence);
  return made;
}

const Report kPassed = report(Cause::Exited, 0);
const Report kFailed = report(Cause::Exited, 2);
const Report kKilled = report(Cause::Signalled, -1, SIGKILL);
const Report kNoCheckout = report(Cause::SetupFailed, -1, 0, "no git");
const process::ExitStatus kWorkerKilled = process::Signalled{SIGKILL};

constexpr const char* kWorkerEvidence =
    "the worker process ended with signal 9 (SIGKILL) before it reported";
constexpr const char* kOomEvidence =
    "the kernel killed 2 of the job's processes for lack of memory";
constexpr const char* kDiskEvidence = "the disk of the agent's state directory stayed full";

std::string both(const std::string& first, const std::string& second) {
  return first + "; " + second;
}

struct Case {
  const char* name;
  Ending ending;
  Verdict verdict;
};

class ComposeVerdict : public testing::TestWithParam<Case> {};

TEST_P(ComposeVerdict, FollowsFromWhatHappened) {
  const Verdict made = compose_verdict(GetParam().ending);
  const Verdict& expected = GetParam().verdict;
  EXPECT_EQ(to_string(made.cause), to_string(expected.cause));
  EXPECT_EQ(made.exit_status, expected.exit_status);
  EXPECT_EQ(made.signal, expected.signal);
  EXPECT_EQ(made.evidence, expected.evidence);
}

const std::vector<Case> kOneThing = {
    {"Passed", {.report = kPassed}, {Cause::Exited, 0, 0, ""}},
    {"Failed", {.report = kFailed}, {Cause::Exited, 2, 0, ""}},
    {"Signalled", {.report = kKilled}, {Cause::Signalled, -1, SIGKILL, ""}},
    {"SetupFailed", {.report = kNoCheckout}, {Cause::SetupFailed, -1, 0, "no git"}},
    {"WorkerDied",
     {.worker_status = kWorkerKilled, .worker_words = "abort"},
     {Cause::WorkerLost, -1, 0, both(kWorkerEvidence, "it said: abort")}},
    {"WorkerHung",
     {},
     {Cause::WorkerLost, -1, SIGKILL, "the worker process did not report in time and was killed"}},
    {"UserCancel",
     {.report = kKilled, .cancelled = CancelReason::UserCancel},
     {Cause::Cancelled, -1, SIGKILL, ""}},
    {"Timeout",
     {.report = kKilled, .cancelled = CancelReason::Timeout},
     {Cause::TimedOut, -1, SIGKILL, ""}},
    {"LeaseLost",
     {.report = kKilled, .cancelled = CancelReason::LeaseLost},
     {Cause::LeaseLost, -1, SIGKILL, ""}},
    {"AgentStop",
     {.report = kKilled, .cancelled = CancelReason::AgentStop},
     {Cause::AgentStopped, -1, SIGKILL, ""}},
    {"DiskFull", {.report = kFailed, .disk_full = true}, {Cause::DiskFull, 2, 0, kDiskEvidence}},
};

const std::vector<Case> kOutOfMemory = {
    {"OomKilledTheCommand",
     {.report = kKilled, .oom_kills = 2},
     {Cause::OutOfMemory, -1, SIGKILL, kOomEvidence}},
    {"OomKilledAChildSoTheCommandFailed",
     {.report = kFailed, .oom_kills = 2},
     {Cause::OutOfMemory, 2, 0, kOomEvidence}},
    {"OomKilledAChildAndTheCommandPassedAllTheSame",
     {.report = kPassed, .oom_kills = 2},
     {Cause::Exited, 0, 0, kOomEvidence}},
    {"OomKilledTheCheckout",
     {.report = kNoCheckout, .oom_kills = 2},
     {Cause::OutOfMemory, -1, 0, both("no git", kOomEvidence)}},
    {"OomKilledTheWorker",
     {.worker_status = kWorkerKilled, .oom_kills = 2},
     {Cause::OutOfMemory, -1, 0, both(kWorkerEvidence, kOomEvidence)}},
};

const std::vector<Case> kPrecedence = {
    {"CancelOutweighsTheWorkersEnd",
     {.worker_status = kWorkerKilled, .cancelled = CancelReason::UserCancel},
     {Cause::Cancelled, -1, 0, kWorkerEvidence}},
    {"CancelOutweighsAPass",
     {.report = kPassed, .cancelled = CancelReason::UserCancel},
     {Cause::Cancelled, 0, 0, ""}},
    {"CancelOutweighsOomButKeepsIt",
     {.report = kKilled, .cancelled = CancelReason::Timeout, .oom_kills = 2},
     {Cause::TimedOut, -1, SIGKILL, kOomEvidence}},
    {"DiskFullOutweighsCancelAndOom",
     {.report = kKilled, .cancelled = CancelReason::UserCancel, .oom_kills = 2, .disk_full = true},
     {Cause::DiskFull, -1, SIGKILL, both(kOomEvidence, kDiskEvidence)}},
    {"ProcessesThatAreLeftAreNamed",
     {.report = kPassed, .left = {17, -1}},
     {Cause::Exited, 0, 0, "processes that could not be killed are left: 17 unknown"}},
};

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(OneThing, ComposeVerdict, testing::ValuesIn(kOneThing), name_of);
INSTANTIATE_TEST_SUITE_P(OutOfMemory, ComposeVerdict, testing::ValuesIn(kOutOfMemory), name_of);
INSTANTIATE_TEST_SUITE_P(Precedence, ComposeVerdict, testing::ValuesIn(kPrecedence), name_of);

TEST(NeedsNotice, OnlyWhereNothingElseInTheLogTellsTheCause) {
  for (const Cause cause : {Cause::WorkerLost, Cause::OutOfMemory, Cause::DiskFull}) {
    EXPECT_TRUE(needs_notice({cause, 0, 0, ""})) << to_string(cause);
  }
  for (const Cause cause : {Cause::Exited, Cause::Signalled, Cause::Cancelled, Cause::TimedOut,
                            Cause::AgentStopped, Cause::LeaseLost, Cause::SetupFailed}) {
    EXPECT_FALSE(needs_notice({cause, 0, 0, ""})) << to_string(cause);
  }
}

TEST(OomKillsSince, CountsOnlyWhatTheJobAdded) {
  EXPECT_EQ(oom_kills_since(5, 2), 3u);
  EXPECT_EQ(oom_kills_since(2, 2), 0u);
  EXPECT_EQ(oom_kills_since(std::nullopt, 0), 0u);
  EXPECT_EQ(oom_kills_since(std::nullopt, 2), 0u) << "a counter that is gone is no proof";
  EXPECT_EQ(oom_kills_since(1, 2), 0u) << "a group that was made anew in between";
}

}  // namespace
}  // namespace ostler::keeper
