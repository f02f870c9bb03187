// SPDX-License-Identifier: Apache-2.0
#include "console/live_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/screen.hpp"
#include "console/table.hpp"

namespace ostler::console {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using wire::RestBuildAnswer;
using wire::RestJobAnswer;
using wire::RestJobProgress;

constexpr Timestamp kPresent{1'000'000'000};

RestJobAnswer live_job(const std::string& id, RestJobProgress progress) {
  RestJobAnswer job;
  job.id = id;
  job.type = "script";
  job.name = "Job " + id;
  job.progress = progress;
  if (progress != RestJobProgress::Waiting) job.started_at = kPresent + -10s;
  if (progress != RestJobProgress::Waiting && progress != RestJobProgress::Running) {
    job.finished_at = kPresent + -5s;
  }
  return job;
}

RestBuildAnswer live_build(int jobs) {
  RestBuildAnswer build;
  build.pipeline = "app";
  build.number = 42;
  build.state = "running";
  build.branch = "main";
  build.message = "A message that says at some length what was done and why that was good";
  build.started_at = kPresent + -65s;
  for (int i = 0; i < jobs; ++i) {
    build.jobs.push_back(live_job(std::to_string(i), RestJobProgress::Running));
  }
  return build;
}

std::vector<std::string> live_page(const RestBuildAnswer& build, const std::string& chosen,
                                   const std::deque<std::string>& log, PageSize size,
                                   std::string_view unfinished = "",
                                   OpenGroups open = OpenGroups::Unsettled) {
  return live_lines({.build = build,
                     .chosen = chosen,
                     .log = log,
                     .unfinished = unfinished,
                     .usual = 75s,
                     .note = "",
                     .open = open,
                     .now = kPresent},
                    size);
}

TEST(LivePage, ShowsALineOfTheLogBeforeItsEnd) {
  const auto lines = live_page(live_build(1), "0", {"one", "two"}, {80, 6, false}, "[3/7] three");
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines[3], "two");
  EXPECT_EQ(lines[4], "[3/7] three");
  for (const std::size_t rows : {1u, 2u, 3u, 4u}) {
    EXPECT_LE(live_page(live_build(1), "0", {}, {80, rows, false}, "a").size(), rows);
  }
}

TEST(LivePage, ShowsTheBuildItsJobsTheLogAndTheKeys) {
  const auto lines = live_page(live_build(2), "1", {"one", "two"}, {80, 9, false});
  ASSERT_EQ(lines.size(), 9u);
  EXPECT_THAT(lines[0],
              testing::StartsWith("app/42  running  1m 05s  about 10.0s left  main  A me"));
  EXPECT_THAT(lines[1], testing::MatchesRegex("   Job 0  running  10\\.0s"));
  EXPECT_THAT(lines[2], testing::MatchesRegex(">  Job 1  running  10\\.0s"));
  EXPECT_THAT(lines[3], testing::StartsWith("-- log of Job 1 ------"));
  EXPECT_EQ(lines[4], "one");
  EXPECT_EQ(lines[5], "two");
  EXPECT_THAT(lines[8], HasSubstr("q: leave"));
}

TEST(LivePage, FitsEverySizeOfTerminal) {
  std::deque<std::string> log;
  for (int i = 0; i < 50; ++i) log.push_back("\x1b[32m" + std::string(300, 'x') + "\x1b[0m");
  auto shown = live_build(30);
  shown.jobs[3].name = "Gr\xC3\xB6\xC3\x9F" + std::string(200, 'e');
  for (const std::size_t columns : {1u, 10u, 40u, 80u, 200u}) {
    for (const std::size_t rows : {1u, 2u, 5u, 24u, 60u}) {
      const auto lines = live_page(shown, "3", log, {columns, rows, false});
      EXPECT_LE(lines.size(), rows);
      for (const std::string& line : lines) {
        if (columns < 20 || line.find('\x1b') != line.npos) continue;
        EXPECT_LE(width_of(line), columns) << line;
      }
    }
  }
}

TEST(LivePage, KeepsTheChosenJobInSightAndTheEndOfTheLog) {
  const std::deque<std::string> log(100, "line");
  for (const int chosen : {0, 50, 99}) {
    const auto lines = live_page(live_build(100), std::to_string(chosen), log, {80, 24, false});
    EXPECT_THAT(lines, testing::Contains(testing::StartsWith(">  Job " + std::to_string(chosen))));
    EXPECT_THAT(lines,
                testing::Contains(HasSubstr("(job " + std::to_string(chosen + 1) + " of 100)")));
    EXPECT_EQ(lines.size(), 24u);
  }
}

TEST(LivePage, ShowsTheLogThatMattersUntilSomebodyChooses) {
  auto some = live_build(0);
  EXPECT_EQ(job_to_show(some, ""), "");
  some.jobs = {live_job("a", RestJobProgress::Passed), live_job("b", RestJobProgress::Failed),
               live_job("c", RestJobProgress::Waiting)};
  EXPECT_EQ(job_to_show(some, ""), "b");
  some.jobs.push_back(live_job("d", RestJobProgress::Running));
  EXPECT_EQ(job_to_show(some, ""), "d");
  some.jobs[3].type = "waiter";
  EXPECT_EQ(job_to_show(some, ""), "b");
  EXPECT_EQ(job_beside(some, "a", 1, OpenGroups::Unsettled), "b");
  EXPECT_EQ(job_beside(some, "a", -1, OpenGroups::Unsettled), "a");
  EXPECT_EQ(job_beside(some, "c", 1, OpenGroups::Unsettled), "c")
      << "there is nothing below but a waiter";
}

TEST(LivePage, StaysAtOneLogWhileItGrows) {
  auto some = live_build(2);
  some.jobs[1].started_at = kPresent + -20s;
  EXPECT_EQ(job_to_show(some, ""), "1") << "it began first";
  EXPECT_EQ(job_to_show(some, "0"), "0") << "but this one is read";
  some.jobs[0] = live_job("0", RestJobProgress::Passed);
  EXPECT_EQ(job_to_show(some, "0"), "1");
  some.jobs[1] = live_job("1", RestJobProgress::Passed);
  EXPECT_EQ(job_to_show(some, "0"), "0") << "nothing else is to be seen yet";
  some.jobs[1] = live_job("1", RestJobProgress::Failed);
  EXPECT_EQ(job_to_show(some, "0"), "1");
}

RestJobAnswer in_group(RestJobAnswer job, const std::string& group) {
  job.group_id = job.group_name = group;
  return job;
}

/// A job, a group that has passed, one that runs, one that has failed.
RestBuildAnswer build_with_groups() {
  auto build = live_build(0);
  build.jobs = {live_job("a", RestJobProgress::Passed),
                in_group(live_job("b", RestJobProgress::Passed), "Done"),
                in_group(live_job("c", RestJobProgress::NotRun), "Done"),
                in_group(live_job("d", RestJobProgress::Failed), "Done"),
                in_group(live_job("e", RestJobProgress::Passed), "Done"),
                in_group(live_job("f", RestJobProgress::Passed), "Runs"),
                in_group(live_job("g", RestJobProgress::Running), "Runs"),
                in_group(live_job("h", RestJobProgress::Failed), "Broken")};
  build.jobs[2].state = "broken";
  build.jobs[3].retried = true;
  build.jobs[4].finished_at = kPresent + -3s;
  return build;
}

TEST(LivePage, FoldsAGroupThatHasPassedAndNoOther) {
  const auto lines = live_page(build_with_groups(), "g", {}, {80, 24, false});
  EXPECT_THAT(
      std::vector(lines.begin() + 1, lines.begin() + 8),
      ElementsAre("   Job a    passed   5.0s", "   Done     passed   7.0s   3 jobs, 1 skipped",
                  "   Runs", "     Job f  passed   5.0s", ">    Job g  running  10.0s", "   Broken",
                  "     Job h  failed   5.0s"));
  EXPECT_THAT(lines.back(), HasSubstr("g: open groups"));
}

TEST(LivePage, OpensAndClosesAllGroups) {
  const auto some = build_with_groups();
  const auto open = live_page(some, "g", {}, {80, 40, false}, "", OpenGroups::All);
  EXPECT_THAT(open, testing::IsSupersetOf({HasSubstr("     Job b"), HasSubstr("     Job c"),
                                           HasSubstr("failed, retried"), HasSubstr("     Job e")}));
  EXPECT_THAT(open.back(), HasSubstr("g: close groups"));
  EXPECT_LE(width_of(open.back()), 40u);
  EXPECT_THAT(live_page(live_build(2), "0", {}, {80, 9, false}).back(),
              testing::Not(HasSubstr("groups")));
  KeyReader keys;
  EXPECT_THAT(keys.feed("g"), ElementsAre(Key::Groups));
}

TEST(LivePage, StepsOverTheRowsThatAreShown) {
  const auto some = build_with_groups();
  constexpr auto kSome = OpenGroups::Unsettled;
  EXPECT_EQ(job_beside(some, "a", 1, kSome), "e") << "for the whole group";
  EXPECT_THAT(live_page(some, "b", {}, {80, 24, false}), testing::Contains(HasSubstr(">  Done")));
  EXPECT_EQ(job_beside(some, "b", 1, kSome), "f");
  EXPECT_EQ(job_beside(some, "f", -1, kSome), "e");
  EXPECT_EQ(job_beside(some, "g", 1, kSome), "h");
  EXPECT_EQ(job_beside(some, "h", 1, kSome), "h");
  EXPECT_EQ(job_beside(some, "a", 1, OpenGroups::All), "b");
  EXPECT_EQ(job_beside(some, "f", -1, OpenGroups::All), "e");
}

TEST(LivePage, NamesTheGroupThatItsFirstRowIsIn) {
  auto some = live_build(50);
  for (auto& job : some.jobs) job.group_id = job.group_name = "All of them";
  const auto lines = live_page(some, "40", {}, {80, 24, false});
  EXPECT_EQ(lines[1], "   All of them");
  EXPECT_THAT(lines, testing::Contains(testing::StartsWith(">    Job 40")));
}

TEST(LivePage, KeepsTheNamesOfJobsInALongGroupOnANarrowTerminal) {
  auto some = live_build(2);
  for (auto& job : some.jobs) {
    job.group_id = "g";
    job.group_name = "Group with a long name that says what all of its jobs are good for";
    job.agent_name = "builder-7";
  }
  const auto lines = live_page(some, "0", {}, {40, 12, false});
  EXPECT_THAT(lines[1], testing::StartsWith("   Group with"));
  EXPECT_THAT(lines[2], testing::StartsWith(">    Job 0  "));
  EXPECT_THAT(lines[3], testing::StartsWith("     Job 1  "));
  for (const std::string& line : lines) EXPECT_LE(width_of(line), 40u) << line;
}

TEST(LivePage, TakesTheMedianOfPastBuilds) {
  std::vector<RestBuildAnswer> past(4);
  EXPECT_EQ(usual_duration(past), std::nullopt);
  for (int i = 0; i < 3; ++i) {
    past[static_cast<std::size_t>(i)].started_at = kPresent;
    past[static_cast<std::size_t>(i)].finished_at =
        kPresent + std::array{90s, 1s, 10s}.at(static_cast<std::size_t>(i));
  }
  EXPECT_EQ(usual_duration(past), 10s);
  EXPECT_EQ(time_left_text(live_build(1), 60s, kPresent), "5.0s longer than usual");
  EXPECT_EQ(time_left_text(live_build(1), std::nullopt, kPresent), "");
}

TEST(CutLine, CountsNoColoursAndExpandsTabs) {
  EXPECT_EQ(cut_line("abcdef", 4), "abcd");
  EXPECT_EQ(cut_line("\x1b[31mabcdef\x1b[0m", 4), "\x1b[31mabcd\x1b[0m");
  EXPECT_EQ(cut_line("a\tb", 20), "a       b");
  EXPECT_EQ(cut_line("a\tb", 5), "a");
  EXPECT_EQ(cut_line("\xC3\xBC\xC3\xBC\xC3\xBC", 2), "\xC3\xBC\xC3\xBC");
  EXPECT_EQ(cut_line("x\x1b[1", 5), "x\x1b[1\x1b[0m");
}

TEST(KeyReader, KnowsTheKeysWhateverPiecesTheyComeIn) {
  KeyReader keys;
  EXPECT_THAT(keys.feed("\x1b[A\x1bOBkjq"),
              ElementsAre(Key::Up, Key::Down, Key::Up, Key::Down, Key::Quit));
  EXPECT_THAT(keys.feed("\x1b"), ElementsAre());
  EXPECT_THAT(keys.feed("["), ElementsAre());
  EXPECT_THAT(keys.feed("B"), ElementsAre(Key::Down));
  EXPECT_THAT(keys.feed("\x1b[1;5A\x1b[5~xyz"), ElementsAre(Key::Up));
}

}  // namespace
}  // namespace ostler::console
