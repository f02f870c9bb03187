// SPDX-License-Identifier: Apache-2.0
#include "process/stray.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "process/spawn.hpp"

namespace ostler::process {
namespace {

Child start_sleep(const std::string& variable) {
  SpawnOptions options{.executable = "/bin/sleep", .arguments = {"sleep", "1000"}};
  options.environment = {{"A=1", variable, "Z=2"}};
  return spawn(options).value();
}

TEST(KillStrays, KillsTheProcessesWithTheVariableAndNoOther) {
  const std::string variable = "OSTLER_STRAY_TEST=" + std::to_string(::getpid());
  Child stray = start_sleep(variable);
  Child longer = start_sleep(variable + "0");
  Child other = start_sleep("X" + variable);
  EXPECT_TRUE(kill_strays(variable, std::chrono::seconds(30)).empty());
  EXPECT_EQ(stray.wait(std::chrono::seconds(30)).value(), ExitStatus(Signalled{SIGKILL}));
  EXPECT_FALSE(longer.try_wait());
  EXPECT_FALSE(other.try_wait());
}

}  // namespace
}  // namespace ostler::process
