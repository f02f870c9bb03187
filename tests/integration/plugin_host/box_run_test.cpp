// SPDX-License-Identifier: Apache-2.0
// Plugins that behave and plugins that do not, each in a real box.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <filesystem>
#include <fstream>

#include "support/sanitizers.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::MatchesRegex;

TEST(BoxRun, BringsTheResultThatThePluginSets) {
  ZooRun zoo("pass");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.outcome, Outcome::Passed);
  EXPECT_EQ(verdict.result.exit_status, 0);
  EXPECT_EQ(verdict.result.message, "done");
}

TEST(BoxRun, GivesEveryService) {
  ZooRun zoo("services");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.message, "here 4 main");
  EXPECT_THAT(verdict.result.detail, MatchesRegex(R"(\{"refusal": [1-9][0-9]+\})"));
  EXPECT_THAT(zoo.log.groups, testing::ElementsAre("a group"));
  ASSERT_EQ(zoo.log.messages.size(), 1u);
  EXPECT_EQ(zoo.log.messages[0], std::pair(Severity::Warning, std::string("careful")));
  EXPECT_EQ(zoo.log.printed, "printed\n");
  EXPECT_EQ(zoo.log.last.done, 5000);
  EXPECT_EQ(zoo.log.last.phase, "build");
  EXPECT_EQ(zoo.services.outputs().at("made"), "[1,2]");
  EXPECT_EQ(zoo.services.environment().at("MADE"), "here");
}

TEST(BoxRun, AnswersManyThreadsAtOnce) {
  ZooRun zoo("threads");
  EXPECT_EQ(zoo.run().result.message, "0 wrong answers");
}

TEST(BoxRun, RetriesUntilItWorksOrTheAttemptsAreUsedUp) {
  ZooRun zoo("retry");
  EXPECT_EQ(zoo.run().result.message, "3 and 3");
}

TEST(BoxRun, CarriesALotOfLog) {
  ZooRun zoo("flood");
  EXPECT_EQ(zoo.run().result.message, "flooded");
  EXPECT_EQ(zoo.log.bytes, 500u * 60'000u);
}

TEST(BoxRun, SaysWhereAPluginCrashed) {
  ZooRun zoo("segv");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Crashed);
  EXPECT_EQ(verdict.result.outcome, Outcome::Error);
  EXPECT_EQ(verdict.result.reason, "plugin_crashed");
  EXPECT_THAT(verdict.result.message,
              MatchesRegex(R"(the plugin crashed: SIGSEGV at zoo\.so\+0x[0-9a-f]+ in )"
                           R"(.*::write_to_nowhere\(\) \(build-id [0-9a-f]+\), address 0x18)"));
}

TEST(BoxRun, NamesThePlaceInThePluginThatCalledACrashingLibrary) {
  ZooRun zoo("segv in library");
  EXPECT_THAT(
      zoo.run().result.message,
      MatchesRegex(
          R"(.*SIGSEGV at libc\.so\.6\+.*called from zoo\.so\+0x[0-9a-f]+ in .*::crash_in_library\(\).*)"));
}

TEST(BoxRun, SaysWhatItTook) {
  ZooRun zoo("work hard");
  const auto usage = zoo.run().usage;
  EXPECT_GT(usage.processor, std::chrono::milliseconds(50));
  EXPECT_LT(usage.processor, std::chrono::seconds(20));
  EXPECT_GT(usage.memory, 64 << 20);
  EXPECT_EQ(usage.commands.count, 0);
  // A sanitizer has memory of its own, in the plugin and in us.
  if (!support::kIsSanitized) EXPECT_LT(usage.memory, 80 << 20);
}

TEST(BoxRun, SaysWhatItTookAndNotWhatItsHostHas) {
  std::vector<char> ours(96 << 20);
  for (std::size_t at = 0; at < ours.size(); at += 4096) ours[at] = 'x';
  ZooRun zoo("pass");
  const auto usage = zoo.run().usage;
  EXPECT_EQ(ours[4096], 'x');
  EXPECT_GT(usage.memory, 1 << 20);
  if (!support::kIsSanitized) EXPECT_LT(usage.memory, 8 << 20);
}

TEST(BoxRun, SaysWhatItTookWhateverItsNameIs) {
  std::vector<char> ours(96 << 20);  // more than the box has: the kernel's last word is not its own
  for (std::size_t at = 0; at < ours.size(); at += 4096) ours[at] = 'x';
  ZooRun zoo("take a name");
  const auto usage = zoo.run().usage;
  EXPECT_EQ(ours[4096], 'x');
  EXPECT_LT(usage.memory, std::int64_t{8} << 30);
}

TEST(BoxRun, SurvivesWhatAPluginThrows) {
  ZooRun zoo("throw");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Crashed);
  EXPECT_THAT(verdict.result.message, HasSubstr("SIGABRT"));
  EXPECT_THAT(zoo.log.printed, HasSubstr("out of run"));
}

TEST(BoxRun, SurvivesAnAbort) {
  ZooRun zoo("abort");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Crashed);
  EXPECT_THAT(verdict.result.message,
              MatchesRegex(R"(.*SIGABRT at libc\.so\.6\+.*called from zoo\.so\+0x[0-9a-f]+ in )"
                           R"(.*::give_up\(int, std::.*string.* const&\).*)"));
}

TEST(BoxRun, SaysWhereAPluginDiedThatWasNotYetMapped) {
  ZooRun zoo("pass");
  zoo.with_library(ZooRun::directory() + "/misfit_born_dead.so");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Crashed);
  EXPECT_THAT(verdict.result.message,
              MatchesRegex(R"(.*SIGSEGV at misfit_born_dead\.so\+0x[0-9a-f]+.*address 0x0.*)"));
}

/// What stands between its code and abort() may be a part of the plugin.
TEST(BoxRun, NamesWhatEndedItInAThreadOfItsOwn) {
  for (const char* library : {"/zoo.so", "/../zoo_static/zoo_static.so"}) {
    for (const auto& [what, who] :
         {std::pair("throw in a thread", "lose_it"), {"abort in a thread", "give_up"}}) {
      ZooRun zoo(what);
      zoo.with_library(ZooRun::directory() + library);
      EXPECT_THAT(
          zoo.run().result.message,
          MatchesRegex(R"(.*SIGABRT at libc\.so\.6\+.*called from zoo.*\.so\+0x[0-9a-f]+ in )"
                       R"([(]anonymous namespace[)]::)" +
                       std::string(who) + R"([(].*)"))
          << what;
    }
  }
}

TEST(BoxRun, KeepsTheFirstOfCrashesThatMix) {
  ZooRun zoo("crash like two threads");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Crashed);
  EXPECT_THAT(verdict.result.message,
              MatchesRegex(R"(the plugin crashed: SIGSEGV at first\.so\+0x1100, )"
                           R"(called from zoo\.so\+0x1111( in .*)?, address 0x0, then SIGABRT)"));
}

TEST(BoxRun, EndsAPluginThatAbortsOnABrokenStack) {
  for (const auto& [what, end] : {std::pair("abort in a circle", R"(\(build-id [0-9a-f]+\))"),
                                  std::pair("abort above nothing", R"(.*, then SIGSEGV)")}) {
    ZooRun zoo(what);
    const auto verdict = zoo.run();
    EXPECT_EQ(verdict.end, BoxEnd::Crashed) << what;
    EXPECT_THAT(verdict.result.message,
                MatchesRegex("the plugin crashed: SIGABRT at libc\\.so\\.6\\+0x[0-9a-f]+ " +
                             std::string(end)));
  }
}

TEST(BoxRun, TellsAnExitFromAResult) {
  ZooRun zoo("exit");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Left);
  EXPECT_EQ(verdict.result.reason, "plugin_exited");
  EXPECT_THAT(verdict.result.message, HasSubstr("exit status 3"));
}

TEST(BoxRun, TakesNoResultForAnError) {
  ZooRun zoo("no result");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.outcome, Outcome::Error);
  EXPECT_EQ(verdict.result.reason, "no_result");
}

TEST(BoxRun, SaysWhyAPluginCouldNotBegin) {
  ZooRun zoo("fail in init");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.outcome, Outcome::Error);
  EXPECT_EQ(verdict.result.message, "cannot begin");
}

TEST(BoxRun, SaysWhyAPluginGaveUp) {
  ZooRun zoo("status");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.outcome, Outcome::Error);
  EXPECT_EQ(verdict.result.message, "the registry is gone");
}

TEST(BoxRun, ShowsTheFirstLineOfWhyAPluginGaveUpAndLogsAll) {
  ZooRun zoo("fail as", "WHY");
  const std::string why = "no answer from the registry\n  at ask\n  at main\n";
  ASSERT_TRUE(zoo.services.answer("ostler.environment/1/set", "WHY", why));
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.message, "no answer from the registry");
  EXPECT_THAT(zoo.log.messages, testing::ElementsAre(std::pair(Severity::Info, why)));
}

TEST(BoxRun, RefusesAResultThatBreaksARule) {
  ZooRun zoo("break rules");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.outcome, Outcome::Failed);
  EXPECT_EQ(verdict.result.exit_status, 1);
  EXPECT_THAT(verdict.result.message, HasSubstr("7 the result's reason"));
}

TEST(BoxRun, KeepsAResultWhoseMessageIsNoLine) {
  ZooRun zoo("lines");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.result.outcome, Outcome::Failed);
  EXPECT_EQ(verdict.result.message, "line one");
  EXPECT_THAT(zoo.log.messages,
              testing::ElementsAre(std::pair(Severity::Info, std::string("line one\nline two"))));
  ZooRun endless("long");
  const auto cut = endless.run();
  EXPECT_EQ(cut.result.outcome, Outcome::Failed);
  EXPECT_EQ(cut.result.message, std::string(4093, 'm') + "\u2026");
  EXPECT_EQ(cut.result.hint, std::string(4093, 'h') + "\u2026");
  EXPECT_THAT(endless.log.messages,
              testing::ElementsAre(std::pair(Severity::Info, std::string(64 << 10, 'm')),
                                   std::pair(Severity::Info, std::string(64 << 10, 'h'))));
}

TEST(BoxRun, LetsAPluginCleanUpAfterACancel) {
  ZooRun zoo("stop");
  const auto verdict = zoo.run_and_cancel(milliseconds(20'000));
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.outcome, Outcome::Cancelled);
  EXPECT_EQ(verdict.result.message, "reason 2");
}

TEST(BoxRun, CallsThePluginBackAtACancel) {
  ZooRun zoo("callback");
  const auto verdict = zoo.run_and_cancel(milliseconds(20'000));
  EXPECT_EQ(verdict.result.message, "called with reason 2");
}

TEST(BoxRun, TellsAPluginOfACancelThatCameBeforeItsBegin) {
  ZooRun zoo("stop");
  const auto verdict = zoo.run_cancelled(milliseconds(20'000));
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.outcome, Outcome::Cancelled);
}

TEST(BoxRun, KillsAConstructorThatHangsWhenTheGraceIsOver) {
  ZooRun zoo("pass");
  zoo.with_library(ZooRun::directory() + "/misfit_hangs.so");
  const auto verdict = zoo.run_cancelled(milliseconds(100));
  EXPECT_EQ(verdict.end, BoxEnd::Killed);
  EXPECT_EQ(verdict.result.outcome, Outcome::Cancelled);
}

TEST(BoxRun, KillsAPluginThatIsDeafToACancelWhenTheGraceIsOver) {
  ZooRun zoo("hang");
  const auto verdict = zoo.run_and_cancel(milliseconds(100));
  EXPECT_EQ(verdict.end, BoxEnd::Killed);
  EXPECT_EQ(verdict.result.outcome, Outcome::Cancelled);
  EXPECT_THAT(verdict.result.message, HasSubstr("did not stop in time"));
}

TEST(BoxRun, KillsAPluginThatFloodsItsHostWhenTheGraceIsOver) {
  for (const char* what : {"flood with cleanups", "flood with crashes"}) {
    ZooRun zoo(what);
    const auto begin = std::chrono::steady_clock::now();
    const auto verdict = zoo.run_and_cancel(milliseconds(100));
    EXPECT_EQ(verdict.end, BoxEnd::Killed) << what;
    EXPECT_THAT(verdict.result.message, HasSubstr("did not stop in time")) << what;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << what;
  }
}

TEST(BoxRun, KillsAProcessThatSaysWhatIsNoFrame) {
  ZooRun zoo("nonsense");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Broken);
  EXPECT_EQ(verdict.result.reason, "plugin_broke_protocol");
}

TEST(BoxRun, KeepsMessagesOfThreadsApart) {
  ZooRun zoo("log from threads");
  EXPECT_EQ(zoo.run().result.message, "logged");
  ASSERT_EQ(zoo.log.messages.size(), 80u);
  for (const auto& [severity, text] : zoo.log.messages) {
    EXPECT_EQ(text.size(), 200'000u);
    EXPECT_EQ(text.find_first_not_of(text.front()), text.npos) << "two messages in one";
  }
}

TEST(BoxRun, ShowsWhatAPluginWasSayingWhenItDied) {
  ZooRun zoo("die in a message");
  EXPECT_EQ(zoo.run().end, BoxEnd::Crashed);
  EXPECT_THAT(zoo.log.messages,
              testing::ElementsAre(testing::Pair(Severity::Warning, "last words")));
}

TEST(BoxRun, LeavesNoChildOfThePluginBehind) {
  ZooRun zoo("child");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(zoo.run().result.message, "left one");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(BoxRun, KillsAProcessThatDoesNotEndThoughItSaysSo) {
  ZooRun zoo("say ended");
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Killed);
  EXPECT_THAT(verdict.result.message, HasSubstr("its process did not end"));
}

TEST(BoxRun, KeepsTheResultOfAPluginThatHangsInDestroy) {
  const auto cut_off = [](const char* what) {
    ZooRun zoo(what);
    zoo.spec.destroyed_within = std::chrono::seconds(1);
    const auto verdict = zoo.run();
    EXPECT_EQ(verdict.end, BoxEnd::Finished) << what;
    EXPECT_THAT(zoo.log.messages,
                testing::ElementsAre(testing::Pair(
                    Severity::Warning, HasSubstr("destroy() of zoo.so took longer than 1 s"))));
    return verdict.result;
  };
  const StepResult passed = cut_off("hang in destroy");
  EXPECT_EQ(passed.outcome, Outcome::Passed);
  EXPECT_EQ(passed.message, "done");
  const StepResult failed = cut_off("status, hang in destroy");
  EXPECT_EQ(failed.outcome, Outcome::Error);
  EXPECT_EQ(failed.reason, "unavailable");
  EXPECT_EQ(failed.message, "the registry is gone");
}

TEST(BoxRun, KeepsTheResultOfACancelledPluginThatHangsInDestroy) {
  ZooRun zoo("stop, hang in destroy");
  const auto verdict = zoo.run_and_cancel(milliseconds(2000));
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.outcome, Outcome::Cancelled);
  EXPECT_EQ(verdict.result.message, "reason 2");
  EXPECT_THAT(zoo.log.messages,
              testing::Contains(testing::Pair(
                  Severity::Warning, HasSubstr("did not end within the grace of the cancel"))));
}

TEST(BoxRun, RestsWhileAPluginThatHasClosedItsOutputWorks) {
  ZooRun zoo("close output");
  const std::clock_t begin = std::clock();
  EXPECT_EQ(zoo.run().result.message, "silent");
  EXPECT_LT(std::clock() - begin, CLOCKS_PER_SEC / 2) << "it worked for a second";
}

TEST(BoxRun, RefusesCallsAroundTheConfinement) {
  ::setenv("OSTLER_TEST_SECRET", "hidden", 1);
  ZooRun zoo("calls");
  const auto verdict = zoo.run();
  ASSERT_TRUE(zoo.log.confinement);
  EXPECT_TRUE(zoo.log.confinement->system_calls);
  if (!zoo.log.confinement->files) GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(verdict.result.message, zoo.log.confinement->signals ? "worked:" : "worked: signal");
}

TEST(BoxRun, IsClosedToOtherProcessesWhenThePluginsCodeBegins) {
  ZooRun zoo("dumpable");
  EXPECT_EQ(zoo.run().result.message, "0, then 0");
}

TEST(BoxRun, LetsAPluginWriteWhereItMay) {
  const support::TempDirectory directory;
  ZooRun zoo("write", directory.path() / "made");
  zoo.spec.paths.emplace_back(directory.path(), "write");
  EXPECT_EQ(zoo.run().result.message, "write: it worked");
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "made"));
}

TEST(BoxRun, LetsAPluginNeitherReadNorWriteElsewhere) {
  const support::TempDirectory outside;
  std::ofstream(outside.path() / "file") << "theirs";
  for (const char* what : {"write", "read"}) {
    ZooRun zoo(what, outside.path() / "file");
    const auto verdict = zoo.run();
    if (!zoo.log.confinement->files) GTEST_SKIP() << "this kernel has no Landlock";
    EXPECT_EQ(verdict.result.message, std::string(what) + ": Permission denied");
  }
}

TEST(BoxRun, LetsAPluginReadButNotWriteWhatIsForReading) {
  const support::TempDirectory outside;
  std::ofstream(outside.path() / "file") << "theirs";
  for (const auto& [what, end] : {std::pair("write", "Permission denied"), {"read", "it worked"}}) {
    ZooRun zoo(what, outside.path() / "file");
    zoo.spec.paths.emplace_back(outside.path(), "read");
    const auto verdict = zoo.run();
    if (!zoo.log.confinement->files) GTEST_SKIP() << "this kernel has no Landlock";
    EXPECT_EQ(verdict.result.message, std::string(what) + ": " + end);
  }
}

}  // namespace
}  // namespace ostler::plugin_host
