// SPDX-License-Identifier: Apache-2.0
#include "console/build_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/table.hpp"

namespace ostler::console {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using wire::RestBuildAnswer;
using wire::RestJobAnswer;
using wire::RestJobProgress;

constexpr Timestamp kNow{600'000'000};

class PageTerminal final : public Terminal {
 public:
  explicit PageTerminal(std::size_t columns = 0) : Terminal(false, columns) {}
  void print_line(std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

RestJobAnswer failed_job(std::string name, std::int64_t finished_at) {
  RestJobAnswer job;
  job.type = "script";
  job.name = std::move(name);
  job.progress = RestJobProgress::Failed;
  job.exit_status = 2;
  job.agent_name = "box-1";
  job.started_at = Timestamp{1'000'000};
  job.finished_at = Timestamp{finished_at};
  return job;
}

RestBuildAnswer sample_build() {
  RestBuildAnswer build;
  build.pipeline = "app";
  build.number = 42;
  build.state = "failed";
  build.branch = "main";
  build.commit = "0123456789abcdef";
  build.message = "Mend it\n\nmore";
  build.creator_name = "Ann";
  build.source = "api";
  build.created_at = Timestamp{0};
  build.started_at = Timestamp{1'000'000};
  build.finished_at = Timestamp{9'000'000};
  build.jobs = {failed_job("Second", 8'000'000), failed_job("First", 3'500'000)};
  return build;
}

RestJobAnswer job_in_group(std::string name, std::string group, RestJobProgress progress) {
  RestJobAnswer job = failed_job(std::move(name), 3'000'000);
  job.group_id = group;
  job.group_name = std::move(group);
  job.progress = progress;
  return job;
}

TEST(BuildPage, FoldsAGroupWhoseJobsHaveAllPassed) {
  PageTerminal terminal;
  auto build = sample_build();
  RestJobAnswer wait;
  wait.type = "waiter";
  wait.group_id = "Green";
  build.jobs = {job_in_group("a", "Green", RestJobProgress::Passed), wait,
                job_in_group("b", "Green", RestJobProgress::Passed),
                job_in_group("c", "Red\x1b[31m", RestJobProgress::Passed),
                job_in_group("d", "Red\x1b[31m", RestJobProgress::Failed)};
  print_build(build, kNow, terminal);
  const std::vector<std::string> last(terminal.lines.end() - 4, terminal.lines.end());
  EXPECT_THAT(last[0], testing::MatchesRegex("Green +passed +2 jobs"));
  EXPECT_THAT(last[1], testing::StartsWith("Red"));
  EXPECT_THAT(last[1], Not(HasSubstr("\x1b")));
  EXPECT_THAT(last[2], testing::MatchesRegex("  c +passed .*"));
  EXPECT_THAT(last[3], testing::MatchesRegex("  d +failed .*"));
}

TEST(BuildPage, TellsWhatABuildIsAndWhatBecameOfItsJobs) {
  PageTerminal terminal;
  print_build(sample_build(), kNow, terminal);
  EXPECT_THAT(terminal.lines,
              ElementsAre("app/42  failed in 8.0s", "Mend it", "", "branch  main",
                          "commit  0123456789abcdef", "by      Ann (api)", "made    10m ago", "",
                          "Second  failed  7.0s  exit status 2  box-1",
                          "First   failed  2.5s  exit status 2  box-1"));
}

TEST(BuildPage, HasTheWordsOfAPluginInTheRowOfItsJob) {
  PageTerminal terminal;
  RestBuildAnswer build = sample_build();
  build.jobs[0].id = "one";
  build.jobs[1].id = "two";
  print_build(build, kNow, terminal,
              {{"one", "greet#1 failed: \x1b[31m" + std::string(100, 'w')}, {"none", "of no job"}});
  const std::string row = *(terminal.lines.end() - 2);
  EXPECT_THAT(row, HasSubstr("  greet#1 failed: "));
  EXPECT_THAT(row, HasSubstr("www… (exit status 2)  box-1"));
  EXPECT_THAT(row, Not(HasSubstr("\x1b")));
  EXPECT_THAT(terminal.lines.back(), testing::ContainsRegex("  exit status 2 +box-1"));
}

TEST(BuildPage, TellsParallelJobsApartOnNarrowTerminals) {
  PageTerminal narrow(40);
  RestBuildAnswer build = sample_build();
  build.jobs[0].name = build.jobs[1].name = "Run all of the integration tests";
  build.jobs[0].distinction = "1/2";
  build.jobs[1].distinction = "2/2";
  print_build(build, kNow, narrow);
  const std::vector<std::string> rows(narrow.lines.end() - 2, narrow.lines.end());
  EXPECT_THAT(rows, ElementsAre("Run all of the integr… 1/2  failed  7.0s",
                                "Run all of the integr… 2/2  failed  2.5s"));
  for (const std::string& row : rows) EXPECT_LE(width_of(row), 40u);
}

TEST(BuildPage, KeepsTheNumberOfABuildWhosePipelineHasALongName) {
  PageTerminal narrow(40);
  RestBuildAnswer build = sample_build();
  build.pipeline = std::string(50, 'p');
  print_builds({build}, kNow, narrow);
  EXPECT_THAT(narrow.lines, ElementsAre(std::string(28, 'p') + "…/42  failed"));
}

/// Three attempts at one job, in the order in which a hub tells of them.
std::vector<RestJobAnswer> attempts_at(const std::string& name) {
  std::vector<RestJobAnswer> attempts;
  for (const char* id :
       {"0199f1e7-5a1c-7000-8000-00000000000a", "0199f1e7-5a1c-7001-8000-00000000000b",
        "0199f1e7-5a1c-7002-8000-00000000000c"}) {
    RestJobAnswer job = failed_job(name, 4'000'000);
    job.id = id;
    job.retries_count = std::ssize(attempts);
    if (!attempts.empty()) {
      attempts.back().retried = true;
      attempts.back().retried_in = id;
    }
    attempts.push_back(std::move(job));
  }
  attempts.back().progress = RestJobProgress::Passed;
  return attempts;
}

TEST(BuildPage, HasTheEarlierAttemptsBelowTheLast) {
  PageTerminal terminal;
  RestBuildAnswer build = sample_build();
  const auto attempts = attempts_at("Flaky");
  build.jobs.insert(build.jobs.begin(), attempts.begin(), attempts.end());
  print_build(build, kNow, terminal);
  const std::vector<std::string> rows(terminal.lines.end() - 5, terminal.lines.end());
  EXPECT_THAT(rows,
              ElementsAre("Flaky                 passed, attempt 3  3.0s                 box-1",
                          "  0199f1e7-5a1c-7000  failed, attempt 1  3.0s  exit status 2  box-1",
                          "  0199f1e7-5a1c-7001  failed, attempt 2  3.0s  exit status 2  box-1",
                          testing::StartsWith("Second"), testing::StartsWith("First")));
}

TEST(BuildPage, UnfoldsAGroupWithAJobThatPassedOnlyLater) {
  PageTerminal terminal;
  RestBuildAnswer build = sample_build();
  build.jobs = attempts_at("Flaky");
  for (RestJobAnswer& job : build.jobs) job.group_id = job.group_name = "Checks";
  print_build(build, kNow, terminal);
  const std::vector<std::string> rows(terminal.lines.end() - 4, terminal.lines.end());
  EXPECT_THAT(rows, ElementsAre("Checks", testing::StartsWith("  Flaky  "),
                                testing::StartsWith("    0199f1e7-5a1c-7000  "),
                                testing::StartsWith("    0199f1e7-5a1c-7001  ")));
}

TEST(BuildPage, CountsNoEarlierAttemptsAmongTheJobsOfAFoldedGroup) {
  PageTerminal terminal;
  RestBuildAnswer build = sample_build();
  build.jobs = attempts_at("Again");
  for (RestJobAnswer& job : build.jobs) {
    job.group_id = job.group_name = "Green";
    job.progress = RestJobProgress::Passed;
  }
  print_build(build, kNow, terminal);
  EXPECT_THAT(terminal.lines.back(), testing::MatchesRegex("Green +passed +1 job"));
}

TEST(BuildPage, KeepsTheRowOfAnAttemptWhoseNextOneIsNotThere) {
  PageTerminal terminal;
  RestBuildAnswer build = sample_build();
  build.jobs = attempts_at("Flaky");
  build.jobs.pop_back();
  print_build(build, kNow, terminal);
  EXPECT_THAT(*(terminal.lines.end() - 2),
              testing::StartsWith("Flaky                 failed, retried, attempt 2  "));
}

TEST(BuildPage, SaysHowLongARunningBuildHasRun) {
  PageTerminal terminal;
  RestBuildAnswer build = sample_build();
  build.state = "running";
  build.finished_at.reset();
  print_build(build, Timestamp{13'000'000}, terminal);
  EXPECT_EQ(terminal.lines[0], "app/42  running for 12.0s");
}

TEST(BuildPage, ListsBuildsThatFitTheTerminal) {
  PageTerminal wide;
  print_builds({sample_build()}, kNow, wide);
  EXPECT_THAT(wide.lines,
              ElementsAre("app/42  failed  main  Mend it  0123456789  8.0s  10m ago  Ann"));
  PageTerminal narrow(40);
  RestBuildAnswer build = sample_build();
  build.message = std::string(200, 'm');
  print_builds({build}, kNow, narrow);
  EXPECT_LE(width_of(narrow.lines[0]), 40u);
  EXPECT_THAT(narrow.lines[0], testing::StartsWith("app/42  failed  main  "));
}

TEST(BuildPage, LetsNoTextSteerTheTerminal) {
  PageTerminal terminal;
  RestBuildAnswer build = sample_build();
  const std::string evil = "\x1b]0;x\a\u009b2J";
  build.message = build.branch = build.commit = build.creator_name = build.source = build.web_url =
      build.pipeline = build.cancel_reason = build.state = evil;
  build.jobs[0].name = build.jobs[0].agent_name = build.jobs[0].signal = evil;
  print_build(build, kNow, terminal);
  print_builds({build}, kNow, terminal);
  for (const std::string& line : terminal.lines) {
    EXPECT_THAT(line, Not(HasSubstr("\x1b")));
    EXPECT_THAT(line, Not(HasSubstr("\u009b")));
  }
}

TEST(BuildPage, FindsTheJobThatFailedFirst) {
  RestBuildAnswer build = sample_build();
  EXPECT_EQ(first_failure(build)->name, "First");
  build.jobs[1].soft_failed = true;
  EXPECT_EQ(first_failure(build)->name, "Second");
  build.jobs[0].progress = RestJobProgress::NotRun;
  build.jobs[0].state = "expired";
  EXPECT_EQ(first_failure(build)->name, "Second") << "a build fails of it, too";
  build.jobs.clear();
  EXPECT_EQ(first_failure(build), nullptr);
}

TEST(BuildPage, SaysWhyAJobFailed) {
  PageTerminal terminal;
  RestJobAnswer job = failed_job("Test", 1);
  job.command = "\nmake\nmake\x1b[2J test\n";
  print_failure(job, {{"Running commands", ""}, {"$ make", "no rule"}, {"1 of 3 failed: a\x1b[2J"}},
                {{"the whole log", "ostler job log app/42"}}, terminal);
  EXPECT_THAT(terminal.lines,
              ElementsAre("", "Test failed: exit status 2", "phase    Running commands",
                          "command  make ...", "agent    box-1", "tests    1 of 3 failed: a[2J", "",
                          "  $ make", "  no rule", "", "the whole log: ostler job log app/42"));
}

TEST(BuildPage, SaysWhatAJobHasPromisedOfItsFailure) {
  RestJobAnswer job = failed_job("Test", 1);
  const auto reason = [&] {
    PageTerminal terminal;
    print_failure(job, {}, {}, terminal);
    return terminal.lines[1];
  };
  job.promised_failure = {2, "lint found faults"};
  EXPECT_EQ(reason(), "Test failed: exit status 2, promised by the job: lint found faults");
  job.promised_failure->reason.clear();
  EXPECT_EQ(reason(), "Test failed: exit status 2, promised by the job");
  job.promised_failure = {7, "lint found faults"};
  EXPECT_EQ(reason(), "Test failed: exit status 2; it had promised to fail: lint found faults");
  job.progress = RestJobProgress::TimedOut;
  EXPECT_EQ(reason(), "Test failed: it took longer than its timeout");
}

TEST(BuildPage, SaysInPlaceOfALogWhyItCouldNotBeRead) {
  PageTerminal terminal;
  FailureLog log;
  log.unread = "answered 403: no\x1b[2J";
  print_failure(failed_job("Test", 1), log, {}, terminal);
  EXPECT_THAT(terminal.lines, ElementsAre("", "Test failed: exit status 2", "agent  box-1", "",
                                          "  [no log: answered 403: no[2J]", ""));
}

TEST(BuildPage, SaysOfAJobThatNobodyTookThatItHasNoLog) {
  RestJobAnswer job = failed_job("Test", 1);
  job.progress = RestJobProgress::NotRun;
  job.state = "expired";
  job.agent_name.clear();
  job.command = "make";
  PageTerminal terminal;
  print_failure(job, {}, {{"to try again", "ostler job retry app/42"}}, terminal);
  EXPECT_THAT(terminal.lines,
              ElementsAre("", "Test failed: no agent took it in time", "command  make", "",
                          "to try again: ostler job retry app/42"));
}

TEST(BuildPage, SaysWhatItsAgentSaidOfTheFailure) {
  const auto reason = [](const RestJobAnswer& job) {
    PageTerminal terminal;
    FailureLog log;
    log.logged = {"Setting up the job", "no plugin zoo\x1b[2J"};
    print_failure(job, log, {}, terminal);
    return terminal.lines[1];
  };
  RestJobAnswer job = failed_job("Test", 1);
  EXPECT_EQ(reason(job), "Test failed: no plugin zoo[2J (exit status 2)");
  job.exit_status = -1;
  job.signal_reason = "process_run_error";
  EXPECT_EQ(reason(job), "Test failed: no plugin zoo[2J");
  job.end_cause = model::EndCause::HostRestarted;
  EXPECT_EQ(reason(job), "Test failed: its machine restarted");
  job.end_cause.reset();
  job.progress = wire::RestJobProgress::TimedOut;
  EXPECT_EQ(reason(job), "Test failed: it took longer than its timeout");
}

TEST(BuildPage, SaysWhatItsStepPluginSaidOfTheFailure) {
  RestJobAnswer job = failed_job("Test", 1);
  FailureLog log;
  log.step = "zoo#1.0.0 error (refused): /do: must be a string\x1b[2J";
  PageTerminal told;
  print_failure(job, log, {}, told);
  EXPECT_EQ(told.lines[1],
            "Test failed: zoo#1.0.0 error (refused): /do: must be a string[2J (exit status 2)");
}

TEST(BuildPage, SaysWhereItsStepPluginCrashed) {
  RestJobAnswer job = failed_job("Test", 1);
  job.exit_status = -1;
  job.signal = "SIGSEGV";
  job.end_cause = model::EndCause::PluginCrashed;
  const auto reason = [&](const std::string& step) {
    PageTerminal terminal;
    FailureLog log;
    log.step = step;
    print_failure(job, log, {}, terminal);
    return terminal.lines[1];
  };
  EXPECT_EQ(reason(""), "Test failed: its plugin crashed (SIGSEGV)");
  EXPECT_EQ(reason("zoo#1 error (plugin_crashed): SIGSEGV at zoo.so+0x66"),
            "Test failed: zoo#1 error (plugin_crashed): SIGSEGV at zoo.so+0x66");
  RestBuildAnswer build = sample_build();
  build.jobs = {job};
  build.jobs[0].id = "one";
  PageTerminal table;
  print_build(build, kNow, table,
              {{"one", "zoo#1 error (plugin_crashed): " + std::string(80, 'x') + " SIGSEGV"}});
  EXPECT_THAT(table.lines.back(), HasSubstr("x… (SIGSEGV)  box-1"));
  job.end_cause = model::EndCause::OutOfMemory;
  EXPECT_EQ(reason("zoo#1 failed: before that"),
            "Test failed: out of memory, killed by the kernel (SIGSEGV)");
}

}  // namespace
}  // namespace ostler::console
