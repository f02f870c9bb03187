// SPDX-License-Identifier: Apache-2.0
// Reports of a plugin, read by a real child.
#include "plugin_host/report_call.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <optional>

#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

TEST(ReportCall, SaysThatAReportTookTooLong) {
  const support::TempDirectory workspace;
  std::ofstream(workspace / "unit.xml") << "<testsuite/>";
  const std::string reader = workspace / "slow-reader";
  std::ofstream(reader) << "#!/bin/sh\nexec sleep 60\n";
  std::filesystem::permissions(reader, std::filesystem::perms::owner_all);
  boost::asio::io_context context;
  RecordingLog log;
  HostCommands commands(context.get_executor(), log);
  std::optional<Result<std::string>> told;
  summarize_report({"junit", "unit", "unit.xml"},
                   {reader, {.directory = workspace.path()}, std::chrono::seconds(1)},
                   {{workspace.path()}}, commands,
                   [&](Result<std::string> summary) { told = std::move(summary); });
  context.run();
  commands.kill();
  boost::asio::co_spawn(context, commands.end(), boost::asio::detached);
  context.restart();
  context.run();
  ASSERT_TRUE(told && !*told);
  EXPECT_EQ(told->error().code(), Errc::Timeout);
  EXPECT_EQ(told->error().message(), "the report could not be read in time; hand in a smaller one");
}

}  // namespace
}  // namespace ostler::plugin_host
