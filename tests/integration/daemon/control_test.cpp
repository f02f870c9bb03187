// SPDX-License-Identifier: Apache-2.0
// `ostler agent list|pause|resume|stop|detach`, and the health server.
#include <sys/stat.h>

#include "integration/daemon/agent_on_fake_hub.hpp"
#include "support/child_program.hpp"
#include "support/http_call.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using std::chrono::seconds;

class Control : public AgentOnFakeHub {
 protected:
  support::ProgramResult agent(std::vector<std::string> words) {
    words.insert(words.begin(), {support::ostler_program(), "agent"});
    words.insert(words.end(), {"--state-path", (directory_ / "state").string()});
    return support::run_program(words);
  }

  void expect_done(const std::vector<std::string>& words) {
    const auto result = agent(words);
    EXPECT_EQ(result.code, 0) << result.err;
    EXPECT_FALSE(result.out.empty());
  }

  json slot() {
    const auto result = agent({"list", "--json"});
    EXPECT_EQ(result.code, 0) << result.err;
    return json::parse(result.out)[0]["slots"][0];
  }

  bool wait_state(const std::string& state) {
    return support::wait_until(seconds(10), [&] { return slot()["state"] == state; });
  }

  bool wait_ping() {
    return support::wait_until(seconds(10), [&] { return hub_->count("GET /v3/ping") > 0; });
  }
};

TEST_F(Control, ListsWhatEachSlotDoes) {
  start_agent();
  ASSERT_TRUE(wait_ping());
  const json idle = slot();
  EXPECT_EQ(idle["state"], "idle");
  EXPECT_EQ(idle["name"], "fake-1");
  EXPECT_EQ(idle["agent_id"], "agent-1");
  EXPECT_FALSE(idle.contains("job"));
  const auto job = add_waiting_job("a");
  ASSERT_TRUE(wait_up(job));
  EXPECT_EQ(slot()["state"], "busy");
  EXPECT_EQ(slot()["job"], job);
  const auto table = agent({"list"});
  EXPECT_NE(table.out.find("fake-1"), std::string::npos);
  EXPECT_NE(table.out.find(job), std::string::npos);
  open("a");
  ASSERT_TRUE(hub_->wait_finished(job));
  expect_clean_stop();
}

TEST_F(Control, TakesNoJobsWhilePausedAndKeepsThatAcrossARestart) {
  start_agent();
  ASSERT_TRUE(wait_ping());
  const auto running = add_waiting_job("a");
  ASSERT_TRUE(wait_up(running));
  expect_done({"pause"});
  open("a");
  ASSERT_TRUE(hub_->wait_finished(running)) << "a running job goes on";
  ASSERT_TRUE(wait_state("paused"));
  const auto job = hub_->add_job();
  agent_->kill();
  agent_->start_again();
  ASSERT_TRUE(support::wait_until(seconds(10), [&] { return agent({"list"}).code == 0; }));
  ASSERT_TRUE(wait_state("paused"));
  EXPECT_EQ(hub_->job(job).accepts, 0);
  expect_done({"resume"});
  EXPECT_TRUE(hub_->wait_finished(job));
  expect_clean_stop();
}

TEST_F(Control, AnIdleAgentStopsAskingWhenItIsPaused) {
  start_agent();
  ASSERT_TRUE(wait_ping());
  expect_done({"pause"});
  ASSERT_TRUE(wait_state("paused"));
  const auto job = hub_->add_job();
  EXPECT_FALSE(hub_->wait_for(job, [](const auto& one) { return one.accepts > 0; }, seconds(2)));
  expect_clean_stop();
}

TEST_F(Control, ShowsThatTheServerPausedIt) {
  hub_->set_action("pause");
  start_agent();
  ASSERT_TRUE(support::wait_until(seconds(10), [&] { return hub_->count("paused=1") > 0; }));
  EXPECT_EQ(slot()["state"], "paused");
}

TEST_F(Control, StopsAsTheSignalsDo) {
  start_agent();
  const auto job = add_waiting_job("a");
  ASSERT_TRUE(wait_up(job));
  expect_done({"stop"});
  EXPECT_FALSE(agent_->program().wait(seconds(1))) << "its job goes on";
  expect_done({"stop", "--force"});
  ASSERT_EQ(agent_->program().wait(seconds(20)), 0) << agent_->program().err();
  EXPECT_EQ(hub_->job(job).finish["signal_reason"], "agent_stop");
}

TEST_F(Control, DetachesFromItsJobs) {
  start_agent();
  const auto job = add_waiting_job("a");
  ASSERT_TRUE(wait_up(job));
  expect_done({"detach"});
  ASSERT_EQ(agent_->program().wait(seconds(10)), 0);
  const auto gone = agent({"list"});
  EXPECT_EQ(gone.code, 1);
  EXPECT_NE(gone.err.find("no agent runs on"), std::string::npos) << gone.err;
  EXPECT_EQ(hub_->job(job).finishes, 0);
  agent_->start_again();
  open("a");
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(log_of(job).find("gone") != std::string::npos, true);
}

TEST_F(Control, IsForTheOwnerOnly) {
  start_agent();
  ASSERT_TRUE(wait_ping());
  const auto socket = std::filesystem::read_symlink(directory_ / "state/control");
  struct stat status{};
  ASSERT_EQ(::stat(socket.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

class Health : public Control {
 protected:
  void start(std::vector<std::string> flags = {}) {
    flags.insert(flags.end(), {"--health-check-addr", "127.0.0.1:0"});
    start_agent(std::move(flags));
    ASSERT_TRUE(support::wait_until(seconds(10), [&] {
      const std::string text = agent_->program().err();
      const auto at = text.find("port=");
      if (at == std::string::npos) return false;
      port_ = std::stoi(text.substr(at + 5));
      return true;
    })) << agent_->program().err();
  }
  support::HttpAnswer get(const std::string& path) {
    return support::http_call({"GET", "http://127.0.0.1:" + std::to_string(port_) + path, {}, ""});
  }

  int port_ = 0;
};

TEST_F(Health, AnswersInTheGenuineAgentsShape) {
  start();
  ASSERT_TRUE(wait_ping());
  EXPECT_EQ(get("/").status, 200);
  EXPECT_NE(get("/").body.find("OK: Buildkite agent is running"), std::string::npos);
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(get("/agent/1").body.find("OK: no heartbeat yet"), 0u);
  EXPECT_EQ(get("/agent/2").status, 404);
  EXPECT_EQ(get("/agent/x").status, 404);
  EXPECT_NE(get("/status").body.find("fake-1: idle"), std::string::npos) << get("/status").body;
  const auto job = add_waiting_job("a");
  ASSERT_TRUE(wait_up(job));
  const json busy = get("/status.json").json();
  EXPECT_EQ(busy["health"], "ok");
  EXPECT_EQ(busy["aggregate_status"], "busy");
  EXPECT_EQ(
      busy["workers"][0],
      json({{"status", "busy"}, {"current_job_id", job}, {"id", "agent-1"}, {"spawn_index", 1}}));
  open("a");
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_TRUE(support::wait_until(
      seconds(10), [&] { return get("/status.json").json()["aggregate_status"] == "idle"; }));
}

TEST_F(Health, CountsWhatTheAgentDoes) {
  start({"--queue", "fast", "--priority", "3"});
  const auto job = hub_->add_job({{"BUILDKITE_COMMAND", "echo hello"}});
  ASSERT_TRUE(hub_->wait_finished(job));
  const auto shows = [&](const std::string& line) {
    return support::wait_until(
        seconds(10), [&] { return get("/metrics").body.find(line + "\n") != std::string::npos; });
  };
  EXPECT_TRUE(shows("buildkite_agent_workers_started_total 1"));
  EXPECT_TRUE(shows(R"(buildkite_agent_jobs_started_total{priority="3",queue="fast"} 1)"));
  EXPECT_TRUE(shows(R"(buildkite_agent_jobs_ended_total{priority="3",queue="fast"} 1)"));
  EXPECT_TRUE(shows(R"(buildkite_agent_jobs_running{priority="3",queue="fast"} 0)"));
  EXPECT_NE(get("/metrics").body.find("buildkite_agent_logs_bytes_uploaded_total"),
            std::string::npos);
  EXPECT_NE(get("/metrics").body.find("# TYPE buildkite_agent_pings_sent_total counter"),
            std::string::npos);
}

TEST_F(Health, SaysThatAHeartbeatFailed) {
  hub_.emplace(support::FakeHubOptions{.heartbeat_interval = 1});
  start();
  ASSERT_TRUE(support::wait_until(seconds(10), [&] {
    return get("/agent/1").body.starts_with("OK: last heartbeat successful");
  }));
  hub_->fail("heartbeat", support::ServerReply{422, R"({"message":"no"})", {}});
  ASSERT_TRUE(support::wait_until(seconds(10), [&] { return get("/agent/1").status == 500; }));
  EXPECT_TRUE(get("/agent/1").body.starts_with("ERROR: last heartbeat failed"));
  EXPECT_EQ(slot()["state"], "lost");
}

TEST_F(Health, RefusesAnAddressThatIsNone) {
  start_agent({"--health-check-addr", "nonsense"});
  EXPECT_EQ(agent_->program().wait(seconds(10)), 1);
  EXPECT_NE(agent_->program().err().find("health-check-addr"), std::string::npos);
}

}  // namespace
}  // namespace ostler
