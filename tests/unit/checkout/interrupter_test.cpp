// SPDX-License-Identifier: Apache-2.0
#include "checkout/interrupter.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

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
  const auto began = Interrupter::Clock::now();
  for (int i = 0; i < 20; ++i) const Interrupter interrupter;
  EXPECT_LT(Interrupter::Clock::now() - began, std::chrono::milliseconds(500));
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
