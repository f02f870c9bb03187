// SPDX-License-Identifier: Apache-2.0
#include "console/build_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_EQ(job_reason(job("x", RestJobProgress::Passed)), "");
}

}  // namespace
}  // namespace ostler::console
