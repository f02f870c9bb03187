// SPDX-License-Identifier: Apache-2.0
// The hub is killed with -9 again and again while many short jobs begin, print and end.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr int kJobs = 200;
constexpr int kKills = 50;

/// Says in RUNS that it has begun, prints its lines over PAUSES tenths of a second, and ends with
/// the status it is told.
constexpr const char* kPipeline = R"yaml(
steps:
  - label: work
    command: |
      echo "$$NUMBER" >>"$$RUNS"
      for ((i = 1; i <= LINES_WANTED; i++)); do
        echo "job $$NUMBER line $$i"
        if ((i % (LINES_WANTED / PAUSES) == 0)); then sleep 0.1; fi
      done
      exit "$$STATUS"
)yaml";

/// What one job is told to do.
struct Work {
  int lines = 0;
  int pauses = 0;
  int status = 0;
};

/// The seed of this run: OSTLER_TEST_SEED, else a new one.
unsigned seed() {
  const char* given = std::getenv("OSTLER_TEST_SEED");
  return given != nullptr ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                          : std::random_device{}();
}

class HubKilledOften : public testing::Test {
 protected:
  HubKilledOften() {
    std::cout << "OSTLER_TEST_SEED=" << seed_ << "\n";
    std::ofstream(runs_).flush();
    for (Work& work : works_) work = {number(1, 40) * 10, number(1, 10), number(0, 3)};
  }

  int number(int from, int to) { return std::uniform_int_distribution<int>(from, to)(random_); }

  void make_builds() {
    slug_ = hub_.make_pipeline("many", kPipeline);
    for (std::size_t i = 0; i < works_.size(); ++i) {
      const Work& work = works_[i];
      const int build = hub_.make_build(slug_, {{"BUILDKITE_SKIP_CHECKOUT", "true"},
                                                {"NUMBER", std::to_string(i + 1)},
                                                {"LINES_WANTED", std::to_string(work.lines)},
                                                {"PAUSES", std::to_string(work.pauses)},
                                                {"STATUS", std::to_string(work.status)},
                                                {"RUNS", runs_.string()}});
      ASSERT_EQ(build, static_cast<int>(i) + 1);
    }
  }

  /// The numbers of the jobs that have begun, once for each time that they did.
  std::vector<int> begun() const {
    const auto text = files::read_file(runs_);
    std::istringstream in(text ? text.value() : "");
    std::vector<int> numbers;
    for (int one = 0; in >> one;) numbers.push_back(one);
    return numbers;
  }

  /// Kills the hub at a random moment after `jobs` of them have begun, and starts it again.
  void kill_after(std::size_t jobs) {
    ASSERT_TRUE(support::wait_until(120s, [&] { return begun().size() >= jobs; }))
        << begun().size() << " of " << jobs << " have begun\n"
        << agent_->program().err();
    std::this_thread::sleep_for(milliseconds(number(0, 400)));  // the moment, not a proof
    hub_.kill();
    std::this_thread::sleep_for(milliseconds(number(0, 100)));
    hub_.start_again();
  }

  void expect_right_end(int build) {
    const Work& work = works_[static_cast<std::size_t>(build) - 1];
    const auto finished = hub_.finished_build(slug_, build, 90s);
    ASSERT_TRUE(finished) << "build " << build << "\n" << agent_->program().err();
    EXPECT_EQ((*finished)["state"], work.status == 0 ? "passed" : "failed") << "build " << build;
    EXPECT_EQ((*finished)["jobs"][0]["exit_status"], work.status) << "build " << build;
    expect_whole_log(build, work);
    if (HasFailure()) FAIL() << agent_->program().err() << hub_.program().err();
  }

  /// What a job printed is known to the byte; what is said before and behind it is the same for all
  /// jobs that end alike.
  void expect_whole_log(int build, const Work& work) {
    const std::string name = "job " + std::to_string(build) + " line ";
    std::string expected;
    for (int i = 1; i <= work.lines; ++i) expected += name + std::to_string(i) + "\n";
    const std::string log = support::plain_log(hub_.log(slug_, build));
    const auto at = log.find(expected);
    ASSERT_NE(at, std::string::npos) << log;
    before_.insert(log.substr(0, at));
    behind_[work.status].insert(log.substr(at + expected.size()));
    EXPECT_EQ(before_.size(), 1u) << log;
    EXPECT_EQ(behind_[work.status].size(), 1u) << log;
  }

  const unsigned seed_ = seed();
  std::mt19937 random_{seed_};
  std::array<Work, kJobs> works_{};
  const support::TempDirectory directory_;
  const std::filesystem::path runs_ = directory_ / "runs";
  support::HubProcess hub_{directory_.path()};
  std::string slug_;
  std::set<std::string> before_;
  std::map<int, std::set<std::string>> behind_;  ///< by exit status
  std::optional<support::AgentProcess> agent_;
};

TEST_F(HubKilledOften, EndsEveryJobOnceAndRightWithItsWholeLog) {
  make_builds();
  if (HasFatalFailure()) return;
  agent_.emplace(hub_, directory_.path(), std::vector<std::string>{"--spawn", "8"});
  for (int kill = 1; kill <= kKills; ++kill) {
    kill_after(static_cast<std::size_t>(kill * (kJobs - 8) / kKills));
    if (HasFatalFailure()) return;
  }
  for (int build = 1; build <= kJobs; ++build) {
    expect_right_end(build);
    if (HasFatalFailure()) return;
  }
  const auto numbers = begun();
  EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kJobs));
  EXPECT_EQ(std::set<int>(numbers.begin(), numbers.end()).size(), static_cast<std::size_t>(kJobs));
  EXPECT_EQ(agent_->stop(), 0) << agent_->program().err();
}

}  // namespace
}  // namespace ostler
