// SPDX-License-Identifier: Apache-2.0
// Which requests go through the proxy that the environment names.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <cstdlib>

#include "net/http_client.hpp"
#include "support/scripted_server.hpp"

namespace ostler::net {
namespace {

class HttpProxy : public testing::Test {
 protected:
  void SetUp() override { TearDown(); }
  void TearDown() override {
    for (const char* name :
         {"http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY", "REQUEST_METHOD"}) {
      ::unsetenv(name);
    }
  }
  static support::ScriptedServer::Handler saying(const std::string& word) {
    return [word](support::ServerRequest request) -> boost::asio::awaitable<support::ServerAnswer> {
      co_return support::ServerReply{200, word + " " + request.target};
    };
  }
  void proxy_by(const char* name) { ::setenv(name, proxy_.url().c_str(), 1); }
  static std::string get(const std::string& url) {
    const auto answer = BlockingHttpClient().send(
        {.method = "GET", .url = url, .connect_timeout = std::chrono::seconds(1)});
    return answer ? answer.value().body : "error: " + answer.error().message();
  }

  support::ScriptedServer proxy_{saying("proxy")};
  support::ScriptedServer direct_{saying("direct")};
};

TEST_F(HttpProxy, IsTakenInSmallLettersAndInCapitals) {
  for (const char* name : {"http_proxy", "HTTP_PROXY"}) {
    proxy_by(name);
    EXPECT_EQ(get("http://hub.invalid/v3"), "proxy http://hub.invalid/v3") << name;
    ::unsetenv(name);
  }
}

TEST_F(HttpProxy, SmallLettersWin) {
  ::setenv("HTTP_PROXY", "http://127.0.0.1:1", 1);
  proxy_by("http_proxy");
  EXPECT_EQ(get("http://hub.invalid/"), "proxy http://hub.invalid/");
}

TEST_F(HttpProxy, IsNotForThisMachine) {
  proxy_by("http_proxy");
  ::setenv("no_proxy", "example.com", 1);
  EXPECT_EQ(get(direct_.url() + "/a"), "direct /a");
  EXPECT_EQ(get("http://localhost:" + std::to_string(direct_.port()) + "/b"), "direct /b");
}

TEST_F(HttpProxy, IsNotForHostsThatAreExempt) {
  proxy_by("HTTP_PROXY");
  ::setenv("NO_PROXY", "hub.invalid", 1);
  EXPECT_EQ(get("http://hub.invalid/").find("proxy"), std::string::npos);
  ::setenv("NO_PROXY", "*", 1);
  EXPECT_EQ(get("http://other.invalid/").find("proxy"), std::string::npos);
}

/// There the caller of the page sets it, by a header `Proxy`.
TEST_F(HttpProxy, InCapitalsIsNotTakenInACgiProgram) {
  proxy_by("HTTP_PROXY");
  ::setenv("REQUEST_METHOD", "GET", 1);
  EXPECT_NE(get("http://hub.invalid/").find("error"), std::string::npos);
}

}  // namespace
}  // namespace ostler::net
