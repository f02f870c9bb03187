// SPDX-License-Identifier: Apache-2.0
// Programs that a plugin has run outside its box: real shells, a real box.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

/// The zoo, allowed to run commands in its scratch directory.
class Allowed : public ZooRun {
 public:
  explicit Allowed(const std::string& how, const std::string& script) : ZooRun(how, script) {
    spec.commands = CommandPlace{.directory = scratch.path()};
  }
};

std::string said_by(const std::string& how, const std::string& script) {
  return Allowed(how, script).run().result.message;
}

/// The process whose id a script has left in a file.
pid_t process_in(const std::filesystem::path& file) {
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  return pid;
}

/// Killed it may still be there for a moment, until init has reaped it.
bool is_gone(pid_t pid) {
  const auto end = steady_clock::now() + std::chrono::seconds(10);
  while (pid > 0 && ::kill(pid, 0) == 0 && steady_clock::now() < end) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string id, name, state;
    stat >> id >> name >> state;
    if (state == "Z") return true;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return pid > 0 && ::kill(pid, 0) != 0;
}

TEST(Command, TellsHowItEnded) {
  EXPECT_EQ(said_by("command", "exit 3"), "3 0 ");
  EXPECT_EQ(said_by("command", "kill -USR1 $$"), "-1 " + std::to_string(SIGUSR1) + " ");
  EXPECT_EQ(said_by("command not there", ""),
            "status 3: no program no-such-program in PATH=/usr/bin:/bin");
  EXPECT_THAT(said_by("command with NUL", "exit 0"), HasSubstr("status 7: "));
}

TEST(Command, WritesIntoTheLogLineByLine) {
  Allowed zoo("command", "echo one; echo two >&2; printf three");
  EXPECT_EQ(zoo.run().result.message, "0 0 ");
  EXPECT_EQ(zoo.log.printed, "one\ntwo\nthree\n");
  EXPECT_EQ(zoo.log.confinement->commands, CommandProfile::Host);
}

TEST(Command, IsToldApartInWhatARunTook) {
  Allowed zoo("command", "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done");
  const auto usage = zoo.run().usage;
  EXPECT_EQ(usage.commands.count, 1);
  EXPECT_GT(usage.commands.processor, milliseconds(20));
  EXPECT_THAT(describe(usage), HasSubstr("; its command used "));
}

TEST(Command, HandsItsOutputToThePluginWhenItIsAsked) {
  Allowed zoo("command captured", "echo one; echo two >&2; pwd");
  EXPECT_EQ(zoo.run().result.message, "0 0 one|" + zoo.scratch.path().string() + "|");
  EXPECT_EQ(zoo.log.printed, "two\n");
  EXPECT_EQ(said_by("command captured", "head -c 3000000 /dev/zero"), "0 0 truncated 1048576");
}

TEST(Command, ReadsWhatItIsGiven) {
  EXPECT_EQ(said_by("command with input", "od -An -tx1"), "0 0  61 00 62 0a|");
  EXPECT_EQ(said_by("command captured", "cat"), "0 0 ");
}

TEST(Command, HasTheVariablesOfTheJobButNotThoseOfTheBox) {
  EXPECT_EQ(said_by("command captured", "echo $OSTLER_TEST_SECRET$TMPDIR"), "0 0 hidden|");
}

TEST(Command, IsStoppedAtItsTimeLimit) {
  Allowed zoo("command with limit", "trap 'echo asked >&2; exit 0' TERM; sleep 60 & wait");
  EXPECT_EQ(zoo.run().result.message, "status 2: sh did not end within 2.0 s and was stopped");
  EXPECT_EQ(zoo.log.printed, "asked\n");
}

TEST(Command, LetsOtherCallsGoOnMeanwhile) {
  Allowed zoo("command meanwhile", "until test -e go; do sleep 0.02; done; exit 6");
  EXPECT_EQ(zoo.run().result.message, "6 0 ");
  EXPECT_EQ(zoo.services.environment().at("MEANWHILE"), "set");
}

TEST(Command, RunsBesideOthersUpToABound) { EXPECT_EQ(said_by("commands", "sleep 1"), "16"); }

TEST(Command, IsRefusedWhenTheManifestDoesNotAskForIt) {
  ZooRun zoo("command", "exit 0");
  const auto verdict = zoo.run();
  EXPECT_THAT(verdict.result.message,
              HasSubstr("this run has no service ostler.command/1; ask for it in plugin.json: "
                        "\"permissions\": {\"commands\": \"workspace\"}, or \"host\""));
  EXPECT_EQ(zoo.log.confinement->commands, CommandProfile::None);
}

TEST(Command, EndsWithItsJobAndRunsAgainToCleanUp) {
  Allowed zoo("command to clean up", "touch begun; exec sleep 60");
  const auto begin = steady_clock::now();
  const auto verdict = zoo.run_and_cancel(milliseconds(20'000));
  EXPECT_EQ(verdict.result.message,
            "status 1: the job was cancelled; status 1: the job was cancelled; 5 0 ");
  EXPECT_LT(steady_clock::now() - begin, milliseconds(10'000));
}

TEST(Command, ThatIsDeafToACancelIsKilledBeforeThePluginIs) {
  Allowed zoo("command to clean up", "trap '' TERM; touch begun; while :; do sleep 0.1; done");
  const auto begin = steady_clock::now();
  const auto verdict = zoo.run_and_cancel(milliseconds(3000));
  EXPECT_THAT(verdict.result.message, testing::EndsWith("; 5 0 "));
  EXPECT_GE(steady_clock::now() - begin, milliseconds(1500));
}

TEST(Command, LeavesNothingBehind) {
  Allowed grandchild("command", "sleep 60 & echo $! > pid");
  EXPECT_EQ(grandchild.run().result.message, "0 0 ");
  EXPECT_TRUE(is_gone(process_in(grandchild.scratch.path() / "pid")));
  Allowed orphan("command left alone", "echo $$ > pid; touch begun; exec sleep 60");
  EXPECT_EQ(orphan.run().result.message, "left one");
  EXPECT_TRUE(is_gone(process_in(orphan.scratch.path() / "pid")));
}

}  // namespace
}  // namespace ostler::plugin_host
