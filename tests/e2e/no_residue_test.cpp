// SPDX-License-Identifier: Apache-2.0
// A thousand jobs leave nothing behind: no process, no descriptor, no file, no cgroup.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "files/file.hpp"
#include "process/job_groups.hpp"
#include "supervise/job_lock.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int kWarmUp = 20;
constexpr int kLongJobs = 1000;

std::string steps(int count) {
  std::string yaml = "env:\n  BUILDKITE_SKIP_CHECKOUT: \"true\"\nsteps:\n";
  for (int i = 0; i < count; ++i) yaml += "  - command: \"true\"\n";
  return yaml;
}

std::size_t entries_in(const fs::path& directory) {
  std::error_code ec;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory, ec), fs::directory_iterator()));
}

/// Processes whose command line names `text` (keepers name their job directory), besides `except`.
std::vector<std::string> processes_naming(const std::string& text, pid_t except) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (!std::all_of(pid.begin(), pid.end(), ::isdigit) || pid == std::to_string(except)) continue;
    auto line = files::read_file(entry.path() / "cmdline");
    if (line && line.value().find(text) != std::string::npos) found.push_back(line.value());
  }
  return found;
}

int children_of(pid_t pid) {
  const std::string task = std::to_string(pid);
  std::ifstream in("/proc/" + task + "/task/" + task + "/children");
  return static_cast<int>(
      std::distance(std::istream_iterator<int>(in), std::istream_iterator<int>()));
}

std::set<std::string> files_below(const fs::path& directory) {
  std::set<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::recursive_directory_iterator(directory, ec)) {
    names.insert(fs::relative(entry.path(), directory));
  }
  return names;
}

class NoResidue : public testing::Test {
 protected:
  void run_jobs(const std::string& name, int count) {
    const auto slug = hub_.make_pipeline(name, steps(count));
    const auto build = hub_.finished_build(slug, hub_.make_build(slug), 240s);
    ASSERT_TRUE(build) << agent_.program().err();
    ASSERT_EQ((*build)["state"], "passed");
    for (const auto& job : (*build)["jobs"]) jobs_.push_back(job["id"].get<std::string>());
    ASSERT_TRUE(support::wait_until(20s, [&] { return entries_in(agent_.state() / "jobs") == 0; }))
        << "job directories stay behind";
    ASSERT_TRUE(support::wait_until(20s, [&] { return children_of(agent_.program().pid()) == 0; }))
        << "keepers stay behind";
  }

  std::size_t descriptors(const support::ChildProgram& program) const {
    return entries_in("/proc/" + std::to_string(program.pid()) + "/fd");
  }

  /// Other tests of this machine make groups in the same directory: only ours count.
  std::vector<std::string> groups_left() const {
    const fs::path groups = process::find_job_groups().value_or("");
    std::vector<std::string> left;
    for (const std::string& job : jobs_) {
      if (fs::exists(groups / supervise::cgroup_name(job))) left.push_back(job);
    }
    return left;
  }

  std::vector<std::string> jobs_;
  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path(), {"--spawn", "4"}};
};

TEST_F(NoResidue, ThousandJobsLeaveNothing) {
  run_jobs("warm-up", kWarmUp);
  if (HasFatalFailure()) return;
  const auto files_before = files_below(directory_ / "state");
  const auto builds_before = files_below(directory_ / "builds");
  const auto agent_fds = descriptors(agent_.program());
  const auto hub_fds = descriptors(hub_.program());

  run_jobs("many", kLongJobs);
  if (HasFatalFailure()) return;

  EXPECT_EQ(files_below(directory_ / "state"), files_before);
  EXPECT_EQ(files_below(directory_ / "builds").size(), builds_before.size() + 4)
      << "each slot made the directory of the second pipeline, and nothing else";
  EXPECT_LE(descriptors(agent_.program()), agent_fds + 4);
  EXPECT_LE(descriptors(hub_.program()), hub_fds + 4);
  EXPECT_TRUE(support::wait_until(20s, [&] {
    return processes_naming((directory_ / "state/jobs").string(), agent_.program().pid()).empty();
  }));

  ASSERT_EQ(jobs_.size(), std::size_t{kWarmUp + kLongJobs});
  EXPECT_TRUE(support::wait_until(20s, [&] { return groups_left().empty(); }))
      << groups_left().size() << " control groups stay behind";

  EXPECT_EQ(agent_.stop(), 0) << agent_.program().err();
  EXPECT_EQ(entries_in(agent_.state() / "sessions"), 0u);
}

}  // namespace
}  // namespace ostler
