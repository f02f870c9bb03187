// SPDX-License-Identifier: Apache-2.0
#include "agent_client/http_transport.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "support/scripted_server.hpp"

namespace ostler::agent_client {
namespace {

namespace asio = boost::asio;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;

asio::awaitable<ServerAnswer> describe(ServerRequest request) {
  co_return ServerReply{201, request.method + " " + request.target + " " +
                                 request.headers["authorization"] + " " +
                                 request.headers["buildkite-a-b"] + " " +
                                 request.headers["ostler-request-uuid"] + " " + request.body};
}

TEST(HttpTransport, CallsTheServerNamedByTheEnvironment) {
  support::ScriptedServer server(describe);
  ::setenv("BUILDKITE_AGENT_ENDPOINT", (server.url() + "/v3").c_str(), 1);
  ::setenv("BUILDKITE_AGENT_ACCESS_TOKEN", "secret", 1);
  ::setenv("BUILDKITE_REQUEST_HEADER_BUILDKITE_A_B", "c", 1);
  auto peer = peer_from_environment();
  ASSERT_TRUE(peer);
  HttpTransport transport(std::move(peer).value());
  const auto answer = transport.call({"POST", "jobs/j/data/set", "{}", "u-1"});
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer.value().status, 201);
  EXPECT_EQ(answer.value().body, "POST /v3/jobs/j/data/set Token secret c u-1 {}");
}

TEST(PeerFromEnvironment, NamesTheVariableThatIsMissing) {
  ::setenv("BUILDKITE_AGENT_ENDPOINT", "http://127.0.0.1:1/v3", 1);
  ::unsetenv("BUILDKITE_AGENT_ACCESS_TOKEN");
  const auto peer = peer_from_environment();
  ASSERT_FALSE(peer);
  EXPECT_EQ(peer.error().code(), Errc::UserFault);
  EXPECT_NE(peer.error().message().find("BUILDKITE_AGENT_ACCESS_TOKEN"), std::string::npos);
}

}  // namespace
}  // namespace ostler::agent_client
