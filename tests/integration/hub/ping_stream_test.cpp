// SPDX-License-Identifier: Apache-2.0
// StreamPings over HTTP/1.1, as an agent speaks it. Source: reference/agent-api.md 3.
#include <chrono>

#include "scripted_agent.hpp"
#include "support/raw_connection.hpp"
#include "wire/agent_edge.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::RawConnection;

constexpr std::string_view kPath = "/agentedge.v1.AgentEdgeService/StreamPings";

std::string request(const std::string& token, const std::string& body,
                    const std::string& type = "application/grpc") {
  return "POST " + std::string(kPath) + " HTTP/1.1\r\nHost: hub\r\nAuthorization: Token " + token +
         "\r\nContent-Type: " + type +
         "\r\nTe: trailers\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// One stream of an agent, opened and read by hand.
class Stream {
 public:
  Stream(const support::HubProcess& hub, const ScriptedAgent& agent)
      : connection_(RawConnection::to_port(hub.port())) {
    connection_.send(
        request(agent.session_token(), wire::encode_stream_request(agent.registration()["id"])));
    head_ = connection_.read_head();
  }

  const std::string& head() const { return head_; }
  const std::string& trailers() const { return connection_.trailers(); }

  /// The next message; none at the end of the stream.
  std::optional<wire::PingResponse> next() {
    const std::string chunk = connection_.read_chunk();
    if (chunk.empty()) return std::nullopt;
    messages_.add(chunk);
    return messages_.next().value();
  }
  /// The job that the next message assigns; empty when it assigns none.
  std::string next_job() {
    const auto message = next();
    return message ? message->job_id.value_or("") : "";
  }

 private:
  RawConnection connection_;
  std::string head_;
  wire::StreamedMessages messages_;
};

class PingStreams : public HubTest {
 protected:
  int status_of(const std::string& bytes) const {
    RawConnection connection = RawConnection::to_port(hub_.port());
    connection.send(bytes);
    return support::status_in(connection.read_answer());
  }
};

TEST_F(PingStreams, BeginsWithAMessageAndBringsJobsAsTheyCome) {
  ScriptedAgent agent(hub_);
  Stream stream(hub_, agent);
  EXPECT_EQ(support::status_in(stream.head()), 200);
  EXPECT_NE(stream.head().find("Content-Type: application/grpc\r\n"), std::string::npos);
  const auto first = stream.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->action, wire::PingAction::Idle);
  EXPECT_EQ(first->job_id, std::nullopt);

  const std::string one = make_job();
  EXPECT_EQ(stream.next_job(), one);
  agent.accept(one);
  agent.start(one);
  const std::string two = make_job();
  EXPECT_EQ(agent.finish(one).status, 200);
  EXPECT_EQ(stream.next_job(), two) << "as soon as the agent is free";
  EXPECT_EQ(agent.accept(two)["id"], two);
}

TEST_F(PingStreams, SaysWhenTheAgentIsPausedResumedOrStopped) {
  const ScriptedAgent agent(hub_);
  Stream stream(hub_, agent);
  ASSERT_EQ(stream.next()->action, wire::PingAction::Idle);
  agent.call("POST", "pause", {{"note", "new disk"}});
  const auto paused = stream.next();
  EXPECT_EQ(paused->action, wire::PingAction::Pause);
  EXPECT_EQ(paused->message, "new disk");
  EXPECT_EQ(Stream(hub_, agent).next()->action, wire::PingAction::Pause) << "a new stream, too";
  const std::string job = make_job();
  agent.call("POST", "resume");
  EXPECT_EQ(stream.next()->action, wire::PingAction::Idle);
  EXPECT_EQ(stream.next_job(), job);
  agent.call("POST", "stop");
  EXPECT_EQ(Stream(hub_, agent).next()->action, wire::PingAction::Disconnect);
}

TEST_F(PingStreams, AnOfferGoesElsewhereWhenTheStreamIsClosed) {
  ScriptedAgent first(hub_);
  ScriptedAgent second(hub_);
  std::optional<Stream> stream(std::in_place, hub_, first);
  stream->next();
  const std::string job = make_job();
  ASSERT_EQ(stream->next_job(), job);
  EXPECT_EQ(second.ping(), "") << "the offer stands while the stream is open";
  stream.reset();
  EXPECT_EQ(second.ping(10), job);
  EXPECT_EQ(first.call("PUT", "jobs/" + job + "/accept").status, 422) << "too late";
  EXPECT_EQ(second.accept(job)["id"], job);
}

TEST_F(PingStreams, AnOfferThatNobodyAcceptsGoesElsewhere) {
  const ScriptedAgent asleep(hub_);
  ScriptedAgent awake(hub_);
  Stream stream(hub_, asleep);
  stream.next();
  const std::string job = make_job();
  ASSERT_EQ(stream.next_job(), job);
  EXPECT_EQ(awake.ping(20), job) << "after 10 s";
  EXPECT_EQ(asleep.call("PUT", "jobs/" + job + "/accept").status, 422);
  EXPECT_EQ(awake.accept(job)["id"], job);
  const std::string log = hub_.program().err();
  const auto line = log.find("an agent has not accepted a job in time, another one is offered it");
  ASSERT_NE(line, log.npos) << log;
  EXPECT_NE(log.find(" job=" + job, line), log.npos) << log;
}

TEST_F(PingStreams, AnAcceptedJobStaysWhenTheStreamIsClosed) {
  ScriptedAgent agent(hub_);
  std::optional<Stream> stream(std::in_place, hub_, agent);
  stream->next();
  const std::string job = make_job();
  ASSERT_EQ(stream->next_job(), job);
  agent.accept(job);
  stream.reset();
  EXPECT_EQ(agent.start(job).status, 200);
  EXPECT_EQ(agent.state(job), "running");
}

TEST_F(PingStreams, ANewerStreamOfAnAgentEndsTheOlder) {
  const ScriptedAgent agent(hub_);
  Stream older(hub_, agent);
  older.next();
  Stream newer(hub_, agent);
  newer.next();
  EXPECT_EQ(older.next(), std::nullopt);
  EXPECT_EQ(older.trailers(), "grpc-status: 0\r\n");
  const std::string job = make_job();
  EXPECT_EQ(newer.next_job(), job);
}

TEST_F(PingStreams, EndsProperlyWhenTheHubStops) {
  ScriptedAgent agent(hub_);
  Stream stream(hub_, agent);
  stream.next();
  hub_.program().signal(SIGTERM);
  EXPECT_EQ(stream.next(), std::nullopt);
  EXPECT_EQ(stream.trailers(), "grpc-status: 0\r\n");
  EXPECT_EQ(hub_.program().wait(std::chrono::seconds(20)), 0);
}

TEST_F(PingStreams, RefusesAStrangerAtOnce) {
  const ScriptedAgent agent(hub_);
  const ScriptedAgent other(hub_);
  const std::string body = wire::encode_stream_request(agent.registration()["id"]);
  EXPECT_EQ(status_of(request("nobody", body)), 401);
  EXPECT_EQ(status_of(request(hub_.agent_token(), body)), 401);
  EXPECT_EQ(status_of(request(other.session_token(), body)), 403);
  EXPECT_EQ(status_of(request(agent.session_token(), body.substr(0, 9))), 400);
  EXPECT_EQ(status_of(request(agent.session_token(), "")), 400);
  EXPECT_EQ(status_of(request(agent.session_token(), body, "application/json")), 415);
}

}  // namespace
}  // namespace ostler
