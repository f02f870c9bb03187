// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/lock_call.hpp"

#include <gtest/gtest.h>

namespace ostler::plugin_host {
namespace {

using std::chrono::milliseconds;

Result<LockCall> acquire(const std::string& wait) {
  return read_lock_call("ostler.lock/1/acquire", {"deploy", wait});
}

TEST(LockCall, WaitsAsLongAsItSays) {
  EXPECT_EQ(acquire("0").value().longest, milliseconds(0));
  EXPECT_EQ(acquire("1500").value().longest, milliseconds(1500));
  EXPECT_EQ(acquire("-1").value().longest, kWaitForEver);
  for (const char* wrong : {"", "-2", "1s", "9223372036854775808"}) EXPECT_FALSE(acquire(wrong));
}

TEST(LockCall, WaitsNoLongerThanCanBeReckonedWith) {
  EXPECT_EQ(acquire("9223372036854775807").value().longest, std::chrono::days(365));
}

}  // namespace
}  // namespace ostler::plugin_host
