// SPDX-License-Identifier: Apache-2.0
// What a step plugin learns of the other steps of its build.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "e2e/python_plugin.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// Puts something out in the step "first", and elsewhere says what it sees of the build. It may ask
/// for nothing.
constexpr const char* kLooks = R"py(
def look(step, what, ask):
    try:
        step.log(f"saw {what}: {ask()}")
    except CallFailed as failure:
        step.log(f"saw {what}: failure {failure.status}: {failure}")

def work(step):
    if step.facts["step_key"] == "first":
        step.output("image", {"name": "app", "tags": [1, 2]})
        return passed("put out")
    look(step, "first", lambda: step.outcome("first"))
    look(step, "broken", lambda: step.outcome("broken"))
    look(step, "itself", lambda: step.outcome(step.facts["step_key"]))
    look(step, "later", lambda: step.outcome("later"))
    look(step, "nowhere", lambda: step.outcome("nowhere"))
    look(step, "image", lambda: step.get_output("first", "image")["tags"])
    look(step, "result", lambda: step.get_output("first", "result")["outcome"])
    look(step, "nothing", lambda: step.get_output("first", "other"))
    look(step, "odd", lambda: step.get_output("first", "a:b"))
    look(step, "keys", lambda: step.ask("ostler.meta-data/1/get", "ostler:first:image"))
    job, count = step.facts["parallel_job"], step.facts["parallel_job_count"]
    return passed(f"job {job!r} of {count!r}")

run('looker', '1.0.0', work)
)py";

constexpr const char* kSteps = R"yaml(env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - {key: first, plugins: [ostler://looker#1]}
  - {key: broken, command: exit 3, soft_fail: true}
  - wait: ~
    continue_on_failure: true
  - {key: looks, parallelism: 2, plugins: [ostler://looker#1]}
  - {key: alone, plugins: [ostler://looker#1]}
  - {key: later, depends_on: [looks, alone], command: "true"}
)yaml";

TEST(PluginSteps, KnowOutcomesAndOutputsOfOthersWithoutAnyPermission) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const TempDirectory directory;
  install_plugin(directory / "state", {.id = "looker", .source = kLooks});
  const HubProcess hub(directory.path());
  const AgentProcess agent(hub, directory.path());
  hub.make_pipeline("app", kSteps);
  const json build = hub.finished_build("app", hub.make_build("app"), 120s).value();
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  std::map<std::string, std::string> logs;  // by key; of the parallel ones both
  for (std::size_t i = 0; i < build["jobs"].size(); ++i) {
    const json& key = build["jobs"][i]["step_key"];
    if (key.is_string()) logs[key.get<std::string>()] += plain_log(hub.log("app", 1, i));
  }
  for (const char* said :
       {"saw first: passed\n", "saw broken: soft_failed\n", "saw itself: running\n",
        "saw later: waiting_for_dependencies\n", "saw nowhere: failure 3: ", "saw image: [1, 2]\n",
        "saw result: passed\n", "saw nothing: None\n",
        "saw odd: failure 7: ", "saw keys: failure 3: no call ostler.meta-data/1/get"}) {
    EXPECT_THAT(logs["alone"], HasSubstr(said));
  }
  EXPECT_THAT(logs["alone"], HasSubstr("passed: job '' of ''"));
  EXPECT_THAT(logs["looks"], HasSubstr("passed: job '0' of '2'"));
  EXPECT_THAT(logs["looks"], HasSubstr("passed: job '1' of '2'"));
}

}  // namespace
}  // namespace ostler::support
