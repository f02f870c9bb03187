// SPDX-License-Identifier: Apache-2.0
#include "worker/foreground_work.hpp"

#include <gtest/gtest.h>

namespace ostler::worker {
namespace {

TEST(ForegroundWork, IsAskedToStopByACancelAndByAKill) {
  Cancellation cancelled;
  const ForegroundWork told(cancelled);
  EXPECT_FALSE(told.stop()());
  cancelled.cancel(supervise::CancelReason::UserCancel, std::chrono::seconds(1));
  EXPECT_TRUE(told.stop()());
  Cancellation killed;
  const ForegroundWork ended(killed);
  const files::ShouldStop stop = ended.stop();
  EXPECT_FALSE(stop());
  killed.kill();
  EXPECT_TRUE(stop()) << "who has it from before hears it, too";
}

}  // namespace
}  // namespace ostler::worker
