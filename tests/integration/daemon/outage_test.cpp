// SPDX-License-Identifier: Apache-2.0
// A server that is in trouble: nothing is lost, and the log stays readable.
#include "integration/daemon/agent_on_fake_hub.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::ServerAnswer;
using support::ServerReply;

class Outage : public AgentOnFakeHub {};

class PingOutage : public AgentOnFakeHub {
 protected:
  void survive(ServerAnswer trouble) {
    hub_->fail("GET /v3/ping", std::move(trouble), 3);
    start_agent();
    const auto job = hub_->add_job();
    ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
    EXPECT_EQ(lines_with(agent_->program().err(), "call=ping"), 2) << agent_->program().err();
    expect_clean_stop();
  }
};

TEST_F(PingOutage, HtmlIsWaitedOutWithOneWarning) {
  survive(ServerReply{200, "<html><body>\nlog in\n</body></html>"});
}
TEST_F(PingOutage, EmptyAnswersAreWaitedOutWithOneWarning) { survive(ServerReply{204, ""}); }
TEST_F(PingOutage, ServerErrorsAreWaitedOutWithOneWarning) {
  survive(ServerReply{500, "<html>\nbroken\n</html>"});
}
TEST_F(PingOutage, GarbageIsWaitedOutWithOneWarning) {
  survive(support::RawReply{"\x01\x02 no\n"});
}
TEST_F(PingOutage, ResetsAreWaitedOutWithOneWarning) { survive(support::ResetReply()); }

TEST_F(Outage, WhileAJobRunsLosesNothing) {
  start_agent();
  const auto job = add_waiting_job("end", "seq 1 5000");
  ASSERT_TRUE(wait_up(job));
  hub_->fail("/v3/", ServerReply{502, "<html>bad gateway</html>"});
  open("end");
  ASSERT_TRUE(support::wait_until(20s, [&] { return hub_->count("/chunks") > 3; }));
  EXPECT_EQ(hub_->job(job).finishes, 0);
  hub_->heal();
  ASSERT_TRUE(hub_->wait_finished(job, 40s)) << agent_->program().err();
  EXPECT_NE(log_of(job).find("\n5000\n"), std::string::npos);
  EXPECT_NE(log_of(job).find("gone"), std::string::npos);
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Outage, FinishedJobDoesNotHoldItsSlot) {
  start_agent({"--max-undelivered", "1"});
  hub_->fail("/finish", ServerReply{500, ""});
  const auto first = hub_->add_job();
  const auto second = hub_->add_job();
  const auto third = hub_->add_job();
  ASSERT_TRUE(hub_->wait_for(second, [](const auto& one) { return !one.chunks.empty(); }))
      << agent_->program().err();
  ASSERT_TRUE(support::wait_until(20s, [&] {
    return agent_->program().err().find("no more jobs until") != std::string::npos;
  }));
  EXPECT_EQ(hub_->registrations(), 2);
  EXPECT_EQ(hub_->job(third).accepts, 0);
  hub_->heal();
  for (const auto& job : {first, second, third}) {
    ASSERT_TRUE(hub_->wait_finished(job, 40s)) << agent_->program().err();
    expect_delivered_once(job);
  }
  expect_clean_stop();
}

TEST_F(Outage, ChunkThatTheServerRefusesIsCountedAndTheJobEndsAsItWould) {
  start_agent();
  hub_->fail("/chunks", ServerReply{413, "too large"}, 1);
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo hello"}});
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["chunks_failed_count"], 1);
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0");
}

TEST_F(Outage, SessionThatIsForgottenWhileIdleIsRegisteredAnew) {
  start_agent();
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("GET /v3/ping") > 0; }));
  hub_->forget_sessions();
  const auto job = hub_->add_job();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->registrations(), 2);
}

TEST_F(Outage, JobThatTheServerForgotIsCancelled) {
  start_agent();
  const auto job = add_waiting_job("never");
  ASSERT_TRUE(wait_up(job));
  hub_->fail("GET /v3/jobs/", ServerReply{404, R"({"message":"no such job"})"});
  hub_->cancel_job(job, "accepted");
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "cancel");
}

}  // namespace
}  // namespace ostler
