// SPDX-License-Identifier: Apache-2.0
#include "worker/host_directory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <set>

#include "files/use_file.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"
#include "unit/worker/job_in_hand.hpp"

namespace ostler::worker {
namespace {

using environment::Variables;

Variables job_of(const std::string& endpoint, const std::string& pipeline) {
  return {{"BUILDKITE_AGENT_ENDPOINT", endpoint},
          {"BUILDKITE_ORGANIZATION_SLUG", "acme"},
          {"BUILDKITE_PIPELINE_ID", pipeline},
          {"BUILDKITE_PIPELINE_SLUG", "app"}};
}

std::string name_of(const std::string& plugin, const Variables& job, const std::string& run = "") {
  return host_directory_name(plugin, job, run).value();
}

TEST(HostDirectory, IsThatOfOnePluginAndPipelineOfOneServer) {
  const std::set<std::string> names = {
      name_of("go", job_of("https://one", "a")), name_of("go", job_of("https://one", "b")),
      name_of("go", job_of("https://two", "a")), name_of("rust", job_of("https://one", "a"))};
  EXPECT_EQ(names.size(), 4u);
  EXPECT_EQ(name_of("go", job_of("https://one", "a")), name_of("go", job_of("https://one", "a")));
  EXPECT_TRUE(name_of("go", job_of("https://one", "a")).starts_with("go-"));
}

TEST(HostDirectory, IsNoneWhereTheJobTellsNoPipeline) {
  for (const auto& job : {job_of("", "a"), job_of("https://one", ""), Variables()}) {
    const auto refused = host_directory_name("go", job, "");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::Unavailable);
  }
}

TEST(HostDirectory, IsThatOfTheRepositoryInARunOfIt) {
  const std::string first = name_of("go", job_of("http://a", "a"), "http://a /repository");
  EXPECT_EQ(first, name_of("go", job_of("http://b", "b"), "http://b /repository"));
  EXPECT_NE(first, name_of("go", job_of("http://b", "b"), "http://b /other"));
  EXPECT_EQ(name_of("go", job_of("http://c", "a"), "http://a /repository"),
            name_of("go", job_of("http://c", "a")))
      << "an agent that a job of the run has started for another server";
}

namespace fs = std::filesystem;

/// One of a job that ends, and one that nobody has used for long.
class LeftHostDirectory : public testing::Test {
 protected:
  static files::KeptDirectory take(const fs::path& root, const std::string& name) {
    return std::move(files::KeptDirectory::take(root, name, "somebody's")).value();
  }
  void make_old(const std::string& name) const {
    (void)take(root_, name);
    fs::last_write_time(root_ / name / "use",
                        fs::file_time_type::clock::now() - std::chrono::hours(24 * 31));
  }
  boost::asio::awaitable<Result<void>> leave(const std::stop_token& stop = {}) const {
    return leave_kept(take(root_, "own"), root_, stop);
  }
  boost::asio::awaitable<bool> leave_after(JobContext& job) const {
    co_await leave_host_directory(job, take(root_, "own"));
    co_return true;
  }
  std::uint64_t noted() const {
    const UniqueFd use(::open((root_ / "own/use").c_str(), O_RDONLY | O_CLOEXEC));
    return files::noted_size(use.get());
  }

  const support::TempDirectory directory_;
  const fs::path root_ = directory_ / "kept";
  boost::asio::io_context io_{1};
};

TEST_F(LeftHostDirectory, LetsTheLoopOfTheJobGoOn) {
  make_old("old");
  std::ofstream(take(root_, "own").path() / "file") << "x";
  std::optional<Result<void>> left;
  boost::asio::co_spawn(io_, support::keep(leave(), left), boost::asio::detached);
  io_.run_one();
  EXPECT_FALSE(left) << "it is done within one step of the loop";
  io_.run();
  ASSERT_TRUE(left && *left);
  EXPECT_GT(noted(), 0u);
  EXPECT_FALSE(fs::exists(root_ / "old"));
}

TEST_F(LeftHostDirectory, ClearsTheOthersOnceAnHour) {
  ASSERT_TRUE(support::run_task(io_, leave()));
  make_old("old");
  ASSERT_TRUE(support::run_task(io_, leave()));
  EXPECT_TRUE(fs::exists(root_ / "old"));
}

TEST_F(LeftHostDirectory, ClearsNothingOnceTheJobIsCancelled) {
  make_old("old");
  std::stop_source cancelled;
  cancelled.request_stop();
  ASSERT_TRUE(support::run_task(io_, leave(cancelled.get_token())));
  EXPECT_TRUE(fs::exists(root_ / "old"));
  ASSERT_TRUE(support::run_task(io_, leave()));
  EXPECT_FALSE(fs::exists(root_ / "old"));
}

TEST_F(LeftHostDirectory, ClearsNothingAfterAJobThatWasOverBefore) {
  make_old("old");
  std::ofstream(take(root_, "own").path() / "file") << "x";
  JobInHand cancelled(io_, {{"OSTLER_PLUGIN_FILES", root_}});
  cancelled.cancellation.cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(1));
  JobInHand killed(io_, {{"OSTLER_PLUGIN_FILES", root_}});
  killed.cancellation.kill();
  for (JobInHand* over : {&cancelled, &killed}) {
    ASSERT_TRUE(support::run_task(io_, leave_after(over->context)));
    EXPECT_EQ(noted(), 0u) << "it is not measured";
    EXPECT_TRUE(fs::exists(root_ / "old"));
  }
  JobInHand whole(io_, {{"OSTLER_PLUGIN_FILES", root_}});
  ASSERT_TRUE(support::run_task(io_, leave_after(whole.context)));
  EXPECT_GT(noted(), 0u);
  EXPECT_FALSE(fs::exists(root_ / "old"));
}

TEST_F(LeftHostDirectory, GoesAtOnceWhenItIsTooLarge) {
  ASSERT_TRUE(support::run_task(io_, leave()));
  auto own = take(root_, "own");
  std::ofstream(own.path() / "file") << std::string(1 << 20, 'x');
  constexpr files::KeptLimits kSmall{.bytes = 1 << 20, .every = std::chrono::hours(1)};
  ASSERT_TRUE(support::run_task(io_, leave_kept(std::move(own), root_, {}, kSmall)));
  EXPECT_FALSE(fs::exists(root_ / "own"));
}

}  // namespace
}  // namespace ostler::worker
