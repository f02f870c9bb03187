// SPDX-License-Identifier: Apache-2.0
// A session has one holder, where the agent says which it is.
#include "scripted_agent.hpp"
#include "wire/agent_edge.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class SessionHolder : public HubTest {
 protected:
  /// A call of an agent that lives at `home`; empty: it does not say.
  support::HttpAnswer call(const std::string& home, const std::string& method,
                           const std::string& path, const json& body = nullptr,
                           const std::string& token = "") const {
    std::vector<std::string> headers = {"Authorization: Token " + (token.empty() ? token_ : token),
                                        "Content-Type: application/json"};
    if (!home.empty()) headers.push_back("Ostler-Instance: " + home);
    return support::http_call(
        {method, hub_.endpoint() + "/" + path, headers, body.is_null() ? "" : body.dump()});
  }

  void register_at(const std::string& home) {
    const auto answer = call(home, "POST", "register",
                             {{"name", "one"}, {"hostname", "ci"}, {"meta_data", json::array()}},
                             hub_.agent_token());
    ASSERT_EQ(answer.status, 200) << answer.body;
    token_ = answer.json()["access_token"];
    id_ = answer.json()["id"];
    ASSERT_EQ(call(home, "POST", "connect").status, 200);
  }

  int open_stream(const std::string& home) const {
    return support::http_call({"POST",
                               hub_.url() + "/agentedge.v1.AgentEdgeService/StreamPings",
                               {"Authorization: Token " + token_, "Content-Type: application/grpc",
                                "Ostler-Instance: " + home},
                               wire::encode_stream_request(id_)})
        .status;
  }

  std::string token_;
  std::string id_;
};

TEST_F(SessionHolder, IsWhoRegisteredAndNobodyElse) {
  register_at("home");
  const std::string job = make_job();
  EXPECT_EQ(call("home", "GET", "ping?wait=10").json()["job"]["id"], job);
  const std::pair<const char*, std::string> calls[] = {{"POST", "connect"},
                                                       {"GET", "ping"},
                                                       {"GET", "ping?wait=10"},
                                                       {"POST", "heartbeat"},
                                                       {"PUT", "jobs/" + job + "/accept"},
                                                       {"PUT", "jobs/" + job + "/acquire"},
                                                       {"GET", "jobs/" + job},
                                                       {"POST", "disconnect"}};
  for (const auto& [method, path] : calls) {
    const auto refused = call("elsewhere", method, path, {{"sent_at", "now"}});
    EXPECT_EQ(refused.status, 409) << path;
    EXPECT_NE(refused.body.find("held by another agent"), std::string::npos) << refused.body;
  }
  EXPECT_EQ(open_stream("elsewhere"), 409);
  EXPECT_EQ(call("home", "PUT", "jobs/" + job + "/accept").status, 200) << "undisturbed";
  const std::string log = hub_.program().err();
  const std::string line = "an agent uses the session of another one, it is refused";
  ASSERT_NE(log.find(line), log.npos) << log;
  EXPECT_EQ(log.find(line), log.rfind(line)) << "one line, however many calls";
}

TEST_F(SessionHolder, HoldsItsJobsToo) {
  register_at("home");
  const std::string job = make_job();
  ASSERT_EQ(call("home", "GET", "ping?wait=10").json()["job"]["id"], job);
  const std::string token = call("home", "PUT", "jobs/" + job + "/accept").json()["token"];
  const json report = {{"exit_status", "-1"}, {"chunks_failed_count", 0}};
  EXPECT_EQ(call("elsewhere", "PUT", "jobs/" + job + "/finish", report, token).status, 409);
  EXPECT_EQ(call("home", "GET", "jobs/" + job, nullptr, token).json()["state"], "accepted");
  EXPECT_EQ(call("", "GET", "jobs/" + job, nullptr, token).status, 200) << "a command of the job";
}

TEST_F(SessionHolder, IsKnownAfterTheHubWasKilled) {
  register_at("home");
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(call("elsewhere", "GET", "ping").status, 409);
  EXPECT_EQ(call("home", "GET", "ping").status, 200);
}

TEST_F(SessionHolder, CannotBeToldWhereAgentsDoNotSayWhoTheyAre) {
  register_at("");
  EXPECT_EQ(call("", "GET", "ping").status, 200);
  EXPECT_EQ(call("later version", "GET", "ping").status, 200);
  register_at("home");
  EXPECT_EQ(call("", "GET", "ping").status, 200);
}

}  // namespace
}  // namespace ostler
