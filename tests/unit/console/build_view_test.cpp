// SPDX-License-Identifier: Apache-2.0
#include "console/build_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "console/job_words.hpp"

namespace ostler::console {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using wire::RestJobAnswer;
using wire::RestJobProgress;

class RecordingTerminal final : public Terminal {
 public:
  RecordingTerminal() : Terminal(false) {}
  void print_line(std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

RestJobAnswer job(std::string name, RestJobProgress progress) {
  RestJobAnswer answer;
  answer.id = "id of " + name;
  answer.type = "script";
  answer.name = std::move(name);
  answer.command = "make\nmake test";
  answer.progress = progress;
  answer.started_at = Timestamp{1'000'000};
  answer.finished_at = Timestamp{3'500'000};
  if (progress == RestJobProgress::Failed) answer.exit_status = 2;
  return answer;
}

TEST(BuildView, ShowsTheLogOfAJobBetweenItsNameAndItsEnd) {
  RecordingTerminal terminal;
  BuildView view(terminal);
  const auto build = job("Build", RestJobProgress::Failed);
  view.begin_job(build);
  view.show_lines({"~~~ Running commands", "$ make", "^^^ +++"});
  view.end_job(build);
  EXPECT_THAT(terminal.lines, ElementsAre("", "==> Build", "    ~~~ Running commands", "    $ make",
                                          "<== failed in 2.5s: exit status 2"));
}

TEST(BuildView, SumsUpEveryJobButNoWaits) {
  RecordingTerminal terminal;
  wire::RestBuildAnswer build;
  build.jobs = {job("Build", RestJobProgress::Passed), {}, job("T", RestJobProgress::NotRun)};
  build.jobs[1].type = "waiter";
  build.jobs[2].started_at.reset();
  BuildView(terminal).summarise(build);
  EXPECT_THAT(terminal.lines, ElementsAre("", "Build  passed       2.5s", "T      did not run"));
}

TEST(BuildView, SaysOfAFailedJobItsCommandAndLastLines) {
  RecordingTerminal terminal;
  BuildView view(terminal);
  wire::RestBuildAnswer build;
  build.jobs = {job("Test", RestJobProgress::Failed)};
  view.begin_job(build.jobs[0]);
  view.show_lines({"~~~ Preparing", "fetched", "~~~ Running commands"});
  for (int i = 0; i < 20; ++i) view.show_lines({"line " + std::to_string(i)});
  view.end_job(build.jobs[0]);
  terminal.lines.clear();
  view.summarise(build);
  EXPECT_THAT(terminal.lines, IsSupersetOf({"Test failed: exit status 2", "    $ make",
                                            "    $ make test", "    line 10", "    line 19"}));
  EXPECT_THAT(terminal.lines, Not(Contains("    line 9")));
  EXPECT_THAT(terminal.lines, Not(Contains(HasSubstr("fetched"))));
}

/// What is said in the end of a job that failed, with this log.
std::vector<std::string> summary_of(const std::vector<std::string>& log) {
  RecordingTerminal terminal;
  BuildView view(terminal);
  wire::RestBuildAnswer build;
  build.jobs = {job("Test", RestJobProgress::Failed)};
  build.jobs[0].command = "make";
  view.begin_job(build.jobs[0]);
  view.show_lines(log);
  view.end_job(build.jobs[0]);
  terminal.lines.clear();
  view.summarise(build);
  return terminal.lines;
}

TEST(BuildView, SaysOfAFailedJobWhatFailedAndNotWhatCameAfter) {
  const std::string crash =
      "\U0001F6A8 Error: zoo#1 error (plugin_crashed): SIGSEGV at zoo.so+0x66";
  for (const std::string& told : {crash, "\x1b[31m" + crash + "\x1b[0m"}) {
    const auto lines = summary_of({"~~~ Running plugin zoo#1", told, "^^^ +++", "# zoo#1 used 1 s",
                                   "~~~ Uploading artifacts", "Found 1 files", "--- more", "end"});
    EXPECT_THAT(lines, IsSupersetOf({"    " + told, std::string("    # zoo#1 used 1 s")}));
    EXPECT_THAT(lines, Not(Contains(HasSubstr("Found"))));
    EXPECT_THAT(lines, Not(Contains("    end")));
  }
  const std::string status = "\U0001F6A8 Error: The command exited with status 2";
  for (const std::string& told : {status, "\x1b[31m" + status + "\x1b[0m"}) {
    const auto lines = summary_of(
        {"~~~ Running commands", "no rule", told, "~~~ Uploading artifacts", "Found 1 files"});
    EXPECT_THAT(lines, Contains("    no rule"));
    EXPECT_THAT(lines, Not(Contains(HasSubstr("Found"))));
    EXPECT_THAT(lines, Not(Contains(HasSubstr("exited")))) << "its reason says so";
  }
}

TEST(BuildView, TakesTheWordsOfACommandForNoFailureOfTheAgent) {
  const auto lines = summary_of(
      {"~~~ Running commands", "\U0001F6A8 Error: of a test", "~~~ Uploading artifacts",
       "\U0001F6A8 Error: the artifacts could not be uploaded", "~~~ Cleaning up", "bye"});
  EXPECT_THAT(lines, Contains(HasSubstr("could not be uploaded")));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("of a test"))));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("bye"))));
}

TEST(BuildView, ShowsNoCodesOfACommand) {
  RecordingTerminal terminal;
  BuildView view(terminal);
  wire::RestBuildAnswer build;
  build.jobs = {job("Test", RestJobProgress::Failed)};
  build.jobs[0].command = "make\x1b]0;title\a";
  view.summarise(build);
  EXPECT_THAT(terminal.lines, Not(Contains(HasSubstr("\x1b"))));
}

TEST(BuildView, NamesAJobByWhatItHas) {
  RestJobAnswer answer = job("", RestJobProgress::Passed);
  EXPECT_EQ(job_title(answer), "make");
  answer.step_key = "key";
  EXPECT_EQ(job_title(answer), "key");
  answer.name = "Label";
  EXPECT_EQ(job_title(answer), "Label");
  answer.distinction = "2/3";
  EXPECT_EQ(job_title(answer), "Label 2/3");
  answer.name = std::string(80, 'x');
  EXPECT_TRUE(job_title(answer).ends_with("\u2026 2/3")) << job_title(answer);
}

TEST(BuildView, SaysWhyAJobFailed) {
  RestJobAnswer answer = job("x", RestJobProgress::Failed);
  EXPECT_EQ(job_reason(answer), "exit status 2");
  answer.signal = "SIGKILL";
  EXPECT_EQ(job_reason(answer), "killed by SIGKILL");
  EXPECT_EQ(job_reason(job("x", RestJobProgress::TimedOut)), "it took longer than its timeout");
  answer.end_cause = model::EndCause::OutOfMemory;
  EXPECT_EQ(job_reason(answer), "out of memory, killed by the kernel (SIGKILL)");
  answer.signal = "";
  answer.exit_status = 137;
  EXPECT_EQ(job_reason(answer), "out of memory, killed by the kernel (exit status 137)");
  answer.end_cause = model::EndCause::AgentLost;
  answer.exit_status = -1;
  EXPECT_EQ(job_reason(answer), "its agent was lost");
  answer = job("x", RestJobProgress::TimedOut);
  answer.signal = "SIGTERM";
  EXPECT_EQ(job_reason(answer), "it took longer than its timeout (SIGTERM)");
  answer.timeout_in_minutes = 1;
  EXPECT_EQ(job_reason(answer), "it took longer than its timeout of 1 minute (SIGTERM)");
  answer.timeout_in_minutes = 90;
  EXPECT_EQ(job_reason(answer), "it took longer than its timeout of 90 minutes (SIGTERM)");
  EXPECT_EQ(job_reason(job("x", RestJobProgress::Passed)), "");
}

TEST(BuildView, SaysWhyAJobIsNotForThisBuild) {
  const std::map<std::string, std::string> words = {
      {"conditional_failed", "its \"if\" is false"},
      {"branch_mismatch", "its \"branches\" leave this one out"},
      {"until the flood is over", "until the flood is over"}};
  RestJobAnswer answer = job("x", RestJobProgress::NotRun);
  answer.state = "broken";
  for (const auto& [reason, said] : words) {
    answer.broken_reason = reason;
    EXPECT_EQ(job_reason(answer), said);
  }
}

TEST(BuildView, NamesWhoStoppedAJobBesideTheSignal) {
  RestJobAnswer answer = job("x", RestJobProgress::Failed);
  answer.signal = "SIGTERM";
  answer.signal_reason = "agent_stop";
  EXPECT_EQ(job_reason(answer), "its agent was stopped (SIGTERM)");
  EXPECT_TRUE(may_pass_again(answer));
  answer.signal_reason = "cancel";
  EXPECT_EQ(job_reason(answer), "its agent stopped it, for its lease had ended (SIGTERM)");
  answer = job("x", RestJobProgress::NotRun);
  answer.state = "expired";
  EXPECT_EQ(job_reason(answer), "no agent took it in time");
  EXPECT_TRUE(may_pass_again(answer));
  EXPECT_FALSE(may_pass_again(job("x", RestJobProgress::Failed)));
}

TEST(BuildView, OffersNoPlainRetryOfWhatTookTooLong) {
  RestJobAnswer answer = job("x", RestJobProgress::TimedOut);
  answer.signal = "SIGTERM";
  answer.signal_reason = "cancel";
  EXPECT_FALSE(may_pass_again(answer));
}

TEST(BuildView, KnowsWhoseLogEndsWhereTheyWereEnded) {
  RestJobAnswer answer = job("x", RestJobProgress::Failed);
  EXPECT_FALSE(ended_at_last_line(answer));
  answer.end_cause = model::EndCause::OutOfMemory;
  EXPECT_TRUE(was_ended(answer));
  EXPECT_FALSE(ended_at_last_line(answer)) << "its artifacts are uploaded all the same";
  answer.progress = RestJobProgress::TimedOut;
  EXPECT_TRUE(ended_at_last_line(answer));
  answer = job("x", RestJobProgress::Failed);
  answer.end_cause = model::EndCause::AgentLost;
  EXPECT_TRUE(ended_at_last_line(answer));
}

}  // namespace
}  // namespace ostler::console
