// SPDX-License-Identifier: Apache-2.0
// Jobs that come by the server's stream of pings, and what happens when it does not work.
#include "integration/daemon/agent_on_fake_hub.hpp"
#include "wire/agent_edge.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::RawReply;
using support::ServerAnswer;
using support::ServerReply;

constexpr const char* kStream = "StreamPings";

/// An answer that is a stream of these bytes, ended as given.
RawReply stream_of(const std::string& bytes, const std::string& trailers = "grpc-status: 0\r\n") {
  std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nTransfer-Encoding: chunked\r\n\r\n";
  if (!bytes.empty()) {
    std::array<char, 24> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    answer.append(size.data()).append(bytes).append("\r\n");
  }
  return {answer + "0\r\n" + trailers + "\r\n"};
}

/// A server of another make: it announces nothing of ours.
class StreamedAgent : public AgentOnFakeHub {
 protected:
  StreamedAgent() { hub_.emplace(support::FakeHubOptions{.waits = false, .streams = true}); }

  bool says(const std::string& part, long times = 1) {
    return support::wait_until(20s, [&] { return lines_with(err(), part) == times; });
  }
  std::string err() { return agent_->program().err(); }
  int polls() { return hub_->count("GET /v3/ping"); }

  void expect_run_once(const std::string& job) {
    ASSERT_TRUE(hub_->wait_finished(job)) << err();
    EXPECT_EQ(hub_->job(job).accepts, 1);
    EXPECT_EQ(hub_->job(job).starts, 1);
    expect_delivered_once(job);
  }

  /// Two streams that fail so; after them the server has one that works.
  void survive(const ServerAnswer& trouble) {
    hub_->fail(kStream, trouble, 2);
    start_agent();
    expect_run_once(hub_->add_job());
    ASSERT_TRUE(says("pings works again")) << err();
    const int asked = polls();
    expect_run_once(hub_->add_job());
    EXPECT_LE(polls(), asked + 1) << "a ping under way when the stream came back may end";
    EXPECT_EQ(lines_with(err(), "stream of pings broke, polling"), 1) << err();
    expect_clean_stop();
  }

  /// A server that has no stream for this agent.
  void do_without(const ServerAnswer& refusal) {
    hub_->fail(kStream, refusal);
    start_agent();
    expect_run_once(hub_->add_job());
    expect_run_once(hub_->add_job());
    EXPECT_GT(polls(), 0);
    EXPECT_EQ(hub_->count(kStream), 1);
    EXPECT_EQ(lines_with(err(), "polling for jobs from now on"), 1) << err();
    expect_clean_stop();
  }
};

TEST_F(StreamedAgent, TakesOneJobAfterAnotherFromOneStreamAndNeverPolls) {
  start_agent();
  for (int i = 0; i < 3; ++i) expect_run_once(hub_->add_job());
  EXPECT_EQ(polls(), 0);
  EXPECT_EQ(hub_->count(kStream), 1);
  EXPECT_EQ(hub_->last_registration()["features"].dump().find("streaming-pings"),
            std::string::npos);
  expect_clean_stop();
}

TEST_F(StreamedAgent, PollsForGoodWhereThereIsNone) {
  do_without(ServerReply{404, "<html>not found</html>"});
}
TEST_F(StreamedAgent, PollsForGoodWhereItIsNotImplemented) {
  do_without(stream_of("", "grpc-status: 12\r\n"));
}
TEST_F(StreamedAgent, PollsForGoodWhereItMayNotListen) { do_without(ServerReply{403, "{}"}); }
TEST_F(StreamedAgent, PollsForGoodWhereTheStreamWantsAnotherToken) {
  do_without(ServerReply{401, "{}"});
}

TEST_F(StreamedAgent, PollsWhileTheStreamIsBroken) {
  hub_->fail(kStream, ServerReply{503, ""});
  start_agent();
  expect_run_once(hub_->add_job());
  EXPECT_GT(polls(), 0);
  EXPECT_EQ(lines_with(err(), "stream of pings broke, polling"), 1) << err();
  expect_clean_stop();
}

TEST_F(StreamedAgent, SurvivesAnErrorPage) { survive(ServerReply{500, "<html>broken</html>"}); }
TEST_F(StreamedAgent, SurvivesAnUnimplementedStatusAndLooksAgain) { survive(ServerReply{501, ""}); }
TEST_F(StreamedAgent, SurvivesAPageThatSaysOk) { survive(ServerReply{200, "<html>hello</html>"}); }
TEST_F(StreamedAgent, SurvivesAReset) { survive(support::ResetReply()); }
TEST_F(StreamedAgent, SurvivesAnEndWithoutAMessage) { survive(stream_of("")); }
TEST_F(StreamedAgent, SurvivesAnEndWithoutAStatus) {
  survive(stream_of(wire::encode_streamed({}).substr(0, 0), ""));
}
TEST_F(StreamedAgent, SurvivesAServerThatIsOutOfReach) {
  survive(stream_of("", "grpc-status: 14\r\ngrpc-message: away\r\n"));
}
TEST_F(StreamedAgent, SurvivesAMessageThatIsNone) {
  survive(stream_of(std::string("\0\0\0\0\x03\x2a\x7f\x01", 8)));
}
TEST_F(StreamedAgent, SurvivesACompressedMessage) {
  survive(stream_of(std::string("\x01\0\0\0\x01x", 6)));
}
TEST_F(StreamedAgent, SurvivesAMessageOfFourGigabytes) {
  survive(stream_of(std::string("\0\xff\xff\xff\xff", 5) + std::string(1000, 'x')));
}
TEST_F(StreamedAgent, SurvivesAJobWithoutAnId) {
  survive(stream_of(std::string("\0\0\0\0\x02\x2a\0", 7)));
}
TEST_F(StreamedAgent, SurvivesACutInTheMiddleOfAMessage) {
  survive(stream_of(std::string("\0\0\0\0\x2a\x2a\x28", 7)));
}
TEST_F(StreamedAgent, SurvivesAConnectionThatEndsInTheMiddleOfAMessage) {
  survive(
      RawReply{"HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\n"
               "Transfer-Encoding: chunked\r\n\r\n7\r\n" +
               std::string("\0\0\0\0\x02\x12", 6)});
}

TEST_F(StreamedAgent, KeepsItsJobWhenTheStreamBreaksUnderIt) {
  start_agent();
  const auto job = add_waiting_job("end");
  ASSERT_TRUE(wait_up(job));
  hub_->fail(kStream, ServerReply{503, ""}, 2);
  hub_->cut_streams();
  ASSERT_TRUE(says("stream of pings broke, polling")) << err();
  ASSERT_TRUE(says("pings works again")) << err();
  const auto next = hub_->add_job();
  open("end");
  expect_run_once(job);
  expect_run_once(next);
  expect_clean_stop();
}

TEST_F(StreamedAgent, RunsAJobOnceThatIsAssignedTwice) {
  start_agent();
  const auto job = add_waiting_job("end");
  ASSERT_TRUE(wait_up(job));
  const auto again = wire::encode_streamed({.job_id = job});
  hub_->say_in_streams(again + again + again);
  open("end");
  const auto next = hub_->add_job();
  expect_run_once(job);
  expect_run_once(next);
  expect_clean_stop();
}

TEST_F(StreamedAgent, ObeysPauseResumeAndDisconnect) {
  start_agent();
  expect_run_once(hub_->add_job());
  hub_->set_action("pause");
  ASSERT_TRUE(says("paused by the server")) << err();
  const auto job = hub_->add_job();
  hub_->set_action("");
  ASSERT_TRUE(says("resumed by the server")) << err();
  expect_run_once(job);
  hub_->set_action("disconnect");
  EXPECT_EQ(agent_->program().wait(20s), 0) << err();
  EXPECT_EQ(hub_->live_sessions(), 0);
  EXPECT_EQ(polls(), 0);
}

TEST_F(StreamedAgent, PauseDuringAJobHoldsTheNextOne) {
  start_agent();
  const auto job = add_waiting_job("end");
  ASSERT_TRUE(wait_up(job));
  hub_->set_action("pause");
  open("end");
  expect_run_once(job);
  ASSERT_TRUE(says("paused by the server")) << err();
  const auto next = hub_->add_job();
  hub_->set_action("");
  expect_run_once(next);
}

TEST_F(StreamedAgent, LeavesAfterItsJob) {
  start_agent({"--disconnect-after-job"});
  const auto job = hub_->add_job();
  EXPECT_EQ(agent_->program().wait(20s), 0) << err();
  expect_delivered_once(job);
  EXPECT_EQ(hub_->live_sessions(), 0);
}

TEST_F(StreamedAgent, IsNotOfferedAJobWhileItIsPausedOnThisMachine) {
  start_agent();
  expect_run_once(hub_->add_job());
  const auto steer = [&](const char* word) {
    return support::run_program({support::ostler_program(), "agent", word, "--state-path",
                                 (directory_ / "state").string()});
  };
  ASSERT_EQ(steer("pause").code, 0);
  ASSERT_TRUE(says("paused on this machine"));
  ASSERT_EQ(steer("resume").code, 0);
  expect_run_once(hub_->add_job());
  EXPECT_EQ(hub_->count(kStream), 2) << "closed with the pause, opened again after it";
}

TEST_F(StreamedAgent, GoesOnByAStreamAfterAKill) {
  start_agent();
  const auto job = add_waiting_job("end");
  ASSERT_TRUE(wait_up(job));
  agent_->kill();
  agent_->start_again();
  open("end");
  expect_run_once(job);
  expect_run_once(hub_->add_job());
  EXPECT_EQ(polls(), 0);
  expect_clean_stop();
}

TEST_F(StreamedAgent, WithoutPollingWaitsForTheStreamToWorkAgain) {
  hub_->fail(kStream, ServerReply{500, ""}, 2);
  start_agent({"--ping-mode", "stream-only"});
  expect_run_once(hub_->add_job());
  EXPECT_EQ(polls(), 0);
  EXPECT_EQ(lines_with(err(), "no jobs until it works again"), 1) << err();
  expect_clean_stop();
}

TEST_F(StreamedAgent, WithoutPollingEndsWhereThereIsNoStream) {
  hub_->fail(kStream, ServerReply{404, "no such path"});
  start_agent({"--ping-mode", "stream-only"});
  EXPECT_EQ(agent_->program().wait(20s), 1) << err();
  EXPECT_EQ(lines_with(err(), "--ping-mode"), 1) << err();
  EXPECT_NE(err().find("404"), std::string::npos) << err();
  EXPECT_EQ(polls(), 0);
  EXPECT_EQ(hub_->live_sessions(), 0);
}

TEST_F(StreamedAgent, WithoutPollingRegistersAnewWhenItsSessionIsForgotten) {
  start_agent({"--ping-mode", "stream-only"});
  expect_run_once(hub_->add_job());
  hub_->forget_sessions();
  hub_->cut_streams();
  expect_run_once(hub_->add_job());
  EXPECT_EQ(hub_->registrations(), 2);
  EXPECT_EQ(polls(), 0);
}

TEST_F(StreamedAgent, ThatMayOnlyPollNeverAsksForAStream) {
  start_agent({"--ping-mode", "poll-only"});
  expect_run_once(hub_->add_job());
  EXPECT_EQ(hub_->count(kStream), 0);
}

}  // namespace
}  // namespace ostler
