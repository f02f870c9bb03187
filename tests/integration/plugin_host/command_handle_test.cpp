// SPDX-License-Identifier: Apache-2.0
// Programs that a plugin has started and goes on with: real shells, a real box.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>

#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

class Handle : public testing::Test {
 protected:
  void SetUp() override { ::signal(SIGPIPE, SIG_DFL); }  // as a program of ours begins

  static ZooRun& allow(ZooRun& zoo) {
    zoo.spec.commands = CommandPlace{.directory = zoo.scratch.path()};
    return zoo;
  }
  static std::string said_by(const std::string& how, const std::string& script) {
    ZooRun zoo(how, script);
    return allow(zoo).run().result.message;
  }
};

TEST_F(Handle, TalksToItsProgram) {
  EXPECT_EQ(said_by("handle talk", "read a; echo got $a; cat; echo wrong >&2; exit 3"),
            "got one|twowrong|3 03 0");
}

TEST_F(Handle, SignalsItsProgramAndWhatThatHasStarted) {
  EXPECT_EQ(said_by("handle signal",
                    "trap 'printf signalled; exit 9' USR1; printf ready; sleep 60 & wait"),
            "readysignalled9 0 then 5");
}

TEST_F(Handle, LooksWhetherItHasEnded) {
  EXPECT_EQ(said_by("handle poll", "until test -e go; do sleep 0.02; done; exit 4"), "runs 4 0");
}

TEST_F(Handle, EndsItsProgramWhenItIsDropped) {
  EXPECT_EQ(said_by("handle drop", "trap '' TERM; echo $$ > pid; touch begun; sleep 60"), "1 0");
}

TEST_F(Handle, HoldsUpAProgramWhoseOutputNobodyReads) {
  EXPECT_EQ(said_by("handle read late", "head -c 8000000 /dev/zero; touch done"),
            "waited 8000000 0 0");
}

TEST_F(Handle, IsHeldUpByAProgramThatDoesNotRead) {
  EXPECT_EQ(said_by("handle write much", "sleep 0.3; printf %d $(wc -c)"), "10000005");
  EXPECT_EQ(said_by("handle write to nobody", "exec <&-; touch begun; sleep 60"), "5");
}

TEST_F(Handle, IsOneOfABoundedNumber) { EXPECT_EQ(said_by("handle many", "exit 0"), "16 6 ok"); }

TEST_F(Handle, RefusesWhatItsProgramWasNotStartedFor) {
  EXPECT_EQ(said_by("handle misuse", "sleep 60"), "77777 373");
}

TEST_F(Handle, IsReadByOneCallAtATime) {
  EXPECT_EQ(said_by("handle read twice", "until test -e go; do sleep 0.02; done; echo late"),
            "ok 5");
}

TEST_F(Handle, TellsThatTheTimeLimitHasPassed) {
  EXPECT_EQ(said_by("handle late", "trap 'exit 0' TERM; sleep 60 & wait"), "0 0 late");
}

TEST_F(Handle, EndsItsWaitsAtACancelAndTellsLaterHowItEnded) {
  ZooRun zoo("handle clean up", "trap 'printf asked; exit 7' TERM; touch begun; sleep 60 & wait");
  const auto begin = steady_clock::now();
  const auto verdict = allow(zoo).run_and_cancel(milliseconds(20'000));
  EXPECT_EQ(verdict.result.message, "111 1 0 asked 7 0");
  EXPECT_LT(steady_clock::now() - begin, milliseconds(10'000));
}

TEST_F(Handle, ThatIsDeafToACancelIsKilledBeforeThePluginIs) {
  ZooRun zoo("handle clean up", "trap '' TERM; touch begun; while :; do sleep 0.1; done");
  EXPECT_EQ(allow(zoo).run_and_cancel(milliseconds(3000)).result.message, "111 1 0  -1 9");
}

}  // namespace
}  // namespace ostler::plugin_host
