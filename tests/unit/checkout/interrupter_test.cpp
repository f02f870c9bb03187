// SPDX-License-Identifier: Apache-2.0
#include "checkout/interrupter.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>

namespace ostler::checkout {
namespace {

/// What an Interrupter blocks stays blocked: it lives as long as its program.
class InterrupterTest : public testing::Test {
 protected:
  InterrupterTest() { ::pthread_sigmask(SIG_SETMASK, nullptr, &mask_); }
  ~InterrupterTest() override { ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr); }

 private:
  sigset_t mask_{};
};

TEST_F(InterrupterTest, EndsAtOnceWhenTheWorkIsOver) {
  auto least = Interrupter::Clock::duration::max();
  for (int i = 0; i < 20; ++i) {
    const auto began = Interrupter::Clock::now();
    {
      const Interrupter interrupter;
    }
    least = std::min(least, Interrupter::Clock::now() - began);
  }
  EXPECT_LT(least, std::chrono::milliseconds(40)) << "its watcher looks every 50 ms";
}

TEST_F(InterrupterTest, StopsTheWorkAtASignal) {
  Interrupter interrupter;
  ::kill(::getpid(), SIGTERM);
  EXPECT_FALSE(interrupter.sleep(std::chrono::seconds(10)));
  EXPECT_EQ(interrupter.stop(), Stop::Cancelled);
  EXPECT_EQ(interrupter.signal(), SIGTERM);
}

}  // namespace
}  // namespace ostler::checkout
