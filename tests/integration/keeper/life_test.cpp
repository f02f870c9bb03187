// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "integration/keeper/driven_keeper.hpp"

namespace ostler::keeper {
namespace {

using journal::Cause;
using journal::RecordType;

TEST(Keeper, WritesOutputAndTheVerdictOfANormalEnd) {
  DrivenKeeper keeper;
  keeper.give("started\noutput one\noutput two\nreport 3\n");
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  EXPECT_EQ(journal.output, "one\ntwo\n");
  EXPECT_EQ(journal.types, (std::vector{RecordType::Started, RecordType::Output, RecordType::Output,
                                        RecordType::Verdict}));
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(*journal.verdict, (journal::Verdict{Cause::Exited, 3, 0, ""}));
  EXPECT_FALSE(std::filesystem::exists(keeper.directory() / "k"));
}

TEST(Keeper, ReportsASignalledCommand) {
  DrivenKeeper keeper;
  keeper.give("started\nreport-signal 9\n");
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(*journal.verdict, (journal::Verdict{Cause::Signalled, -1, SIGKILL, ""}));
}

TEST(Keeper, ReportsACrashOfTheWorkerWithItsLastWords) {
  DrivenKeeper keeper;
  keeper.give("started\noutput before\nsay terminate called\ncrash\n");
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::WorkerLost);
  EXPECT_EQ(journal.verdict->exit_status, -1);
  EXPECT_THAT(journal.verdict->evidence, testing::HasSubstr("SIGSEGV"));
  EXPECT_THAT(journal.verdict->evidence, testing::HasSubstr("terminate called"));
  EXPECT_THAT(journal.output, testing::StartsWith("before\n"));
  EXPECT_THAT(journal.output, testing::HasSubstr("ostler: the worker process ended"));
}

TEST(Keeper, ReportsAWorkerThatExitsWithoutAWord) {
  DrivenKeeper keeper;
  keeper.give("exit 4\n");
  const auto journal = keeper.finish();
  ASSERT_TRUE(journal.verdict);
  EXPECT_EQ(journal.verdict->cause, Cause::WorkerLost);
  EXPECT_THAT(journal.verdict->evidence, testing::HasSubstr("exit status 4"));
}

TEST(Keeper, LosesNoByteOfALargeOutput) {
  constexpr std::size_t kSize = 48u << 20;
  DrivenKeeper keeper;
  keeper.give("started\nflood " + std::to_string(kSize) + "\nreport 0\n");
  keeper.await<supervise::Done>();
  const auto journal = keeper.finish();
  EXPECT_EQ(journal.output.size(), kSize);
  EXPECT_TRUE(std::filesystem::exists(keeper.directory() / "journal.000003"));
}

TEST(Keeper, WakesTheAgentOnceAndOnlyWhenAsked) {
  DrivenKeeper keeper;
  keeper.hello();
  keeper.send(supervise::Notify{.records = 1});
  keeper.send(supervise::Job{"output one\noutput two\noutput three\nreport 0\n"});
  const auto wake = keeper.await<supervise::Wake>();
  EXPECT_GT(wake.records, 1u);
  EXPECT_GE(wake.output, 8u);
  EXPECT_NO_THROW(keeper.await<supervise::Done>());
}

TEST(Keeper, LeavesNothingWhenTheJobIsAbandoned) {
  DrivenKeeper keeper;
  keeper.hello();
  keeper.send(supervise::Abandon{});
  EXPECT_EQ(keeper.wait(), process::ExitStatus(process::Exited{0}));
  EXPECT_FALSE(std::filesystem::exists(keeper.directory() / "journal.000001"));
  EXPECT_FALSE(std::filesystem::exists(keeper.directory() / "k"));
}

TEST(Keeper, GoesAwayWhenTheAgentDiesBeforeGivingTheJob) {
  DrivenKeeper keeper;
  keeper.hello();
  keeper.drop_agent();
  EXPECT_EQ(keeper.wait(), process::ExitStatus(process::Exited{0}));
  EXPECT_FALSE(std::filesystem::exists(keeper.directory() / "journal.000001"));
}

TEST(Keeper, SaysWhyItCannotStart) {
  DrivenKeeper first;
  first.hello();
  DrivenKeeper second({.job_directory = first.directory()});
  const auto failed = second.await<supervise::Failed>();
  EXPECT_THAT(failed.reason, testing::HasSubstr("locked by another process"));
  EXPECT_EQ(second.wait(), process::ExitStatus(process::Exited{1}));
}

TEST(Keeper, LeavesNoControlGroupWhenItCannotStart) {
  DrivenKeeper keeper({.arguments = {"--socket", "/does/not/exist/k"}});
  EXPECT_THAT(keeper.await<supervise::Failed>().reason, testing::HasSubstr("/does/not/exist"));
  EXPECT_EQ(keeper.wait(), process::ExitStatus(process::Exited{1}));
  const auto group = keeper.group();
  if (group.empty()) GTEST_SKIP() << "no control group is delegated to this user";
  EXPECT_FALSE(std::filesystem::exists(group));
}

}  // namespace
}  // namespace ostler::keeper
