// SPDX-License-Identifier: Apache-2.0
// Reports of a plugin, read by a real child.
#include "plugin_host/report_call.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <vector>

#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

class ReportCallTest : public testing::Test {
 protected:
  ReportCallTest() { std::ofstream(workspace_ / "unit.xml") << "<testsuite/>"; }

  /// A program that stands in for the one which reads reports.
  std::string reader(const std::string& script) const {
    const std::string program = workspace_ / "reader";
    std::ofstream(program) << "#!/bin/sh\ncd " << workspace_.path().string() << "\n" << script;
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    return program;
  }
  void hand_in(const std::string& program, std::chrono::seconds limit = std::chrono::seconds(30)) {
    summarize_report({"junit", "unit", "unit.xml"},
                     {program, {.directory = workspace_.path()}, limit}, {{workspace_.path()}},
                     commands_, [&](Result<std::string> summary) { told_.push_back(summary); });
  }
  void run() {
    context_.restart();
    context_.run();
  }
  void end() {
    commands_.kill();
    boost::asio::co_spawn(context_, commands_.end(), boost::asio::detached);
    run();
  }

  const support::TempDirectory workspace_;
  boost::asio::io_context context_;
  RecordingLog log_;
  HostCommands commands_{context_.get_executor(), log_};
  std::vector<Result<std::string>> told_;
};

TEST_F(ReportCallTest, SaysThatAReportTookTooLong) {
  hand_in(reader("exec sleep 60\n"), std::chrono::seconds(1));
  run();
  end();
  ASSERT_EQ(told_.size(), 1u);
  ASSERT_FALSE(told_[0]);
  EXPECT_EQ(told_[0].error().code(), Errc::Timeout);
  EXPECT_EQ(told_[0].error().message(),
            "the report could not be read in time; hand in a smaller one");
}

TEST_F(ReportCallTest, ReadsOneReportAfterTheOther) {
  const std::string program =
      reader("mkdir alone || exit 1\nsleep 0.2\nrmdir alone\nprintf '{}'\n");
  for (int i = 0; i < 3; ++i) hand_in(program);
  run();
  end();
  ASSERT_EQ(told_.size(), 3u);
  for (const auto& summary : told_) EXPECT_TRUE(summary && summary.value() == "{}");
}

TEST_F(ReportCallTest, EndsThoseThatWaitWhenTheJobIsCancelled) {
  for (int i = 0; i < 3; ++i) hand_in(reader("exec sleep 60\n"));
  commands_.cancel(std::chrono::seconds(1));
  EXPECT_EQ(told_.size(), 2u) << "without a wait for the one that runs";
  run();
  end();
  ASSERT_EQ(told_.size(), 3u);
  for (const auto& summary : told_) EXPECT_EQ(summary.error().code(), Errc::Cancelled);
}

}  // namespace
}  // namespace ostler::plugin_host
