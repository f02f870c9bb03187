// SPDX-License-Identifier: Apache-2.0
// What the hub's operator reads in its log when something goes wrong.
#include <cstdlib>

#include "scripted_agent.hpp"
#include "store/sqlite/connection.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

class HubLog : public HubTest {
 protected:
  /// Makes something due in the running hub's database, in place of waiting for it.
  void make_due(const std::string& sql) const {
    auto database =
        store::sqlite::Connection::open(hub_.data() / "ostler.db", store::sqlite::Access::ReadWrite)
            .value();
    ASSERT_TRUE(database.run_script(sql));
  }
  /// The lines that have `text`.
  std::vector<std::string> lines_with(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream log(hub_.program().err());
    for (std::string line; std::getline(log, line);) {
      if (line.find(text) != std::string::npos) lines.push_back(line);
    }
    return lines;
  }
  /// The only line that has `text`, once it is there.
  std::string line_with(const std::string& text) {
    support::wait_until(20s, [&] { return !lines_with(text).empty(); });
    const auto lines = lines_with(text);
    EXPECT_EQ(lines.size(), 1u) << text << "\n" << hub_.program().err();
    return lines.empty() ? "" : lines.front();
  }
  std::string accepted_job(ScriptedAgent& agent) {
    const std::string job = make_job();
    EXPECT_EQ(agent.ping(10), job);
    agent.accept(job);
    return job;
  }
  static std::string id_of(const ScriptedAgent& agent) { return agent.registration()["id"]; }
};

void expect_fields(const std::string& line, const std::vector<std::string>& fields) {
  for (const auto& field : fields) {
    EXPECT_NE((line + " ").find(" " + field + " "), std::string::npos) << field << "\n" << line;
  }
}

TEST_F(HubLog, SaysThatAnIdleAgentIsLost) {
  const ScriptedAgent agent(hub_);
  make_due("UPDATE agents SET lost_due = 1");
  const std::string line = line_with("an agent is lost, it gets no jobs until it is heard again");
  expect_fields(line, {"warn", "agent=ci-7-1", "agent_id=" + id_of(agent)});
  EXPECT_NE(line.find(" last_heard=20"), line.npos) << line;
}

TEST_F(HubLog, SaysWhatBecomesOfALostAgentsJobAndWhen) {
  ScriptedAgent agent(hub_);
  const std::string job = accepted_job(agent);
  agent.start(job);
  make_due("UPDATE agents SET lost_due = 1");
  const std::string lost = line_with("an agent is lost, its job ends with -1 unless");
  expect_fields(lost, {"agent=ci-7-1", "agent_id=" + id_of(agent), "job=" + job});
  EXPECT_NE(lost.find(" job_ends_at=20"), lost.npos) << lost;

  make_due("UPDATE agents SET lease_until = 1");
  const std::string ended = line_with("the lease of a job's agent has ended");
  expect_fields(ended, {"warn", "job=" + job, "build=app/1", "build_state=failed", "agent=ci-7-1",
                        "agent_id=" + id_of(agent)});
  EXPECT_EQ(build_state(), "failed");
}

TEST_F(HubLog, SaysThatAJobWasNotStartedInTime) {
  ScriptedAgent agent(hub_);
  const std::string job = accepted_job(agent);
  make_due("UPDATE jobs SET due_at = 1");
  expect_fields(line_with("a job was accepted and not started in time, it ends with -1"),
                {"job=" + job, "build=app/1", "build_state=failed", "agent_id=" + id_of(agent)});
}

TEST_F(HubLog, SaysThatAJobsTimeIsOver) {
  ScriptedAgent agent(hub_);
  const std::string job = accepted_job(agent);
  agent.start(job);
  make_due("UPDATE jobs SET due_at = 1");
  expect_fields(line_with("a job's time is over, its agent is told to stop it"),
                {"notice", "job=" + job, "build=app/1", "build_state=running"});
}

TEST_F(HubLog, SaysThatNobodyTookAJob) {
  const std::string job = make_job();
  make_due("UPDATE jobs SET due_at = 1");
  expect_fields(line_with("no agent has taken a job in time, it expires"),
                {"job=" + job, "build=app/1", "agent=\"\""});
}

TEST_F(HubLog, SaysOnceThatAnAgentRepeatsARefusedCall) {
  ScriptedAgent agent(hub_);
  ScriptedAgent late(hub_);
  const std::string job = make_job();
  agent.call("PUT", "jobs/" + job + "/accept");
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(late.call("PUT", "jobs/" + job + "/accept").status, 422);
  }
  const std::string line = line_with("an accept is refused, the agent asks for another job");
  expect_fields(line, {"notice", "status=422", "job=" + job, "agent_id=" + id_of(late),
                       "path=jobs/:id/accept"});
}

TEST_F(HubLog, SaysWhatTheRefusalOfAReportMeans) {
  ScriptedAgent agent(hub_);
  const std::string job = accepted_job(agent);
  agent.start(job);
  agent.chunk(job, 1, 0, "hello\n");
  ASSERT_EQ(agent.chunk(job, 2, 3, "hello\n").status, 422);
  expect_fields(line_with("a piece of a job's log is refused, the log has a gap there"),
                {"warn", "job=" + job, "agent_id=" + id_of(agent)});
  ASSERT_EQ(agent.finish(job, "3").status, 200);
  ASSERT_EQ(agent.finish(job, "0").status, 422);
  expect_fields(line_with("the end of a job is refused, the one it had before stands"),
                {"warn", "job=" + job, "agent_id=" + id_of(agent)});
}

struct DebugLevel {
  DebugLevel() { ::setenv("OSTLER_HUB_LOG_LEVEL", "debug", 1); }
  ~DebugLevel() { ::unsetenv("OSTLER_HUB_LOG_LEVEL"); }
};
class HubDebugLog : public DebugLevel, public HubLog {};

TEST_F(HubDebugLog, HasEachRefusedCallWithoutItsToken) {
  const ScriptedAgent agent(hub_);
  ASSERT_EQ(agent.call("GET", "ping", nullptr, "osts_wrong").status, 401);
  expect_fields(line_with("path=ping"), {"debug", "method=GET", "status=401", "agent_id=\"\""});
  ASSERT_EQ(agent.call("PUT", "jobs/nonsense/start", {{"started_at", "now"}}).status, 404);
  expect_fields(
      line_with("path=jobs/:id/start"),
      {"status=404", "job=nonsense", "agent_id=" + id_of(agent), "error=\"no such job\""});
  ASSERT_EQ(hub_.rest("GET", "/organizations/ostler/pipelines/none").status, 404);
  expect_fields(line_with("path=organizations/:org/pipelines/:pipeline "), {"status=404"});
  const std::string log = hub_.program().err();
  EXPECT_EQ(log.find("osts_"), log.npos) << log;
  EXPECT_EQ(log.find(agent.session_token()), log.npos);
}

}  // namespace
}  // namespace ostler
