// SPDX-License-Identifier: Apache-2.0
#include "agent_client/path.hpp"

#include <gtest/gtest.h>

namespace ostler::agent_client {
namespace {

TEST(PathSegment, EncodesWhatAPathWouldRead) {
  EXPECT_EQ(path_segment("0198b000-0000-4000-8000-00000000000a"),
            "0198b000-0000-4000-8000-00000000000a");
  EXPECT_EQ(path_segment("a/b"), "a%2Fb");
  EXPECT_EQ(path_segment(".."), "%2E%2E");
  EXPECT_EQ(path_segment("ü %~"), "%C3%BC%20%25~");
}

TEST(JoinUrl, PutsOneSlashBetween) {
  EXPECT_EQ(join_url("https://h/v3//", "/ping"), "https://h/v3/ping");
  EXPECT_EQ(join_url("http://h:1", "ping"), "http://h:1/ping");
}

}  // namespace
}  // namespace ostler::agent_client
