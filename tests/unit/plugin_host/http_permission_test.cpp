// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/http_permission.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ostler::plugin_host {
namespace {

bool may_ask(const std::string& url, const std::string& pattern) {
  const auto origin = net::origin_of_url(url);
  return origin && is_permitted(origin.value(), std::vector<std::string>{pattern});
}

TEST(HttpPermission, IsAHostWithItsUsualPorts) {
  EXPECT_TRUE(may_ask("https://api.example.com/v1?q", "api.example.com"));
  EXPECT_TRUE(may_ask("http://API.Example.com", "api.example.com"));
  EXPECT_FALSE(may_ask("https://api.example.com:8443/", "api.example.com"));
  EXPECT_TRUE(may_ask("https://api.example.com:8443/", "api.example.com:8443"));
  EXPECT_FALSE(may_ask("https://api.example.com/", "api.example.com:8443"));
  EXPECT_TRUE(may_ask("http://[::1]:80/", "[::1]"));
  EXPECT_TRUE(may_ask("http://[::1]:81/", "[::1]:81"));
}

TEST(HttpPermission, IsAllBelowANameButNotTheName) {
  EXPECT_TRUE(may_ask("https://a.example.com/", "*.example.com"));
  EXPECT_TRUE(may_ask("https://a.b.example.com/", "*.example.com"));
  EXPECT_FALSE(may_ask("https://example.com/", "*.example.com"));
  EXPECT_FALSE(may_ask("https://evilexample.com/", "*.example.com"));
}

TEST(HttpPermission, IsNotTalkedRoundByUrls) {
  for (const char* url :
       {"https://api.example.com@evil.example/", "https://evil.example/api.example.com",
        "https://api.example.com.evil.example/", "https://evil.example\\@api.example.com/",
        "https://evil.example#@api.example.com/", "https://evil.example?api.example.com",
        "ftp://api.example.com/", "//api.example.com/", "api.example.com", "https://", ""}) {
    EXPECT_FALSE(may_ask(url, "api.example.com")) << url;
  }
}

TEST(HttpPermission, IsAPatternOrComesOfAUrl) {
  for (const char* pattern :
       {"a", "a.example", "*.a.example", "a:80", "127.0.0.1", "[::1]:8080", "a:65535"}) {
    EXPECT_TRUE(is_http_pattern(pattern)) << pattern;
    EXPECT_EQ(http_pattern_of(pattern).value(), pattern);
  }
  for (const char* wrong : {"", "*", "*.", "A", "a:", "a:x", "a:0", "a:65536", "a:99999", "a:080",
                            "a:123456", "a/b", "a b", ".a", "a*b"}) {
    EXPECT_FALSE(is_http_pattern(wrong)) << wrong;
  }
  EXPECT_EQ(http_pattern_of("https://Shop.example/base").value(), "shop.example:443");
  EXPECT_EQ(http_pattern_of("http://shop.example:8080").value(), "shop.example:8080");
  EXPECT_FALSE(http_pattern_of("not a host"));
}

}  // namespace
}  // namespace ostler::plugin_host
