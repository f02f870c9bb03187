// SPDX-License-Identifier: Apache-2.0
#include "hub/disk_guard.hpp"

#include <gtest/gtest.h>

namespace ostler::hub {
namespace {

class StandingClock final : public Clock {
 public:
  Timestamp now() const override { return {}; }
  std::chrono::nanoseconds since_boot() const override { return time; }
  std::chrono::nanoseconds time{1};
};

class DiskGuards : public testing::Test {
 protected:
  void set_free(std::int64_t available) {
    space_ = files::DiskSpace{.total = 1000, .available = available};
    clock_.time += std::chrono::seconds(1);
  }

  StandingClock clock_;
  Result<files::DiskSpace> space_ = files::DiskSpace{.total = 1000, .available = 500};
  int measured_ = 0;
  DiskGuard guard_{[this] {
                     ++measured_;
                     return space_;
                   },
                   clock_, 5};
};

TEST_F(DiskGuards, LetInWhileThereIsRoom) {
  set_free(50);
  EXPECT_TRUE(guard_.admit());
  set_free(49);
  const auto refused = guard_.admit();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Errc::Unavailable);
  EXPECT_TRUE(refused.error().retryable());
  EXPECT_NE(refused.error().message().find("49 bytes of 1000 bytes are free"), std::string::npos)
      << refused.error().message();
  set_free(50);
  EXPECT_TRUE(guard_.admit());
}

TEST_F(DiskGuards, MeasureOnceASecond) {
  EXPECT_TRUE(guard_.admit());
  space_ = files::DiskSpace{.total = 1000, .available = 0};
  EXPECT_TRUE(guard_.admit());
  EXPECT_EQ(guard_.space().available, 500);
  EXPECT_EQ(measured_, 1);
  clock_.time += std::chrono::seconds(1);
  EXPECT_FALSE(guard_.admit());
  EXPECT_EQ(measured_, 2);
}

TEST_F(DiskGuards, KeepNothingOutThatTheyCannotMeasure) {
  space_ = Error(Errc::Internal, "no such system");
  EXPECT_TRUE(guard_.admit());
  EXPECT_EQ(guard_.space().total, 0);
}

TEST_F(DiskGuards, CanBeSwitchedOff) {
  space_ = files::DiskSpace{.total = 1000, .available = 0};
  DiskGuard open([this] { return space_; }, clock_, 0);
  EXPECT_TRUE(open.admit());
}

}  // namespace
}  // namespace ostler::hub
