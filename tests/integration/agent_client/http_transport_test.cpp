// SPDX-License-Identifier: Apache-2.0
#include "agent_client/http_transport.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "net/http_server.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

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

/// Answers with what was asked.
class Echo final : public net::RequestHandler {
 public:
  asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override {
    co_return net::json_response(200, request.method + " " + request.target);
  }
};

TEST(HttpTransport, CallsAServerOnAUnixSocketBelowV3) {
  const support::TempDirectory directory;
  asio::io_context io;
  Echo echo;
  net::HttpServer server(io.get_executor(), echo);
  ASSERT_TRUE(server.listen_unix(directory / "hub.sock"));
  std::jthread thread([&io] { io.run(); });
  const auto answer = [&] {
    HttpTransport transport({"unix:" + (directory / "hub.sock").string(), Secret("t"), {}});
    return transport.call({"GET", "ping", "", ""});
  }();
  asio::co_spawn(io, server.stop(std::chrono::seconds(1)), asio::detached);
  ASSERT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(answer.value().body, "GET /v3/ping");
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
