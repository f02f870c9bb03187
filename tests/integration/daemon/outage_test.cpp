// SPDX-License-Identifier: Apache-2.0
// A server that is in trouble: nothing is lost, and the log stays readable.
#include "integration/daemon/agent_on_fake_hub.hpp"
#include "support/sanitizers.hpp"

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

/// The most memory that the process has had, in KiB.
long peak_memory(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    long size = 0;
    if (word == "VmHWM:" && status >> size) return size;
  }
  return -1;
}

TEST_F(Outage, CostsNoMemoryHoweverMuchAJobPrints) {
  constexpr long kPrinted = support::kIsSanitized ? 3'000'000 : 60'000'000;
  hub_.emplace(support::FakeHubOptions{.chunk_size = 1 << 20});
  start_agent();
  const auto go = (directory_ / "go").string();
  const auto done = (directory_ / "done").string();
  const auto job = hub_->add_job(
      {{"BUILDKITE_COMMAND", "echo up; until [ -e " + go + " ]; do sleep 0.01; done; " +
                                 "yes 123456789 | head -c " + std::to_string(kPrinted) +
                                 "; touch " + done}});
  ASSERT_TRUE(wait_up(job));
  hub_->fail("/v3/", ServerReply{502, "<html>bad gateway</html>"});
  const long before = peak_memory(agent_->program().pid());
  ASSERT_GT(before, 0);
  std::ofstream(go) << "go";
  ASSERT_TRUE(support::wait_until(60s, [&] { return std::filesystem::exists(done); }));
  ASSERT_TRUE(support::wait_until(30s, [&] { return hub_->count("/chunks") >= 3; }));
  hub_->heal();
  ASSERT_TRUE(hub_->wait_finished(job, 120s)) << agent_->program().err();
  constexpr long kChunksUnderWay = 16 << 10;  // three, each as it is and packed, with room
  if (!support::kIsSanitized) {
    EXPECT_LT(peak_memory(agent_->program().pid()) - before, kChunksUnderWay);
  }
  EXPECT_EQ(lines_with(hub_->job(job).log(), "123456789\r"), kPrinted / 10);
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

TEST_F(Outage, OfferThatTheServerForgotAndMakesToAnotherSlotIsLeftToTheFirst) {
  hub_->fail("/accept", support::RawReply{"HTTP/1.1 200 OK\r\nContent-"},
             3);  // asked again after 5 s each
  start_agent({"--spawn", "2"});
  const auto runs = (directory_ / "runs").string();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo run >> " + runs}});
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("/accept") == 1; }));
  hub_->offer_again(job);
  ASSERT_TRUE(support::wait_until(10s, [&] {
    return agent_->program().err().find("offers a job that another slot has") != std::string::npos;
  })) << agent_->program().err();
  ASSERT_TRUE(hub_->wait_finished(job, 60s)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0");
  EXPECT_EQ(files::read_file(runs).value(), "run\n");
  expect_delivered_once(job);
  expect_clean_stop();
}

/// Both answers are there when the agent looks.
TEST_F(Outage, OfferToTwoSlotsAtOnceIsTakenByOne) {
  start_agent({"--spawn", "2"});
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("GET /v3/ping") >= 2; }));
  const auto runs = (directory_ / "runs").string();
  agent_->program().signal(SIGSTOP);
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo run >> " + runs}});
  ASSERT_TRUE(hub_->wait_for(job, [](const support::FakeJob& one) { return !one.agent.empty(); }));
  const auto first = hub_->job(job).agent;
  hub_->offer_again(job);
  ASSERT_TRUE(hub_->wait_for(
      job, [&](const support::FakeJob& one) { return !one.agent.empty() && one.agent != first; }));
  agent_->program().signal(SIGCONT);
  ASSERT_TRUE(hub_->wait_finished(job, 60s)) << agent_->program().err();
  EXPECT_EQ(files::read_file(runs).value(), "run\n");
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0") << agent_->program().err();
  EXPECT_EQ(hub_->job(job).accepts, 1) << agent_->program().err();
  expect_clean_stop();
}

TEST_F(Outage, HeartbeatsThatAreRefusedForAWhileGoOnAfterwards) {
  hub_.emplace(support::FakeHubOptions{.heartbeat_interval = 1});
  hub_->fail("POST /v3/heartbeat", ServerReply{404, "a page of somebody else"}, 2);
  start_agent();
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("POST /v3/heartbeat") >= 4; }))
      << agent_->program().err();
  EXPECT_EQ(lines_with(agent_->program().err(), "heartbeat"), 2) << agent_->program().err();
  EXPECT_EQ(hub_->registrations(), 1);
  expect_clean_stop();
}

TEST_F(Outage, ServerThatRefusesEverySessionIsNotFloodedWithRegistrations) {
  start_agent();
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("GET /v3/ping") > 0; }));
  const auto begun = std::chrono::steady_clock::now();
  hub_->fail("GET /v3/ping", ServerReply{401, R"({"message":"not today"})"});
  hub_->forget_sessions();
  ASSERT_TRUE(support::wait_until(20s, [&] { return hub_->registrations() >= 3; }))
      << agent_->program().err();
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 4s) << agent_->program().err();
  EXPECT_LE(hub_->registrations(), 4);
  hub_->heal();
  const auto job = hub_->add_job();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(agent_->stop(), 0) << agent_->program().err();
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
