// SPDX-License-Identifier: Apache-2.0
#include "keeper/service_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "files/file.hpp"
#include "support/temp_directory.hpp"

namespace ostler::keeper {
namespace {

namespace fs = std::filesystem;

TEST(ServiceLog, GoesOnAfterAFileThatCouldNotBeBegun) {
  const support::TempDirectory directory;
  auto log = ServiceLog::open(directory.path()).value();
  log.add(std::string(ServiceLog::kLongestFile, 'x'));
  // Neither can be moved away nor opened.
  std::ofstream(directory / "log.1") << "before";
  fs::remove(directory / "log");
  fs::create_directory(directory / "log");
  log.add("nowhere\n");
  log.add("nowhere either\n");
  fs::remove(directory / "log");
  log.add("there\n");
  log.add("and again\n");
  ASSERT_TRUE(fs::exists(directory / "log"));
  EXPECT_EQ(files::read_file(directory / "log").value(), "there\nand again\n");
}

}  // namespace
}  // namespace ostler::keeper
