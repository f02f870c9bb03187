// SPDX-License-Identifier: Apache-2.0
#include "hub/web/return_path.hpp"

#include <gtest/gtest.h>

namespace ostler::hub {
namespace {

TEST(ReturnPath, IsThePageThatWasAskedFor) {
  EXPECT_EQ(return_path("/"), "/");
  EXPECT_EQ(return_path("/acme/app/builds/7?x=1&y=//z"), "/acme/app/builds/7?x=1&y=//z");
}

TEST(ReturnPath, LeadsToNoOtherHost) {
  for (const char* wanted :
       {"", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example/",
        "evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example",
        "/a\r\nSet-Cookie: b=c", " //evil.example", "/a\x7f", "/\xC2\xA0"}) {
    EXPECT_EQ(return_path(wanted), "/") << wanted;
  }
  EXPECT_EQ(return_path("/" + std::string(2'000, 'a')), "/");
}

}  // namespace
}  // namespace ostler::hub
