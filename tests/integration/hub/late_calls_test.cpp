// SPDX-License-Identifier: Apache-2.0
// What a job's token is good for when the job is over.
#include <set>

#include "hub/agent_api/routes.hpp"
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class LateCalls : public HubTest {
 protected:
  void SetUp() override {
    agent_.emplace(hub_);
    job_ = make_job();
    ASSERT_EQ(agent_->ping(10), job_);
    agent_->accept(job_);
    ASSERT_EQ(agent_->start(job_).status, 200);
  }

  std::string path_of(std::string pattern) const {
    for (const auto& [name, value] :
         {std::pair<std::string, std::string>{":id", job_}, {":any", "x"}}) {
      const auto at = pattern.find(name);
      if (at != std::string::npos) pattern.replace(at, name.size(), value);
    }
    return pattern;
  }

  std::optional<ScriptedAgent> agent_;
  std::string job_;
};

TEST_F(LateCalls, OfAJobAreForWhatIsStillToBeReported) {
  const std::set<std::string> reports = {"POST jobs/:id/chunks", "PUT jobs/:id/finish",
                                         "PUT jobs/:id/artifacts", "POST jobs/:id/events"};
  ASSERT_EQ(agent_->finish(job_).status, 200);
  std::size_t found = 0;
  for (const auto& route : agent_api::routes()) {
    const std::string method(route.method);
    const std::string call = method + " " + std::string(route.pattern);
    const auto answer = agent_->job_call(method, path_of(std::string(route.pattern)),
                                         method == "GET" ? json() : json::object());
    if (reports.contains(call)) {
      EXPECT_NE(answer.status, 401) << call;
      ++found;
    } else {
      const int expected = route.access == agent_api::Access::JobAlone ? 422 : 401;
      EXPECT_EQ(answer.status, expected) << call << " " << answer.body;
      EXPECT_TRUE(answer.json()["message"].is_string()) << call;
    }
  }
  EXPECT_EQ(found, reports.size());
}

TEST_F(LateCalls, ThatRepeatAReportAreAnsweredAsTheFirst) {
  const json batch = {
      {"id", "b"},
      {"upload_destination", ""},
      {"artifacts",
       {{{"path", "a"}, {"absolute_path", "/a"}, {"glob_path", "a"}, {"file_size", 1}}}}};
  const auto declared = agent_->job_call("POST", "jobs/" + job_ + "/artifacts", batch);
  ASSERT_EQ(declared.status, 201) << declared.body;
  const std::string artifact = declared.json()["artifact_ids"][0];
  ASSERT_EQ(agent_->chunk(job_, 1, 0, "once\n").status, 200);
  ASSERT_EQ(agent_->finish(job_, "3").status, 200);
  EXPECT_EQ(agent_->chunk(job_, 1, 0, "once\n").status, 200);
  EXPECT_EQ(agent_->finish(job_, "3").status, 200);
  const json states = {{"artifacts", {{{"id", artifact}, {"state", "error"}}}}};
  const auto updated = agent_->job_call("PUT", "jobs/" + job_ + "/artifacts", states);
  EXPECT_EQ(updated.status, 200) << updated.body;
}

TEST_F(LateCalls, WithTheSessionsTokenSeeTheEnd) {
  ASSERT_EQ(agent_->finish(job_).status, 200);
  EXPECT_EQ(agent_->call("GET", "jobs/" + job_).json()["state"], "finished");
  EXPECT_EQ(agent_->call("GET", "ping").status, 200);
}

TEST_F(LateCalls, OfAJobThatWasTakenAwayAreRefusedTheSame) {
  ASSERT_EQ(agent_->call("POST", "stop", {{"force", true}}).status, 200);
  EXPECT_EQ(agent_->state(job_), "canceling") << "it has not ended yet";
  EXPECT_EQ(agent_->job_call("POST", "jobs/" + job_ + "/data/keys").status, 200);
  ASSERT_EQ(agent_->finish(job_, "-1").status, 200);
  EXPECT_EQ(agent_->job_call("POST", "jobs/" + job_ + "/data/keys").status, 401);
  EXPECT_EQ(agent_->job_call("GET", "jobs/" + job_).status, 401);
}

}  // namespace
}  // namespace ostler
