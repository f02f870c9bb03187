// SPDX-License-Identifier: Apache-2.0
// timeout_in_minutes of steps whose work is a step plugin: a real hub, an agent and boxes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// A minute passes once for all of them.
constexpr const char* kSteps = R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - key: heeds
    timeout_in_minutes: 1
    plugins: ["ostler://zoo#1": {do: clean up}]
  - key: deaf
    timeout_in_minutes: 1
    plugins: ["ostler://zoo#1": {do: hang}]
  - key: forgiven
    timeout_in_minutes: 1
    soft_fail: true
    matrix: [hang]
    plugins: ["ostler://zoo#1": {do: "{{matrix}}"}]
  - key: again
    timeout_in_minutes: 1
    retry: {automatic: [{exit_status: -1, limit: 1}]}
    plugins: ["ostler://zoo#1": {do: hang at first, path: BUILDKITE_RETRY_COUNT}]
)yaml";

class TimedPlugin : public testing::Test {
 protected:
  TimedPlugin() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::create_directories(directory_ / "state/plugins/zoo/1.0.0");
    fs::permissions(directory_ / "state", fs::perms::owner_all);
    fs::copy(built / "tests/integration/plugin_host/zoo", directory_ / "state/plugins/zoo/1.0.0");
  }
  std::size_t place_of(const json& build, const std::string& key) const {
    for (std::size_t i = 0; i < build["jobs"].size(); ++i) {
      if (build["jobs"][i]["step_key"] == key) return i;
    }
    ADD_FAILURE() << "no job of " << key << " in " << build.dump(1);
    return 0;
  }
  std::string log(const json& build, const std::string& key) const {
    return support::plain_log(hub_.log("app", 1, place_of(build, key)));
  }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{
      hub_, directory_.path(), {"--spawn", "4", "--cancel-signal-timeout", "4s"}};
  support::Person person_{hub_, directory_.path()};
};

TEST_F(TimedPlugin, IsToldOfItsTimeoutAndKilledWhereItIsDeaf) {
  hub_.make_pipeline("app", kSteps);
  const json build = hub_.finished_build("app", hub_.make_build("app"), 120s).value();
  EXPECT_EQ(build["state"], "failed");
  ASSERT_EQ(build["jobs"].size(), 4u) << "an attempt that was retried is not listed";
  for (const json& job : build["jobs"]) {
    if (job["retries_count"] == 1) continue;
    EXPECT_EQ(job["state"], "timed_out") << job.dump(1);
    EXPECT_EQ(job["exit_status"], -1) << job.dump(1);
    EXPECT_EQ(job["soft_failed"], job["step_key"] == "forgiven") << job.dump(1);
  }
  const json& second = build["jobs"].back();
  EXPECT_EQ(second["step_key"], "again");
  EXPECT_EQ(second["state"], "passed") << "an attempt that was too slow is tried again";
  EXPECT_EQ(second["retries_count"], 1);
  EXPECT_THAT(log(build, "again"), HasSubstr("zoo#1.0.0 passed: this time"));
  const std::string shown = person_.said({"build", "show", "app/1"});
  EXPECT_THAT(shown, testing::ContainsRegex("heeds +timed out +1m.*took longer than its timeout"));
  EXPECT_THAT(shown, testing::ContainsRegex("deaf +timed out +1m.*took longer than its timeout"));
  const std::string heeded = log(build, "heeds");
  EXPECT_THAT(heeded, HasSubstr("\ncleaning up\n"));
  EXPECT_THAT(heeded, HasSubstr("\ncleaned up\n")) << "calls work until the grace is over";
  EXPECT_THAT(heeded, HasSubstr("zoo#1.0.0 cancelled: reason 2")) << "it took too long";
  for (const char* key : {"deaf", "forgiven"}) {
    EXPECT_THAT(log(build, key),
                HasSubstr("(plugin_killed): it did not stop in time after the cancel"))
        << key;
  }
}

}  // namespace
}  // namespace ostler
