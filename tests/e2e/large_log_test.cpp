// SPDX-License-Identifier: Apache-2.0
// A job that says far more than anybody's memory holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/sanitizers.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kLine = 1 << 10;
/// What a program may have more than at its start, whatever it carries.
constexpr long kMostGrowthKib = 64 << 10;

/// What /proc says of a process's memory, in KiB.
long memory_of(pid_t pid, const std::string& field) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    long size = 0;
    if (word == field && status >> size) return size;
  }
  return -1;
}

/// The most that a program in a shell of this test has had, in KiB.
long peak_of_shells() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

/// A shell command that says so many lines of 1 KiB, each another one.
std::string lines(std::int64_t count) {
  return "awk 'BEGIN {rest = sprintf(\"%01014d\", 0); for (i = 1; i <= " + std::to_string(count) +
         "; ++i) printf \"%08d %s\\n\", i, rest}'";
}

class LargeLog : public testing::Test {
 protected:
  void start(const std::vector<std::string>& hub_flags) {
    hub_.emplace(directory_.path(), hub_flags);
    agent_.emplace(*hub_, directory_.path());
    person_.emplace(*hub_, directory_.path());
  }

  /// Runs a job that says so much, and expects that hub and agent stay as small as they are.
  void run_job(std::int64_t size) {
    const auto script = directory_.path() / "say.sh";
    std::ofstream(script) << lines(size / kLine) << "\necho the end\n";
    hub_->make_pipeline("say", "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps: [{command: 'sh " +
                                   script.string() + "'}]\n");
    const pid_t hub = hub_->program().pid();
    const pid_t agent = agent_->program().pid();
    const long hub_before = memory_of(hub, "VmRSS:");
    const long agent_before = memory_of(agent, "VmRSS:");
    hub_->make_build("say");
    const auto build = hub_->finished_build("say", 1, 1200s);
    ASSERT_TRUE(build) << agent_->program().err();
    EXPECT_EQ(build->at("state"), "passed");
    job_ = build->at("jobs").at(0).at("id");
    expect_small("hub", memory_of(hub, "VmHWM:") - hub_before);
    expect_small("agent", memory_of(agent, "VmHWM:") - agent_before);
  }

  static void expect_small(const std::string& program, long growth) {
    RecordProperty(program + "_growth_kib", std::to_string(growth));
    if (!support::kIsSanitized) EXPECT_LT(growth, kMostGrowthKib) << program;
  }

  /// Digest of what a shell command says of the job, the lines of `lines` alone.
  std::string digest(const std::string& command) const {
    const auto said = person_->shell("set -o pipefail; " + command +
                                     " | LC_ALL=C grep '^[0-9]* 0000000000' | sha256sum");
    EXPECT_EQ(said.code, 0) << said.err;
    return said.out;
  }

  /// Expects the whole log of `size` from the command of a person and from REST, and that neither
  /// costs the hub or the command memory.
  void expect_read_whole(std::int64_t size) {
    const long hub_before = memory_of(hub_->program().pid(), "VmRSS:");
    const long shells_before = peak_of_shells();
    const std::string expected = digest(lines(size / kLine));
    EXPECT_EQ(digest("ostler job log say/1"), expected);
    EXPECT_EQ(digest("curl -fsS -H \"Authorization: Bearer $OSTLER_API_TOKEN\" "
                     "$OSTLER_URL/v2/organizations/ostler/jobs/" +
                     job_ + "/log.txt | LC_ALL=C sed 's/\\x1b_bk;t=[0-9]*\\x07//g; s/\\r//g'"),
              expected);
    expect_small("reading_hub", memory_of(hub_->program().pid(), "VmHWM:") - hub_before);
    expect_small("command", peak_of_shells() - shells_before);
  }

  const support::TempDirectory directory_;
  std::optional<support::HubProcess> hub_;
  std::optional<support::AgentProcess> agent_;
  std::optional<support::Person> person_;
  std::string job_;
};

TEST_F(LargeLog, GoesThroughWholeInLittleMemory) {
  const std::int64_t size = (support::kIsSanitized ? 16 : 256) * kMiB;
  start({});
  ASSERT_NO_FATAL_FAILURE(run_job(size));
  expect_read_whole(size);
}

class LogOfTwoGibibytes : public LargeLog {
 protected:
  void SetUp() override {
    if (std::getenv("OSTLER_TEST_LONG") == nullptr) {
      GTEST_SKIP() << "takes minutes; OSTLER_TEST_LONG=1 runs it";
    }
  }
};

TEST_F(LogOfTwoGibibytes, GoesThroughWholeInLittleMemory) {
  start({"--max-log-size", "3GB"});
  ASSERT_NO_FATAL_FAILURE(run_job(2048 * kMiB));
  expect_read_whole(2048 * kMiB);
}

TEST_F(LogOfTwoGibibytes, IsCutAtOneGibibyteUnasked) {
  start({});
  ASSERT_NO_FATAL_FAILURE(run_job(2048 * kMiB));
  EXPECT_THAT(person_->shell("ostler job log say/1 | tail -n 1").out,
              testing::MatchesRegex("\\[ostler: log cut at 1 GiB; [0-9]+ more bytes were "
                                    "dropped\\]\n"));
}

}  // namespace
}  // namespace ostler
