// SPDX-License-Identifier: Apache-2.0
#include "worker/run_files.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "files/file.hpp"
#include "support/run_task.hpp"
#include "support/temp_directory.hpp"

namespace ostler::worker {
namespace {

namespace fs = std::filesystem;
using plugin_host::BoxVerdict;
using plugin_host::ScratchDirectory;
using plugin_host::StepResources;

constexpr std::string_view kBytes = "what the plugin reads";

/// A plugin with one resource, and where its files go.
class RunFiles : public testing::Test {
 protected:
  RunFiles() {
    plugin_.plan.resources = {{"words.txt", kBytes.size()}};
    plugin_.resources.reset(::memfd_create("resources", MFD_CLOEXEC));
    EXPECT_TRUE(files::write_all(plugin_.resources.get(), kBytes));
  }

  /// Whether `task` is over within one step of the loop; it is in any case when this returns.
  template <class T>
  bool holds_the_loop(boost::asio::awaitable<T> task, std::optional<T>& into) {
    boost::asio::co_spawn(io_, support::keep(std::move(task), into), boost::asio::detached);
    io_.restart();
    io_.run_one();
    const bool is_over = into.has_value();
    io_.run();
    return is_over;
  }
  boost::asio::awaitable<bool> unpack(std::optional<StepResources>& into) {
    auto made = co_await unpack_resources(cancellation_, directory_.path(), plugin_);
    if (made) into.emplace(std::move(made).value());
    co_return made.has_value();
  }
  StepResources unpacked() {
    std::optional<StepResources> made;
    EXPECT_TRUE(support::run_task(io_, unpack(made)));
    return std::move(*made);
  }
  ScratchDirectory scratch() const { return ScratchDirectory::make(directory_.path()).value(); }

  const support::TempDirectory directory_;
  StepPlugin plugin_;
  Cancellation cancellation_;
  boost::asio::io_context io_{1};
};

TEST_F(RunFiles, AreUnpackedWhileTheLoopOfTheJobGoesOn) {
  std::optional<StepResources> resources;
  std::optional<bool> done;
  EXPECT_FALSE(holds_the_loop(unpack(resources), done));
  ASSERT_EQ(done, true);
  EXPECT_EQ(files::read_file(resources->path() + "/words.txt").value(), kBytes);
}

TEST_F(RunFiles, AreRemovedWhileTheLoopOfTheJobGoesOn) {
  auto used = scratch();
  std::ofstream(used.path() + "/file") << "x";
  Result<BoxVerdict> verdict = BoxVerdict();
  std::optional<Result<void>> removed;
  EXPECT_FALSE(
      holds_the_loop(end_run_files(cancellation_, std::move(used), unpacked(), verdict), removed));
  ASSERT_TRUE(removed && *removed);
  EXPECT_TRUE(fs::is_empty(directory_.path()));
  EXPECT_EQ(verdict.value().result.reason, "");
}

TEST_F(RunFiles, FailARunDuringWhichTheyWereChanged) {
  auto resources = unpacked();
  const fs::path changed = resources.path() + "/words.txt";
  fs::permissions(changed, fs::perms::owner_write, fs::perm_options::add);
  std::ofstream(changed) << "something else";
  Result<BoxVerdict> verdict = BoxVerdict();
  ASSERT_TRUE(support::run_task(
      io_, end_run_files(cancellation_, scratch(), std::move(resources), verdict)));
  EXPECT_EQ(verdict.value().result.reason, "resource_changed");
}

TEST_F(RunFiles, AreNotUnpackedForAJobThatWasOverBefore) {
  cancellation_.kill();
  const auto none =
      support::run_task(io_, unpack_resources(cancellation_, directory_.path(), plugin_));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code(), Errc::Cancelled);
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(RunFiles, AreRemovedUnreadAfterAJobThatWasOverBefore) {
  auto resources = unpacked();
  cancellation_.cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(1));
  Result<BoxVerdict> verdict = BoxVerdict();
  verdict.value().result = {.outcome = plugin_host::Outcome::Passed, .exit_status = 0};
  ASSERT_TRUE(support::run_task(
      io_, end_run_files(cancellation_, scratch(), std::move(resources), verdict)));
  EXPECT_EQ(verdict.value().result.outcome, plugin_host::Outcome::Cancelled);
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(RunFiles, AreRemovedWithoutAVerdictToo) {
  Result<BoxVerdict> verdict = Error(Errc::Unavailable, "the box could not be started");
  ASSERT_TRUE(support::run_task(io_, end_run_files(cancellation_, scratch(), unpacked(), verdict)));
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

}  // namespace
}  // namespace ostler::worker
