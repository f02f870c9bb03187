// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "files/file.hpp"
#include "process/spawn.hpp"
#include "support/temp_directory.hpp"

namespace ostler::process {
namespace {

TEST(FindExecutable, TakesTheFirstInTheSearchPath) {
  support::TempDirectory first;
  support::TempDirectory second;
  for (const auto* directory : {&first, &second}) {
    ASSERT_TRUE(files::write_file_atomically(*directory / "tool", "#!/bin/sh\n", 0700));
  }
  const std::string path = first.path().string() + ":" + second.path().string();
  EXPECT_EQ(find_executable("tool", path).value(), (first / "tool").string());
  EXPECT_EQ(find_executable("./tool", path).value(), "./tool");
}

TEST(FindExecutable, TellsMissingFromNotExecutable) {
  support::TempDirectory directory;
  ASSERT_TRUE(files::write_file_atomically(directory / "data", "x", 0600));
  const std::string path = directory.path().string() + ":/does/not/exist";
  EXPECT_EQ(find_executable("data", path).error().code(), Errc::Denied);
  EXPECT_EQ(find_executable("nothing", path).error().code(), Errc::NotFound);
  EXPECT_EQ(find_executable("", path).error().code(), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::process
