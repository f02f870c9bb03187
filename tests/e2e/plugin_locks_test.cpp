// SPDX-License-Identifier: Apache-2.0
// Locks of step plugins in pipelines: real agents, and what kills them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>

#include "e2e/plugin_pipeline.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// Two builds, on two agents, that want one lock: the first holds it when the second begins.
class LockedPipeline : public PluginPipeline {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
    install_snake(R"({"services": ["lock"]})", "hold(step)", R"(
def hold(step):
    with step.lock("deploy-prod") as lock:
        name = step.config("/as")
        step.log(f'{name} holds it, {lock.fence > 0}, child of {os.getppid()}.')
        if name == "first":
            step.sleep(600)
            step.begin_cleanup()
    return passed(name + " is done")
)");
    fs::create_directories(directory_ / "other/state");
    fs::permissions(directory_ / "other/state", fs::perms::owner_all);
    fs::copy(directory_ / "state/plugins", directory_ / "other/state/plugins",
             fs::copy_options::recursive);
    other_.emplace(hub_, directory_ / "other");
    begin("first");
    await("first", "first holds it, True");
    begin("second");
    await("second", "waits for the lock deploy-prod, held by job " + hub_.url());
    EXPECT_THAT(text("second"), HasSubstr("/first/builds/1#" + job("first")));
  }
  void begin(const std::string& name) const {
    hub_.make_pipeline(name,
                       "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\nsteps:\n"
                       "  - plugins: [\"ostler://snake#1\": {as: " +
                           name + "}]\n");
    hub_.make_build(name);
  }
  void await(const std::string& build, const std::string& line) const {
    ASSERT_TRUE(support::wait_until(60s, [&] {
      return text(build).find(line) != std::string::npos;
    })) << text(build);
  }
  std::string text(const std::string& build) const {
    return support::plain_log(hub_.log(build, 1, 0));
  }
  std::string job(const std::string& build) const { return hub_.build(build, 1)["jobs"][0]["id"]; }
  void expect_handed_on() const {
    EXPECT_EQ(hub_.finished_build("second", 1, 60s).value()["state"], "passed") << text("second");
    EXPECT_THAT(text("second"), HasSubstr("second holds it, True"));
    EXPECT_NE(hub_.finished_build("first", 1, 60s).value()["state"], "passed") << text("first");
  }

  std::optional<support::AgentProcess> other_;
};

TEST_F(LockedPipeline, HandsALockOnWhenTheJobThatHoldsItIsCancelled) {
  person_.shell("ostler job cancel " + job("first"));
  expect_handed_on();
}

TEST_F(LockedPipeline, HandsALockOnWhenTheWorkerThatHoldsItIsKilled) {
  const std::string said = text("first");
  const std::size_t at = said.find("child of ") + 9;
  ASSERT_EQ(::kill(std::stoi(said.substr(at)), SIGKILL), 0);
  expect_handed_on();
}

TEST_F(LockedPipeline, KeepsTheQueueWhenHubAndAgentsAreKilled) {
  hub_.kill();
  other_->kill();
  hub_.start_again();
  other_->start_again();
  person_.shell("ostler job cancel " + job("first"));
  expect_handed_on();
}

TEST_F(LockedPipeline, EndsTheWaitOfAJobThatIsCancelled) {
  const auto begun = std::chrono::steady_clock::now();
  person_.shell("ostler job cancel " + job("second"));
  EXPECT_EQ(hub_.finished_build("second", 1, 60s).value()["state"], "failed");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s) << "a poll lasts longer";
  EXPECT_THAT(text("second"), Not(HasSubstr("second holds it")));
  person_.shell("ostler job cancel " + job("first"));
  EXPECT_EQ(hub_.finished_build("first", 1, 60s).value()["state"], "failed");
}

}  // namespace
}  // namespace ostler
