// SPDX-License-Identifier: Apache-2.0
// What a person reads of a job whose agent's disk is full.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/installed_ostler.hpp"
#include "support/left_jobs.hpp"
#include "support/person.hpp"
#include "support/small_disk.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using testing::ContainsRegex;

/// Its keepers wait two seconds for space and not five minutes.
constexpr const char* kImpatient = "[ \"$1\" = keeper ] && set -- \"$@\" --disk-patience-ms 2000";

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.is_mounted()) GTEST_SKIP() << "only root may mount a small disk";
  }
  void TearDown() override { support::end_left_jobs(state()); }

  fs::path state() const { return disk_.path() / "state"; }
  support::ChildProgram agent() const {
    const support::InstalledOstler ostler(directory_ / "ostler", kImpatient);
    return support::ChildProgram(
        {ostler.host(), "agent", "start", "--endpoint", hub_.endpoint(), "--token",
         "file://" + hub_.agent_token_file().string(), "--name", "box-7", "--state-path", state(),
         "--build-path", directory_ / "builds"},
        directory_.path());
  }

  const support::TempDirectory directory_;
  const support::SmallDisk disk_{16};
  const support::HubProcess hub_{directory_.path()};
  const support::Person person_{hub_, directory_.path()};
};

TEST_F(FullDisk, IsNamedAsWhatEndedTheJob) {
  const auto agent = this->agent();
  hub_.make_pipeline("app",
                     "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps:\n"
                     "  - label: Way\n    command: \"echo up; sleep 1; cat /dev/zero > " +
                         disk_.filler().string() + " || yes | head -c 4000000; sleep 300\"\n");
  hub_.make_build("app");
  ASSERT_TRUE(hub_.finished_build("app", 1, 60s))
      << agent.err() << hub_.log("app", 1).substr(0, 2000);
  EXPECT_THAT(person_.said({"build", "show", "app/1"}),
              ContainsRegex("\nWay failed: the disk of its agent was full\n(.*\n)*agent    box-7\n"
                            "(.*\n)*  .*the disk of the agent's state directory stayed full\n"
                            "(.*\n)*to try again: ostler job retry "));
  EXPECT_THAT(person_.said({"job", "why", "app/1", "--step", "Way"}),
              ContainsRegex("it is over: failed, the disk of its agent was full"));
  EXPECT_EQ(hub_.build("app", 1)["jobs"][0]["end_cause"], "disk_full");
}

}  // namespace
}  // namespace ostler
