// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_job_event.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ostler::wire {
namespace {

/// What is shown of a plugin's result with that many commands.
std::string shown_with(const std::string& commands) {
  const auto events = decode_rest_job_events(
      R"([{"kind":"result","data":{"plugin":"zoo#1","outcome":"passed","usage":{"commands":)" +
      commands + "}}}]");
  return events.value().at(0).text;
}

TEST(RestJobEvent, HasAsManyCommandsAsCanBe) {
  EXPECT_EQ(shown_with("1"), "zoo#1 passed [0.00 s; 1 command 0.00 s]");
  EXPECT_EQ(shown_with("2"), "zoo#1 passed [0.00 s; 2 commands 0.00 s]");
  EXPECT_EQ(shown_with("1e300"), "zoo#1 passed [0.00 s; 1000000000 commands 0.00 s]");
  EXPECT_EQ(shown_with("-1e300"), "zoo#1 passed [0.00 s]");
}

}  // namespace
}  // namespace ostler::wire
