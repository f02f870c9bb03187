// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "base/result.hpp"

namespace ostler {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(Errc::UserFault, "odd");
  return number / 2;
}

Result<int> quarter(int number) {
  OSTLER_TRY(auto halved, half(number));
  return half(halved);
}

TEST(Error, CarriesContextOutermostFirst) {
  const Error error = Error(Errc::Denied, "no").with_context("open").with_context("checkout");
  EXPECT_EQ(error.message(), "checkout: open: no");
  EXPECT_EQ(error.code(), Errc::Denied);
}

TEST(Error, MapsErrnoToWhatACallerCanDo) {
  EXPECT_EQ(Error::from_errno(ENOENT, "open /x").code(), Errc::NotFound);
  EXPECT_TRUE(Error::from_errno(ENOSPC, "write").retryable());
  EXPECT_EQ(Error::from_errno(EACCES, "open").native(), EACCES);
}

TEST(Result, TryPassesTheErrorOn) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().message(), "odd");
}

}  // namespace
}  // namespace ostler
