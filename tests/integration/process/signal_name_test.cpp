// SPDX-License-Identifier: Apache-2.0
#include "process/signal_name.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace ostler::process {
namespace {

TEST(SignalName, NamesKnownAndUnknownNumbers) {
  EXPECT_EQ(signal_name(SIGTERM), "SIGTERM");
  EXPECT_EQ(signal_name(500), "signal 500");
}

TEST(SignalName, ReadsTheSignalsThatCancelInAnyLetterCase) {
  EXPECT_EQ(parse_cancel_signal("SIGTERM"), SIGTERM);
  EXPECT_EQ(parse_cancel_signal("sigusr2"), SIGUSR2);
  EXPECT_EQ(parse_cancel_signal("TERM"), std::nullopt);
  EXPECT_EQ(parse_cancel_signal("SIGSEGV"), std::nullopt);
}

}  // namespace
}  // namespace ostler::process
