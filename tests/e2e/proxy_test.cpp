// SPDX-License-Identifier: Apache-2.0
// A fleet whose only way to its hub is a proxy with CONNECT.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/tcp_proxy.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificate.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// The hub is https://hub.invalid, a name that only the proxy knows.
class ConnectProxy : public testing::Test {
 protected:
  ConnectProxy() {
    ::setenv("SSL_CERT_FILE", files_.certificate.c_str(), 1);
    hub_.kill();
    hub_.start_again({"--public-url", "https://hub.invalid"});
  }
  ~ConnectProxy() override {
    ::unsetenv("SSL_CERT_FILE");
    ::unsetenv("HTTPS_PROXY");
  }

  const support::TempDirectory directory_;
  const support::TestCertificate files_ =
      support::make_certificate(directory_.path(), "IP:127.0.0.1,DNS:hub.invalid");
  support::HubProcess hub_{
      directory_.path(),
      {"--tls-cert", files_.certificate.string(), "--tls-key", files_.key.string()}};
};

TEST_F(ConnectProxy, CarriesAWholeJobWithItsCommandsAndArtifacts) {
  const support::TcpProxy proxy(hub_.port(), support::TcpProxy::Tunnel());
  ::setenv("HTTPS_PROXY", proxy.url().c_str(), 1);
  support::AgentProcess agent("https://hub.invalid/v3", hub_.agent_token_file(), directory_.path(),
                              {});
  const auto slug = hub_.make_pipeline("p", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - command: |
      set -e
      ostler meta-data set a 1
      env -u BUILDKITE_AGENT_JOB_API_SOCKET ostler annotate "over HTTP"
      seq 100000 > large.txt
      ostler artifact upload large.txt
      mkdir back
      ostler artifact download large.txt back
      cmp large.txt back/large.txt && echo "a $$(ostler meta-data get a), and the file"
)yaml");
  const auto build = hub_.finished_build(slug, hub_.make_build(slug), 60s);
  ASSERT_TRUE(build) << agent.program().err();
  EXPECT_EQ(build->at("state"), "passed") << hub_.log(slug, 1);
  EXPECT_THAT(support::plain_log(hub_.log(slug, 1)), HasSubstr("a 1, and the file"));
  EXPECT_EQ(agent.stop(), 0) << agent.program().err();
  EXPECT_GT(proxy.count("CONNECT hub.invalid:443 HTTP/1.1"), 1) << "agent and commands";
  EXPECT_EQ(proxy.count("Authorization:"), 0) << "tokens are for the hub, not for the proxy";
}

TEST_F(ConnectProxy, ThatRefusesIsSaid) {
  const support::TcpProxy proxy(
      hub_.port(), support::TcpProxy::Tunnel{"HTTP/1.1 407 Proxy Authentication Required\r\n"
                                             "Content-Length: 0\r\n\r\n"});
  const auto command =
      support::run_program({support::ostler_program(), "meta-data", "get", "k", "--job", "j"},
                           {.environment = {{"HTTPS_PROXY", proxy.url()},
                                            {"LD_PRELOAD", support::no_sleep_library()},
                                            {"BUILDKITE_AGENT_JOB_API_SOCKET", ""},
                                            {"BUILDKITE_AGENT_ENDPOINT", "https://hub.invalid/v3"},
                                            {"BUILDKITE_AGENT_ACCESS_TOKEN", "t"}},
                            .directory = {}});
  EXPECT_EQ(command.code, 1);
  EXPECT_THAT(command.err, HasSubstr("407"));
  EXPECT_EQ(proxy.count("Authorization:"), 0);
}

}  // namespace
}  // namespace ostler
