// SPDX-License-Identifier: Apache-2.0
#include "model/artifact.hpp"

#include <gtest/gtest.h>

namespace ostler::model {
namespace {

TEST(ArtifactState, TakesOneOutcomeAndItsRepeats) {
  using enum ArtifactState;
  EXPECT_EQ(transition(New, ArtifactEvent::Finish).value(), Finished);
  EXPECT_EQ(transition(New, ArtifactEvent::Fail).value(), Error);
  EXPECT_EQ(transition(Finished, ArtifactEvent::Finish).value(), Finished);
  EXPECT_EQ(transition(Error, ArtifactEvent::Fail).value(), Error);
  EXPECT_EQ(transition(Finished, ArtifactEvent::Fail).error().code(), Errc::Conflict);
  EXPECT_EQ(transition(Error, ArtifactEvent::Finish).error().code(), Errc::Conflict);
}

}  // namespace
}  // namespace ostler::model
