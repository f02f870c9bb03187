// SPDX-License-Identifier: Apache-2.0
// Jobs of one concurrency group on an agent with room for all of them, under a hub that is killed.
#include <gtest/gtest.h>

#include <algorithm>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

/// Fails when another one is in the same place. Section and end are one build's own: two builds
/// there at once fail as well.
constexpr const char* kPipeline = R"yaml(
steps:
  - label: enter
    command: mkdir "$$PLACE/section" && echo enter >>"$$PLACE/seen"
    concurrency: 1
    concurrency_group: section
  - wait
  - label: work
    command: mkdir "$$PLACE/work" && sleep 0.1 && rmdir "$$PLACE/work" && echo work >>"$$PLACE/seen"
    parallelism: 3
    concurrency: 1
    concurrency_group: work
  - wait
  - label: leave
    command: rmdir "$$PLACE/section" && echo leave >>"$$PLACE/seen"
    concurrency: 1
    concurrency_group: section
)yaml";

constexpr int kBuilds = 4;
constexpr std::ptrdiff_t kJobs = kBuilds * 5;

class ConcurrencyGroups : public testing::Test {
 protected:
  std::ptrdiff_t seen() const {
    const auto text = files::read_file(place_ / "seen");
    return text ? std::ranges::count(text.value(), '\n') : 0;
  }

  const support::TempDirectory directory_;
  const std::filesystem::path place_ = directory_ / "place";
  support::HubProcess hub_{directory_.path()};
};

TEST_F(ConcurrencyGroups, LetOneJobAndOneBuildInAtATimeThroughKillsOfTheHub) {
  std::filesystem::create_directory(place_);
  const std::string slug = hub_.make_pipeline("groups", kPipeline);
  for (int build = 1; build <= kBuilds; ++build) {
    hub_.make_build(slug, {{"BUILDKITE_SKIP_CHECKOUT", "true"}, {"PLACE", place_.string()}});
  }
  support::AgentProcess agent(hub_, directory_.path(), {"--spawn", "4"});
  for (const std::ptrdiff_t reached : {1, 3, 6, 10, 15}) {
    ASSERT_TRUE(support::wait_until(60s, [&] { return seen() >= reached; })) << seen();
    hub_.kill();
    hub_.start_again();
  }
  for (int build = 1; build <= kBuilds; ++build) {
    const auto finished = hub_.finished_build(slug, build, 60s);
    ASSERT_TRUE(finished) << "build " << build << " is stuck\n" << agent.program().err();
    EXPECT_EQ((*finished)["state"], "passed") << finished->dump(1);
  }
  EXPECT_EQ(seen(), kJobs);
  EXPECT_EQ(agent.stop(), 0) << agent.program().err();
}

}  // namespace
}  // namespace ostler
