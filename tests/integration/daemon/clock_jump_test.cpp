// SPDX-License-Identifier: Apache-2.0
// Somebody sets the clock of the agent's machine while a job runs.
#include "integration/daemon/agent_on_fake_hub.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

constexpr long kMonth = 30L * 24 * 3600;  // seconds

class AgentClockJump : public AgentOnFakeHub {
 protected:
  AgentClockJump() { hub_.emplace(support::FakeHubOptions{.heartbeat_interval = 1}); }

  std::string await(const std::string& name) {
    return "until [ -e " + gate(name) + " ]; do sleep 0.01; done";
  }
  void set_clock(long by) { EXPECT_TRUE(files::write_file_atomically(clock_, std::to_string(by))); }
  void start_agent_with_this_clock() {
    const auto build = std::filesystem::path(std::getenv("OSTLER_BUILD_DIR"));
    ::setenv("LD_PRELOAD", (build / "tests/ostler_moved_clock.so").c_str(), 1);
    ::setenv("OSTLER_TEST_CLOCK", clock_.c_str(), 1);
    start_agent({"--on-lease-lost", "stop"});
    ::unsetenv("LD_PRELOAD");
    ::unsetenv("OSTLER_TEST_CLOCK");
  }
  /// Until the agent has sent so many more.
  bool await_heartbeats(int more) {
    const int wanted = hub_->count("POST /v3/heartbeat") + more;
    return support::wait_until(20s, [&] { return hub_->count("POST /v3/heartbeat") >= wanted; });
  }
  /// When the last line of the job's log was printed, by its time-stamp: seconds from now.
  long last_stamp(const std::string& job) {
    const std::string log = hub_->job(job).log();
    const auto at = log.rfind("bk;t=");
    if (at == log.npos) return 0;
    const long printed = std::stol(log.substr(at + 5)) / 1000;
    return printed - std::time(nullptr);
  }

  const std::filesystem::path clock_ = directory_ / "clock";
};

TEST_F(AgentClockJump, EitherWayEndsNoJobAndKeepsHeartbeatsAndJobsComing) {
  set_clock(0);
  start_agent_with_this_clock();
  const auto job =
      hub_->add_job({{"BUILDKITE_COMMAND", "echo up; " + await("tick") + "; echo tick; " +
                                               await("end") + "; echo gone"}});
  ASSERT_TRUE(wait_up(job)) << agent_->program().err();
  hub_->fail("/v3/heartbeat", support::ServerReply{502, ""});  // nothing renews the lease
  set_clock(kMonth);
  open("tick");  // what is printed makes the keeper look at its lease
  ASSERT_TRUE(hub_->wait_for(job, [](const support::FakeJob& one) {
    return one.log().find("tick\r\n") != std::string::npos;
  })) << agent_->program().err();
  hub_->heal();
  for (const long by : {kMonth, -kMonth}) {
    set_clock(by);
    ASSERT_TRUE(await_heartbeats(3)) << by;
    EXPECT_EQ(hub_->job(job).finishes, 0) << "a lease went by the calendar";
  }
  open("end");
  ASSERT_TRUE(hub_->wait_finished(job)) << agent_->program().err();
  EXPECT_LT(last_stamp(job), -kMonth / 2) << "the clock was not set";
  EXPECT_EQ(hub_->job(job).finish["exit_status"], "0") << log_of(job);
  EXPECT_NE(log_of(job).find("\ngone\n"), std::string::npos) << log_of(job);
  expect_delivered_once(job);
  const auto next = hub_->add_job({{"BUILDKITE_COMMAND", "echo next"}});
  ASSERT_TRUE(hub_->wait_finished(next)) << agent_->program().err();
  expect_delivered_once(next);
  expect_clean_stop();
}

}  // namespace
}  // namespace ostler
