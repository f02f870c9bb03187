// SPDX-License-Identifier: Apache-2.0
#include "agent_client/agent_api.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "agent_client/api_request.hpp"
#include "support/fake_timers.hpp"
#include "support/run_task.hpp"
#include "support/scripted_server.hpp"

namespace ostler::agent_client {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;

/// A server that gives the answers in line, and a client that does not really wait.
class AgentApiTest : public testing::Test {
 protected:
  Peer peer() { return {server_.url() + "/v3/", Secret("t"), {{"Buildkite-Route", "r"}}}; }

  template <class T>
  Result<T> run(asio::awaitable<Result<T>> call) {
    return support::run_task(io_, std::move(call));
  }

  asio::awaitable<ServerAnswer> answer(ServerRequest request) {
    seen_.push_back(std::move(request));
    ServerAnswer next =
        answers_.empty() ? ServerAnswer(ServerReply{500, "nothing in line"}) : answers_.front();
    if (!answers_.empty()) answers_.pop_front();
    co_return next;
  }

  std::deque<ServerAnswer> answers_;
  std::vector<ServerRequest> seen_;
  support::ScriptedServer server_{[this](ServerRequest request) { return answer(request); }};
  asio::io_context io_;
  net::HttpClient client_{io_.get_executor(), {.user_agent = user_agent()}};
  support::FakeTimers timers_;
  SystemClock clock_;
  AgentApi api_{client_, timers_, clock_};
};

TEST_F(AgentApiTest, CarriesTokenAndHeadersTheServerAskedFor) {
  answers_ = {ServerReply{200, "{}"}};
  ASSERT_TRUE(run(api_.connect(peer())));
  EXPECT_EQ(seen_[0].target, "/v3/connect");
  EXPECT_EQ(seen_[0].headers["authorization"], "Token t");
  EXPECT_EQ(seen_[0].headers["buildkite-route"], "r");
  EXPECT_EQ(seen_[0].headers["content-length"], "0");
  EXPECT_TRUE(seen_[0].headers["user-agent"].starts_with("ostler/"));
}

constexpr const char* kTimeLeft = "buildkite-timeout-milliseconds";

TEST_F(AgentApiTest, TellsTheServerHowLongAcquireAndFinishWaitAndNobodyElse) {
  const ServerReply job{200, R"({"id":"j","chunks_max_size_bytes":1000,"env":{}})"};
  answers_ = {job, job, ServerReply(), ServerReply(), ServerReply()};
  ASSERT_TRUE(run(api_.acquire(peer(), "j")));
  ASSERT_TRUE(run(api_.accept(peer(), "j")));
  ASSERT_TRUE(run(api_.start(peer(), "j", Timestamp{1})));
  ASSERT_TRUE(run(api_.send_chunk(peer(), "j", {1, 0, 1, "x"})));
  ASSERT_TRUE(run(api_.finish(peer(), "j", {})));
  const long acquire = std::stol(seen_[0].headers[kTimeLeft]);
  EXPECT_GT(acquire, 300'000);
  EXPECT_LE(acquire, 330'000);
  for (const std::size_t call : {1u, 2u, 3u}) EXPECT_FALSE(seen_[call].headers.contains(kTimeLeft));
  EXPECT_EQ(seen_[4].headers[kTimeLeft], "3600000");
}

TEST_F(AgentApiTest, TakesAnUnusableAnswerToPingForATransientFailure) {
  for (const ServerAnswer& nonsense :
       {ServerAnswer(ServerReply{204, ""}), ServerAnswer(ServerReply{200, ""}),
        ServerAnswer(ServerReply{200, "<html>login</html>"}),
        ServerAnswer(ServerReply{200, R"({"job":{"id":7}})"}),
        ServerAnswer(ServerReply{502, "<html>bad gateway</html>"}),
        ServerAnswer(support::RawReply{"garbage"}), ServerAnswer(support::ResetReply())}) {
    answers_ = {nonsense};
    const auto ping = run(api_.ping(peer(), 0s));
    ASSERT_FALSE(ping);
    EXPECT_TRUE(ping.error().retryable()) << ping.error().message();
  }
  EXPECT_TRUE(timers_.slept.empty());
}

TEST_F(AgentApiTest, TellsARefusalByItsStatus) {
  answers_ = {ServerReply{401, R"({"message":"unknown token"})"}};
  const auto ping = run(api_.ping(peer(), 0s));
  ASSERT_FALSE(ping);
  EXPECT_EQ(ping.error().code(), Errc::Denied);
  EXPECT_EQ(ping.error().native(), 401);
  EXPECT_FALSE(ping.error().retryable());
  EXPECT_NE(ping.error().message().find("unknown token"), std::string::npos);
}

TEST_F(AgentApiTest, AsksTheServerToHoldOnlyWhenToldTo) {
  answers_ = {ServerReply{200, "{}"}, ServerReply{200, "{}"}};
  ASSERT_TRUE(run(api_.ping(peer(), 0s)));
  ASSERT_TRUE(run(api_.ping(peer(), 30s)));
  EXPECT_EQ(seen_[0].target, "/v3/ping");
  EXPECT_EQ(seen_[1].target, "/v3/ping?wait=30");
}

TEST_F(AgentApiTest, SeesWhetherTheServerOffersToHoldCalls) {
  const std::string session =
      R"({"id":"a","name":"n","access_token":"s","ping_interval":1,"job_status_interval":1,"heartbeat_interval":60,"lease_seconds":600})";
  answers_ = {ServerReply{200, session, {{"Ostler-Wait", "1"}}}, ServerReply{200, session}};
  const auto ours = run(api_.register_agent(peer(), {}));
  ASSERT_TRUE(ours) << ours.error().message();
  EXPECT_TRUE(ours.value().waits);
  EXPECT_EQ(ours.value().session.lease_seconds, 600);
  EXPECT_FALSE(run(api_.register_agent(peer(), {})).value().waits);
}

TEST_F(AgentApiTest, RetriesALostAcceptButNoRefusedOne) {
  const std::string job = R"({"id":"j","chunks_max_size_bytes":1000,"env":{"A":"b"}})";
  answers_ = {support::ResetReply(), ServerReply{200, "not json"}, ServerReply{200, job}};
  const auto accepted = run(api_.accept(peer(), "j.1"));
  ASSERT_TRUE(accepted) << accepted.error().message();
  EXPECT_EQ(accepted.value().job.env.at("A"), "b");
  EXPECT_EQ(seen_[2].target, "/v3/jobs/j%2E1/accept");
  EXPECT_EQ(timers_.slept, (std::vector<std::chrono::milliseconds>{5s, 5s}));

  answers_ = {ServerReply{503, ""}};
  EXPECT_FALSE(run(api_.accept(peer(), "j")));
  EXPECT_EQ(seen_.size(), 4u);
}

TEST_F(AgentApiTest, SendsAChunkAgainWithTheSameExtentAndBytes) {
  answers_ = {ServerReply{500, ""}, ServerReply{200, ""}};
  ASSERT_TRUE(run(api_.send_chunk(peer(), "j", {3, 100, 50, "gzipped"})));
  ASSERT_EQ(seen_.size(), 2u);
  EXPECT_EQ(seen_[1].target, "/v3/jobs/j/chunks?sequence=3&offset=100&size=50");
  EXPECT_EQ(seen_[1].headers["content-encoding"], "gzip");
  EXPECT_EQ(seen_[1].headers["content-type"], "text/plain");
  EXPECT_EQ(seen_[1].body, "gzipped");
}

TEST_F(AgentApiTest, GivesAChunkUpOnAnyClientError) {
  answers_ = {ServerReply{429, ""}};
  EXPECT_FALSE(run(api_.send_chunk(peer(), "j", {1, 0, 1, "x"})));
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(AgentApiTest, ForwardsACallAndHandsItsStatusBack) {
  answers_ = {ServerReply{422, "no", {{"Retry-After", "3"}}}};
  const auto answer =
      run(api_.forward(peer(), {"POST", "jobs/j/data/set", "application/json", "{}", "u-1", "3"}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().status, 422);
  EXPECT_EQ(answer.value().header("Retry-After"), "3");
  EXPECT_EQ(seen_[0].headers["ostler-request-uuid"], "u-1");
  EXPECT_EQ(seen_[0].headers["x-buildkite-backoff-sequence"], "3");
}

TEST_F(AgentApiTest, TakesTheTokenOfAForwardedCallToNoOtherServer) {
  std::vector<ServerRequest> strayed;
  support::ScriptedServer other([&](ServerRequest request) -> asio::awaitable<ServerAnswer> {
    strayed.push_back(std::move(request));
    co_return ServerReply{200, "{}"};
  });
  answers_ = {ServerReply{307, "", {{"Location", other.url() + "/v3/jobs/j"}}}};
  ASSERT_TRUE(run(api_.forward(peer(), {"GET", "jobs/j", "", "", "", ""})));
  EXPECT_EQ(seen_[0].headers["authorization"], "Token t");
  for (auto& request : strayed) EXPECT_FALSE(request.headers.contains("authorization"));
}

}  // namespace
}  // namespace ostler::agent_client
