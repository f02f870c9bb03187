// SPDX-License-Identifier: Apache-2.0
// Plugins that are all they should be until they make their step: named in a run and in a look.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string path_of_half(const std::string& name) {
  return ZooRun::directory() + "/" + name + ".so";
}

/// What is said of it in a run; looking at it, with or without a manifest, says the same.
std::string refusal_of_half(const std::string& name) {
  ZooRun ran("pass");
  const auto verdict = ran.with_library(path_of_half(name)).run();
  EXPECT_EQ(verdict.end, BoxEnd::Refused) << name;
  EXPECT_EQ(verdict.result.outcome, Outcome::Error) << name;
  for (const char* id : {"zoo", ""}) {
    ZooRun looked("pass");
    looked.spec.only_look = true;
    looked.spec.id = id;
    EXPECT_EQ(looked.with_library(path_of_half(name)).run().result.message, verdict.result.message);
  }
  return verdict.result.message;
}

TEST(HalfStep, IsRefusedWithAllThatItLacks) {
  EXPECT_THAT(refusal_of_half("half_no_init"),
              AllOf(HasSubstr("half a step"), HasSubstr("it lacks init()")));
  EXPECT_THAT(refusal_of_half("half_no_run"), HasSubstr("it lacks run()"));
  EXPECT_THAT(refusal_of_half("half_none"), HasSubstr("it lacks init() run() destroy()"));
  EXPECT_THAT(refusal_of_half("half_short"), HasSubstr("of 32 bytes: it lacks destroy()"));
}

TEST(HalfStep, IsNoneOrCannotBeRead) {
  EXPECT_THAT(refusal_of_half("half_null"), HasSubstr("create() gave no step"));
  EXPECT_THAT(refusal_of_half("half_garbage"),
              HasSubstr("create() gave a step that cannot be read, at 0x1238"));
  EXPECT_THAT(refusal_of_half("half_text"), HasSubstr("its descriptor cannot be read"));
  EXPECT_THAT(refusal_of_half("half_at_border"), HasSubstr("a step that cannot be read, at 0x"));
  EXPECT_THAT(refusal_of_half("half_text_at_border"), HasSubstr("its descriptor cannot be read"));
}

TEST(HalfStep, ThatIsNeverMadeIsWaitedForInVain) {
  std::string said;
  // On a busy machine the time may be over before it is mapped.
  for (int patience = 1; patience < 60 && said.find("create()") == said.npos; patience *= 2) {
    ZooRun looked("pass");
    looked.spec.only_look = true;
    looked.spec.ready_within = std::chrono::seconds(patience);
    const auto verdict = looked.with_library(path_of_half("half_hangs")).run();
    EXPECT_EQ(verdict.end, BoxEnd::Killed);
    said = verdict.result.message;
  }
  EXPECT_THAT(said, HasSubstr("look at what create() and destroy() do"));
}

TEST(Look, MakesAStepAndRunsNone) {
  ZooRun looked("say");
  looked.spec.only_look = true;
  const auto verdict = looked.run();
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.outcome, Outcome::Passed) << verdict.result.message;
  EXPECT_TRUE(looked.log.messages.empty());
  EXPECT_EQ(looked.log.printed, "");
}

TEST(Look, TellsOfAnotherPluginThanTheManifestNames) {
  ZooRun looked("pass");
  looked.spec.only_look = true;
  looked.spec.version = "2.0.0";
  EXPECT_THAT(looked.run().result.message, HasSubstr("zoo#2.0.0"));
}

}  // namespace
}  // namespace ostler::plugin_host
