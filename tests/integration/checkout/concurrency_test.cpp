// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <list>

#include "files/file_lock.hpp"
#include "integration/checkout/checkout_fixture.hpp"
#include "support/git_http_server.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST_F(CheckoutTest, JobsOfOneRepositoryShareOneDownload) {
  support::GitHttpServer server(root_.path());
  constexpr int kJobs = 6;
  std::list<support::ChildProgram> programs;
  std::vector<std::filesystem::path> outputs;
  for (int i = 0; i < kJobs; ++i) {
    outputs.push_back(root_ / ("job" + std::to_string(i)));
    std::filesystem::create_directory(outputs.back());
    programs.emplace_back(command(outputs.back() / "result.json"), outputs.back(),
                          job({{"BUILDKITE_REPO", server.url("source/.git")},
                               {"BUILDKITE_AGENT_NAME", "agent-" + std::to_string(i)}}));
  }
  for (support::ChildProgram& program : programs) {
    EXPECT_EQ(program.wait(60s), 0) << program.out();
  }
  EXPECT_EQ(server.downloads(), 1);
  for (int i = 0; i < kJobs; ++i) {
    EXPECT_EQ(read(root_ / "builds" / ("agent-" + std::to_string(i)) / "org/pipe/a.txt"), "one\n");
  }
}

TEST_F(CheckoutTest, GivesUpOnALockThatIsHeldTooLong) {
  ASSERT_EQ(check_out().code, 0);
  std::filesystem::path mirror;
  for (const auto& entry : std::filesystem::directory_iterator(mirrors_)) {
    if (entry.is_directory()) mirror = entry.path();
  }
  const auto held = files::FileLock::try_acquire(mirror.string() + ".lock");
  ASSERT_TRUE(held);
  const Outcome outcome = check_out({{"BUILDKITE_GIT_MIRRORS_LOCK_TIMEOUT", "1"}});
  EXPECT_EQ(outcome.code, 94);
  EXPECT_THAT(outcome.log, HasSubstr("Waiting for another checkout"));
  EXPECT_THAT(outcome.log, HasSubstr("git-mirrors-lock-timeout"));
}

}  // namespace
}  // namespace ostler
