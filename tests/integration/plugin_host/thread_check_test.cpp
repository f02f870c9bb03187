// SPDX-License-Identifier: Apache-2.0
// Plugins that call the host from where ostler/abi.h does not allow it: real boxes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin_host/box_start.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

BoxVerdict run_checked(const std::string& what) {
  ZooRun zoo(what);
  zoo.spec.checks_threads = true;
  return zoo.run();
}

/// `said`: function, thread and rule.
void expect_breach(const BoxVerdict& verdict, const std::string& said) {
  EXPECT_EQ(verdict.end, BoxEnd::Broken);
  EXPECT_EQ(verdict.result.reason, "plugin_broke_thread_rule");
  EXPECT_THAT(verdict.result.message, HasSubstr(std::string(kThreadCheckId) + ": " + said));
}

TEST(ThreadCheck, FindsACallInsideASink) {
  expect_breach(run_checked("breach in a sink"),
                "ostler.config/1/text was called by the main-thread inside a sink");
}

TEST(ThreadCheck, FindsACallInsideCancel) {
  ZooRun zoo("breach in cancel");
  zoo.spec.checks_threads = true;
  expect_breach(zoo.run_and_cancel(std::chrono::seconds(20)),
                "ostler.config/1/text was called by the cancel-thread inside cancel()");
}

TEST(ThreadCheck, FindsACallAfterTheRun) {
  expect_breach(run_checked("breach in destroy"),
                "ostler.log/1/write was called by the main-thread after run() had returned");
  expect_breach(run_checked("breach of a thread"),
                "ostler.config/1/text was called by a thread of its own after run()");
}

TEST(ThreadCheck, SaysThatInitHadFailedWhereItHad) {
  expect_breach(run_checked("breach after a failed init"),
                "ostler.log/1/write was called by the main-thread after init() had failed [");
}

TEST(ThreadCheck, LetsRightPluginsBe) {
  for (const char* right : {"pass", "services", "threads", "log from threads", "retry", "nest"}) {
    EXPECT_EQ(run_checked(right).end, BoxEnd::Finished) << right;
  }
}

TEST(ThreadCheck, IsOffUnlessAskedFor) {
  EXPECT_EQ(ZooRun("breach in a sink").run().result.message, "unseen");
}

}  // namespace
}  // namespace ostler::plugin_host
