// SPDX-License-Identifier: Apache-2.0
#include "process/exit_status.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace ostler::process {
namespace {

TEST(ExitStatus, DescribesItselfToPeople) {
  EXPECT_EQ(describe(Exited{3}), "exit status 3");
  EXPECT_EQ(describe(Signalled{SIGSEGV, true}), "signal 11 (SIGSEGV), core dumped");
}

TEST(ExitStatus, ReadsTheNumberOfWait) {
  EXPECT_EQ(exit_status_of_wait(3 << 8), ExitStatus(Exited{3}));
  EXPECT_EQ(exit_status_of_wait(SIGTERM), ExitStatus(Signalled{SIGTERM, false}));
  EXPECT_EQ(exit_status_of_wait(SIGSEGV | 0x80), ExitStatus(Signalled{SIGSEGV, true}));
}

}  // namespace
}  // namespace ostler::process
