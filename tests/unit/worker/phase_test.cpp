// SPDX-License-Identifier: Apache-2.0
#include "worker/phase.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::worker {
namespace {

TEST(Phases, ComeInTheOrderOfAJob) {
  std::vector<std::string_view> names;
  for (const Phase& phase : phases()) names.push_back(phase.name);
  EXPECT_THAT(names, testing::ElementsAre("prepare", "checkout", "plugins", "command", "artifacts",
                                          "teardown"));
}

}  // namespace
}  // namespace ostler::worker
