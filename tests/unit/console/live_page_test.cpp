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
                                   std::string_view unfinished = "") {
  return live_lines({.build = build,
                     .chosen = chosen,
                     .log = log,
                     .unfinished = unfinished,
                     .usual = 75s,
                     .note = "",
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
  EXPECT_EQ(job_to_show(some), "");
  some.jobs = {live_job("a", RestJobProgress::Passed), live_job("b", RestJobProgress::Failed),
               live_job("c", RestJobProgress::Waiting)};
  EXPECT_EQ(job_to_show(some), "b");
  some.jobs.push_back(live_job("d", RestJobProgress::Running));
  EXPECT_EQ(job_to_show(some), "d");
  some.jobs[3].type = "waiter";
  EXPECT_EQ(job_to_show(some), "b");
  EXPECT_EQ(job_beside(some, "a", 1), "b");
  EXPECT_EQ(job_beside(some, "a", -1), "a");
  EXPECT_EQ(job_beside(some, "c", 1), "c") << "there is nothing below but a waiter";
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
