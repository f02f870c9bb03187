// SPDX-License-Identifier: Apache-2.0
#include "object_store/location.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostler::object_store {
namespace {

using testing::HasSubstr;

std::string object_in(const std::string& destination, std::string_view path) {
  return parse_location(destination, "s3://").value().object_of(path);
}

TEST(Location, NamesObjectsBeneathItsPrefix) {
  EXPECT_EQ(object_in("s3://b", "a/x"), "a/x");
  EXPECT_EQ(object_in("s3://b/", "a/x"), "a/x");
  EXPECT_EQ(object_in("s3://b/p/q", "a/x"), "p/q/a/x");
  EXPECT_EQ(object_in("s3://b/p/q/", "a/x"), "p/q/a/x");
  EXPECT_EQ(object_in("s3://b/p//q", "a//./x"), "p/q/a/x");
}

TEST(Location, NeverLeavesItsPrefix) {
  EXPECT_EQ(object_in("s3://b/p", "../x"), "p/x");
  EXPECT_EQ(object_in("s3://b/p", "a/../../../x"), "p/x");
  EXPECT_EQ(object_in("s3://b", "../x"), "x");
}

TEST(Location, WantsABucket) {
  for (const char* destination :
       {"s3://", "s3:///p", "s3://a b/p", "s3://b?x/p", "s3://../p", "s3://b@evil.example/p"}) {
    const auto location = parse_location(destination, "s3://");
    ASSERT_FALSE(location) << destination;
    EXPECT_EQ(location.error().code(), Errc::UserFault);
    EXPECT_THAT(location.error().message(), HasSubstr("write s3://BUCKET/PREFIX"));
  }
}

TEST(Location, EncodesEachSegmentOfAPath) {
  EXPECT_EQ(url_path("a b/c+d&e/ü?#%"), "a%20b/c%2Bd%26e/%C3%BC%3F%23%25");
  EXPECT_EQ(url_path("a"), "a");
}

}  // namespace
}  // namespace ostler::object_store
