// SPDX-License-Identifier: Apache-2.0
#include "supervise/lost_keeper.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "files/file.hpp"
#include "integration/keeper/driven_keeper.hpp"
#include "journal/segment.hpp"
#include "journal/writer.hpp"
#include "process/cgroup.hpp"
#include "support/wait_until.hpp"

namespace ostler::supervise {
namespace {

using journal::Cause;
using keeper::DrivenKeeper;
using keeper::kLimit;
using keeper::read_journal;

const std::string kSleeper = std::string("sleep") + '\0' + "98763";

TEST(LostKeeper, KillsWhatIsLeftAndWritesTheVerdict) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nshell BUILDKITE_JOB_ID=" + keeper.job_id() +
              " setsid sleep 98763\n");
  ASSERT_TRUE(support::wait_until(kLimit, [] { return keeper::is_running(kSleeper); }));
  keeper.kill();
  keeper.wait();

  const auto lost =
      conclude_lost_keeper(keeper.directory(), SystemClock(), {.job_id = keeper.job_id()});
  ASSERT_TRUE(lost) << lost.error().message();
  EXPECT_EQ(lost.value().verdict.cause, Cause::KeeperLost);
  EXPECT_EQ(lost.value().verdict.exit_status, -1);
  EXPECT_TRUE(lost.value().started);
  EXPECT_FALSE(lost.value().had_verdict);
  EXPECT_FALSE(keeper::is_running(kSleeper));
  const auto journal = read_journal(keeper.directory());
  EXPECT_EQ(journal.verdict, lost.value().verdict);
  EXPECT_THAT(journal.output, testing::HasSubstr("ready\n"));
  EXPECT_THAT(journal.output, testing::HasSubstr("ostler: the keeper process of the job died"));
}

TEST(LostKeeper, RemovesTheControlGroupWithWhatTheJobMadeInIt) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nhang\n");
  keeper.await_output("ready");
  const auto group = keeper.group();
  if (group.empty()) GTEST_SKIP() << "no control group is delegated to this user";
  std::filesystem::create_directories(group / "made by the job" / "and below");
  ASSERT_TRUE(process::Cgroup::open(group).value().is_populated().value());
  keeper.kill();
  keeper.wait();
  const auto lost =
      conclude_lost_keeper(keeper.directory(), SystemClock(), {.job_id = keeper.job_id()});
  ASSERT_TRUE(lost) << lost.error().message();
  EXPECT_THAT(lost.value().verdict.evidence, testing::EndsWith("its control group was killed"));
  EXPECT_FALSE(std::filesystem::exists(group));
}

TEST(LostKeeper, RemovesTheGroupOfAKeeperThatDiedAfterItsVerdict) {
  DrivenKeeper keeper;
  keeper.give("started\noutput ready\nwait-cancel\nreport 5\n");
  keeper.await_output("ready");
  const auto group = keeper.group();
  if (group.empty()) GTEST_SKIP() << "no control group is delegated to this user";
  keeper.send(Cancel{});
  keeper.finish();
  std::filesystem::create_directory(group);  // as if it had died just before it removed the group
  const auto lost =
      conclude_lost_keeper(keeper.directory(), SystemClock(), {.job_id = keeper.job_id()});
  ASSERT_TRUE(lost) << lost.error().message();
  EXPECT_TRUE(lost.value().had_verdict);
  EXPECT_FALSE(std::filesystem::exists(group));
}

TEST(LostKeeper, LeavesALivingKeeperAlone) {
  DrivenKeeper keeper;
  keeper.hello();
  const auto lost = conclude_lost_keeper(keeper.directory(), SystemClock(), {.job_id = "x"});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code(), Errc::Conflict);
}

TEST(LostKeeper, AddsNothingToAJournalThatHasItsVerdict) {
  DrivenKeeper keeper;
  keeper.give("started\nreport 5\n");
  const auto before = keeper.finish();
  const auto lost = conclude_lost_keeper(keeper.directory(), SystemClock(), {.job_id = "x"});
  ASSERT_TRUE(lost) << lost.error().message();
  EXPECT_TRUE(lost.value().had_verdict);
  EXPECT_EQ(lost.value().verdict.exit_status, 5);
  EXPECT_EQ(read_journal(keeper.directory()).types.size(), before.types.size());
}

/// Rewrites the first segment's header as if an earlier run of the machine had begun it.
void age_journal(const std::filesystem::path& directory) {
  const auto path = journal::segment_path(directory, 1);
  std::string bytes = files::read_file(path).value();
  auto header = journal::decode_segment_header(bytes).value();
  header.boot_id = Uuid::make();
  bytes.replace(0, journal::kSegmentHeaderSize, journal::encode(header));
  ASSERT_TRUE(files::write_file_atomically(path, bytes));
}

TEST(LostKeeper, KnowsARestartOfTheMachineAndKeepsOffsetsThatWereSent) {
  const support::TempDirectory directory;
  const SystemClock clock;
  {
    auto writer = journal::Writer::open(directory.path(), clock).value();
    ASSERT_TRUE(writer.append(journal::RecordType::Output, "kept\n"));
  }
  age_journal(directory.path());
  std::ofstream(journal::segment_path(directory.path(), 1), std::ios::app) << "torn";

  const auto lost =
      conclude_lost_keeper(directory.path(), clock, {.job_id = "x", .shipped_output = 100});
  ASSERT_TRUE(lost) << lost.error().message();
  EXPECT_EQ(lost.value().verdict.cause, Cause::HostRestarted);
  EXPECT_FALSE(lost.value().started);
  auto reader = journal::Reader::open(directory.path()).value();
  EXPECT_EQ(reader.read_output(0, 5).value(), "kept\n");
  EXPECT_THAT(reader.read_output(100, 20).value(), testing::HasSubstr("_bk;t="));
  EXPECT_EQ(reader.read_output(50, 5).error().code(), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::supervise
