// SPDX-License-Identifier: Apache-2.0
#include "checkout/mirror_store.hpp"

#include <gtest/gtest.h>

namespace ostler::checkout {
namespace {

TEST(MirrorDirectory, IsTheAddressWithoutWhatIsNoLetterOrDigit) {
  EXPECT_EQ(mirror_directory("/m", "https://github.com/o/r.git"), "/m/https---github-com-o-r-git");
  EXPECT_EQ(mirror_directory("/m", "/srv/a b"), "/m/-srv-a-b");
}

TEST(MirrorDirectory, HoldsNoCredentials) {
  EXPECT_EQ(mirror_directory("/m", "https://u:secret@h/r"), "/m/https---h-r");
}

TEST(MirrorDirectory, FitsInAFileNameAndStaysApart) {
  const std::string base(400, 'x');
  const auto one = mirror_directory("/m", "/" + base + "1").filename().string();
  const auto two = mirror_directory("/m", "/" + base + "2").filename().string();
  EXPECT_LT(one.size(), 230u);
  EXPECT_NE(one, two);
}

}  // namespace
}  // namespace ostler::checkout
