// SPDX-License-Identifier: Apache-2.0
// What becomes of jobs when agents and keepers die.
#include <nlohmann/json.hpp>

#include "integration/daemon/agent_on_fake_hub.hpp"
#include "supervise/channel.hpp"
#include "support/installed_ostler.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

class Adoption : public AgentOnFakeHub {
 protected:
  bool wait_for_line(const std::string& job, int number) {
    return hub_->wait_for(job, [&](const support::FakeJob& one) {
      return one.log().find("line " + std::to_string(number) + ".") != std::string::npos;
    });
  }

  std::uint64_t epoch_of_agent() {
    const auto text = files::read_file(agent_->state() / "lock").value();
    return nlohmann::json::parse(text).at("epoch").get<std::uint64_t>();
  }

  /// Where the keeper of the only job listens.
  std::filesystem::path keeper_socket() {
    for (const auto& entry : std::filesystem::directory_iterator(agent_->state() / "run")) {
      if (entry.path().extension() == ".k") return entry.path();
    }
    return {};
  }
};

TEST_F(Adoption, KilledAgentsLoseAndRepeatNoLine) {
  start_agent();
  // An agent that is killed in a finish rightly sends it again: none comes before the last kill.
  const auto job = hub_->add_job(
      {{"BUILDKITE_COMMAND",
        "for ((i = 1; i <= 600; i++)); do echo \"line $i.\"; sleep 0.005; done; until [ -e " +
            gate("killed") + " ]; do sleep 0.01; done; exit 3"}});
  for (const int line : {1, 100, 200, 300, 400}) {
    ASSERT_TRUE(wait_for_line(job, line)) << agent_->program().err();
    agent_->kill();
    agent_->start_again();
  }
  open("killed");
  ASSERT_TRUE(hub_->wait_finished(job, 60s)) << agent_->program().err();
  std::string expected;
  for (int i = 1; i <= 600; ++i) expected += "line " + std::to_string(i) + ".\n";
  EXPECT_NE(log_of(job).find(expected), std::string::npos);
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "3");
  EXPECT_EQ(hub_->job(job).accepts, 1);
  EXPECT_EQ(hub_->registrations(), 1);
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Adoption, JobThatEndsWithoutAnAgentIsReportedByTheNext) {
  start_agent();
  const auto job = add_waiting_job("end");
  ASSERT_TRUE(wait_up(job));
  const pid_t keeper = keeper_of(job);
  agent_->kill();
  open("end");
  ASSERT_TRUE(support::wait_until(10s, [&] { return ::kill(keeper, 0) != 0; }));
  EXPECT_EQ(hub_->job(job).finishes, 0);
  agent_->start_again();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0");
  EXPECT_NE(log_of(job).find("gone"), std::string::npos);
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Adoption, LostKeeperIsReportedAsSuch) {
  start_agent();
  const auto job = add_waiting_job("never");
  ASSERT_TRUE(wait_up(job));
  ASSERT_GT(keeper_of(job), 0);
  ::kill(keeper_of(job), SIGKILL);
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "-1");
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "process_run_error");
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Adoption, KeeperThatLivesIsJoinedAgainWhenItsConnectionBreaks) {
  start_agent();
  const auto job = add_waiting_job("on");
  ASSERT_TRUE(wait_up(job));
  const pid_t keeper = keeper_of(job);
  // Keepers serve whoever spoke last of one epoch, and hang up on who did before.
  supervise::Channel rival(supervise::connect_to(keeper_socket()).value());
  ASSERT_TRUE(rival.send(supervise::Hello{.epoch = epoch_of_agent()}, 10s));
  EXPECT_EQ(rival.receive(10s).value().type, supervise::MessageType::Welcome);
  EXPECT_EQ(rival.receive(10s).value().type, supervise::MessageType::Refused)
      << "the agent did not come back";
  EXPECT_EQ(::kill(keeper, 0), 0);
  open("on");
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0");
  EXPECT_NE(log_of(job).find("gone"), std::string::npos);
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Adoption, KeeperLostWithoutAnAgentIsReportedByTheNextAndNotRunAgain) {
  start_agent();
  const auto runs = (directory_ / "runs").string();
  const auto job = add_waiting_job("never", "echo run >> " + runs);
  ASSERT_TRUE(wait_up(job));
  const pid_t keeper = keeper_of(job);
  agent_->kill();
  ::kill(keeper, SIGKILL);
  agent_->start_again();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "-1");
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "process_run_error");
  const auto ran = files::read_file(runs);
  ASSERT_TRUE(ran) << log_of(job) << agent_->program().err();
  EXPECT_EQ(ran.value(), "run\n");
  EXPECT_EQ(hub_->job(job).accepts, 1);
  expect_clean_stop();
}

TEST_F(Adoption, AcceptThatWasUnderWayIsAskedAgainAndTheJobRunsOnce) {
  hub_->fail("/accept", support::SilentReply(), 1);
  start_agent();
  const auto runs = (directory_ / "runs").string();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo run >> " + runs}});
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("/accept") == 1; }));
  agent_->kill();
  agent_->start_again();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  const auto ran = files::read_file(runs);
  ASSERT_TRUE(ran) << log_of(job) << agent_->program().err();
  EXPECT_EQ(ran.value(), "run\n");
  EXPECT_EQ(hub_->registrations(), 1);
  expect_delivered_once(job);
  expect_clean_stop();
}

/// The first keeper takes half a second to begin. A second one would wait until the first has begun
/// and hold that in its place for a while.
std::string with_slow_first_keeper(const std::filesystem::path& marker) {
  return "[ \"$1\" = keeper ] && if mkdir '" + marker.string() + R"sh(' 2>/dev/null; then sleep 0.5
else
  i=0
  until [ -s "$3/lock" ] || [ $i = 300000 ]; do i=$((i + 1)); done
  keeper=
  . "$3/lock"
  [ -n "$keeper" ] && kill -STOP "$keeper" && (sleep 0.5; kill -CONT "$keeper") &
fi)sh";
}

TEST_F(Adoption, KeeperThatHadNotBegunWhenItsAgentDiedIsInNobodysWay) {
  const auto marker = directory_ / "first";
  const support::InstalledOstler ostler(directory_ / "ostler", with_slow_first_keeper(marker));
  hub_->fail("/accept", support::SilentReply(), 1);
  start_agent({}, "1s", ostler.host());
  const auto runs = (directory_ / "runs").string();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo run >> " + runs}});
  ASSERT_TRUE(support::wait_until(10s, [&] { return std::filesystem::exists(marker); }));
  agent_->kill();
  agent_->start_again();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0") << log_of(job) << agent_->program().err();
  const auto ran = files::read_file(runs);
  ASSERT_TRUE(ran);
  EXPECT_EQ(ran.value(), "run\n");
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Adoption, FinishThatWasUnderWayIsSentAgain) {
  hub_->fail("/finish", support::SilentReply(), 1);
  start_agent();
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "exit 5"}});
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("/finish") == 1; }));
  agent_->kill();
  agent_->start_again();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "5");
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Adoption, LostAnswersAreHealedByRepeatingTheSame) {
  start_agent();
  hub_->lose_answers("/accept");
  hub_->lose_answers("/start");
  hub_->lose_answers("/chunks", 2);
  hub_->lose_answers("/finish");
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo said once"}});
  ASSERT_TRUE(hub_->wait_for(
      job, [](const auto& one) { return one.finishes == 2; }, 40s))
      << agent_->program().err();
  EXPECT_EQ(hub_->job(job).conflicting_chunks, 0);
  EXPECT_EQ(lines_with(log_of(job), "\nsaid once"), 1) << log_of(job);
  expect_clean_stop();
}

TEST_F(Adoption, DetachedAgentEndsAtOnceAndItsJobGoesOn) {
  start_agent();
  const auto job = add_waiting_job("later");
  ASSERT_TRUE(wait_up(job));
  const pid_t keeper = keeper_of(job);
  agent_->program().signal(SIGUSR1);
  EXPECT_EQ(agent_->program().wait(20s), 0);
  EXPECT_EQ(::kill(keeper, 0), 0);
  EXPECT_EQ(hub_->live_sessions(), 1);
  agent_->start_again();
  open("later");
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  expect_delivered_once(job);
  expect_clean_stop();
}

TEST_F(Adoption, SlotOfAnAdoptedJobTakesNoOtherJobMeanwhile) {
  start_agent();
  const auto first = add_waiting_job("first");
  ASSERT_TRUE(wait_up(first));
  agent_->kill();
  agent_->start_again();
  const auto second = hub_->add_job();
  ASSERT_TRUE(support::wait_until(
      10s, [&] { return agent_->program().err().find("job adopted") != std::string::npos; }));
  EXPECT_EQ(hub_->job(second).accepts, 0);
  open("first");
  ASSERT_TRUE(hub_->wait_finished(second)) << agent_->program().err();
  EXPECT_GE(hub_->job(first).finishes, 1);
  expect_clean_stop();
}

TEST_F(Adoption, IdleSessionThatTheServerForgotRegistersAnew) {
  start_agent();
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("GET /v3/ping") > 0; }));
  agent_->kill();
  hub_->forget_sessions();
  agent_->start_again();
  const auto job = hub_->add_job();
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_EQ(hub_->registrations(), 2);
  expect_clean_stop();
}

TEST_F(Adoption, IdleSessionIsResumedWithItsHeartbeat) {
  start_agent();
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("GET /v3/ping") > 0; }));
  EXPECT_EQ(hub_->count("POST /v3/heartbeat"), 0);
  agent_->kill();
  agent_->start_again();
  ASSERT_TRUE(support::wait_until(10s, [&] { return hub_->count("POST /v3/heartbeat") == 1; }));
  EXPECT_EQ(hub_->registrations(), 1);
  expect_clean_stop();
}

}  // namespace
}  // namespace ostler
