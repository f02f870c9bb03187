// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/semantic_version.hpp"

#include <gtest/gtest.h>

#include <iterator>

namespace ostler::plugin_host {
namespace {

TEST(SemanticVersion, IsOneByTheGrammar) {
  for (const char* version :
       {"0.0.0", "1.2.3", "10.20.30", "99999999999999999999999.0.1", "1.0.0-RC1", "1.0.0-alpha.1",
        "1.0.0-0", "1.0.0-0a", "1.0.0-a-b", "1.0.0--", "1.0.0-x.7.z.92", "1.0.0-010a"}) {
    EXPECT_TRUE(is_semantic_version(version)) << version;
  }
  for (const char* other :
       {"",        "1",          "1.2",       "1.2.3.4",        "1.2.x",    "v1.2.3",
        "01.0.0",  "1.00.0",     "1.0.01",    ".1.2",           "1..2",     "1.2.",
        "1.0.0-",  "1.0.0-a..b", "1.0.0-.a",  "1.0.0-a.",       "1.0.0-01", "1.0.0-a.00",
        "1.0.0+b", "1.0.0-a+b",  "1.0.0-a_b", "1.0.0-\xc3\xa4", "1.0.0 ",   " 1.0.0",
        "-1.0.0",  "1.0.0-a/b",  "+1.0.0"}) {
    EXPECT_FALSE(is_semantic_version(other)) << other;
  }
}

TEST(SemanticVersion, ComesAfterEachThatIsEarlier) {
  const char* const kInOrder[] = {"0.9.9",
                                  "1.0.0-2",
                                  "1.0.0-10",
                                  "1.0.0--",
                                  "1.0.0-RC1",
                                  "1.0.0-alpha",
                                  "1.0.0-alpha.1",
                                  "1.0.0-alpha.2",
                                  "1.0.0-alpha.10",
                                  "1.0.0-alpha.beta",
                                  "1.0.0-beta",
                                  "1.0.0-rc1",
                                  "1.0.0",
                                  "1.9.0",
                                  "1.10.0",
                                  "2.0.0-rc",
                                  "2.0.0",
                                  "18446744073709551616.0.0",
                                  "18446744073709551617.0.0"};
  for (auto later = std::begin(kInOrder); later != std::end(kInOrder); ++later) {
    EXPECT_FALSE(is_earlier(*later, *later)) << *later;
    for (auto earlier = std::begin(kInOrder); earlier != later; ++earlier) {
      EXPECT_TRUE(is_earlier(*earlier, *later)) << *earlier << " " << *later;
      EXPECT_FALSE(is_earlier(*later, *earlier)) << *earlier << " " << *later;
    }
  }
}

}  // namespace
}  // namespace ostler::plugin_host
