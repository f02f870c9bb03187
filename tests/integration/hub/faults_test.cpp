// SPDX-License-Identifier: Apache-2.0
// What goes wrong between an agent and the hub, as the hub sees it: half requests, slow ones, wrong
// ones, and calls that come again because their answer was lost.
#include <set>

#include "hub/agent_api/routes.hpp"
#include "scripted_agent.hpp"
#include "support/raw_connection.hpp"
#include "support/store_house.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::RawConnection;
using support::status_in;

constexpr const char* kUuid = "0198aff0-0000-4000-8000-00000000000a";

class HubFaults : public HubTest {
 protected:
  void SetUp() override {
    agent_.emplace(hub_);
    job_ = make_job("    key: first\n  - wait\n  - command: last\n");
    ASSERT_EQ(agent_->ping(10), job_);
    const json accepted = agent_->accept(job_);
    build_ = accepted["env"]["BUILDKITE_BUILD_ID"];
    step_ = accepted["env"]["BUILDKITE_STEP_ID"];
    ASSERT_EQ(agent_->start(job_).status, 200);
  }

  /// A request as its bytes.
  static std::string request(const std::string& method, const std::string& path,
                             const std::string& token, const std::string& body,
                             const std::string& headers = "Content-Type: application/json\r\n") {
    return method + " /v3/" + path + " HTTP/1.1\r\nHost: hub\r\nAuthorization: Token " + token +
           "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  std::string chunk_request() const {
    return request("POST", "jobs/" + job_ + "/chunks?sequence=1&offset=0&size=6",
                   agent_->job_token(), support::gzip("hello\n"),
                   "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n");
  }
  std::string finish_request() const {
    return request("PUT", "jobs/" + job_ + "/finish", agent_->job_token(),
                   R"({"exit_status":"3","finished_at":"2026-01-02T02:04:31.5Z",)"
                   R"("chunks_failed_count":0})");
  }
  std::string upload_request() const {
    return request(
        "POST", "jobs/" + job_ + "/pipelines?async=true", agent_->job_token(),
        json{{"uuid", kUuid}, {"pipeline", {{"steps", {{{"command", "more"}}}}}}}.dump());
  }
  std::string register_request() const {
    return request("POST", "register", hub_.agent_token(),
                   R"({"name":"cut","hostname":"ci","meta_data":["a=b"]})");
  }

  /// Sends `whole` cut after each of its bytes, and waits until the hub is done with it.
  void send_cut_everywhere(const std::string& whole) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      auto peer = RawConnection::to_port(hub_.port());
      ASSERT_TRUE(peer.send(std::string_view(whole).substr(0, size)));
      peer.shut_down_sending();
      const std::string answer = peer.read_to_end();
      const int status = status_in(answer);  // 503: whoever passed it on may try again
      ASSERT_TRUE(status == 0 || status == 400 || status == 401 || status == 404 || status == 503)
          << "after byte " << size << "\n"
          << answer;
    }
  }

  /// Sends it and goes away before its answer, as far as the sender can tell.
  void send_and_leave(const std::string& whole) {
    auto peer = RawConnection::to_port(hub_.port());
    ASSERT_TRUE(peer.send(whole));
  }

  std::size_t jobs_of_build() const { return hub_.build(pipeline_, 1)["jobs"].size(); }
  /// How many agents there are, by the hub's own count of them.
  int agents() const {
    const std::string name = "ostler_hub_agents_connected ";
    const std::string text = support::http_call({"GET", hub_.url() + "/metrics", {}, ""}).body;
    const auto at = text.find("\n" + name);
    return at == std::string::npos ? -1 : std::atoi(text.c_str() + at + 1 + name.size());
  }

  std::optional<ScriptedAgent> agent_;
  std::string job_;
  std::string build_;
  std::string step_;
};

TEST_F(HubFaults, RegistrationThatIsCutAnywhereMakesNoAgent) {
  send_cut_everywhere(register_request());  // one that was made would be answered as such
  auto peer = RawConnection::to_port(hub_.port());
  ASSERT_TRUE(peer.send(register_request()));
  const auto made = json::parse(support::body_in(peer.read_answer()));
  EXPECT_EQ(agent_->call("POST", "connect", nullptr, made["access_token"]).status, 200);
  EXPECT_TRUE(support::wait_until(std::chrono::seconds(30), [&] { return agents() == 2; }));
}

TEST_F(HubFaults, ChunkThatIsCutAnywhereIsNotInTheLog) {
  send_cut_everywhere(chunk_request());
  EXPECT_EQ(hub_.log(pipeline_, 1), "");
  EXPECT_EQ(agent_->chunk(job_, 1, 0, "hello\n").status, 200);
  EXPECT_EQ(agent_->finish(job_).status, 200);
  EXPECT_EQ(hub_.log(pipeline_, 1), "hello\n");
}

TEST_F(HubFaults, FinishThatIsCutAnywhereEndsNoJob) {
  send_cut_everywhere(finish_request());
  EXPECT_EQ(agent_->state(job_), "running");
  EXPECT_EQ(agent_->finish(job_, "0").status, 200);
  EXPECT_EQ(hub_.build(pipeline_, 1)["jobs"][0]["exit_status"], 0);
}

TEST_F(HubFaults, UploadThatIsCutAnywhereAddsNoStep) {
  const std::size_t before = jobs_of_build();
  send_cut_everywhere(upload_request());
  EXPECT_EQ(jobs_of_build(), before);
  auto peer = RawConnection::to_port(hub_.port());
  ASSERT_TRUE(peer.send(upload_request()));
  EXPECT_EQ(status_in(peer.read_answer()), 202);
  EXPECT_EQ(jobs_of_build(), before + 1);
}

TEST_F(HubFaults, CallsWhoseAnswerIsLostCountOnceHoweverOftenTheyCome) {
  const std::size_t before = jobs_of_build();
  for (const auto& whole : {chunk_request(), upload_request(), finish_request()}) {
    for (int i = 0; i < 5; ++i) send_and_leave(whole);
    auto peer = RawConnection::to_port(hub_.port());
    ASSERT_TRUE(peer.send(whole));
    const std::string answer = peer.read_answer();
    EXPECT_EQ(status_in(answer) / 100, 2) << whole << "\n" << answer;
  }
  EXPECT_EQ(hub_.log(pipeline_, 1), "hello\n");
  EXPECT_EQ(jobs_of_build(), before + 1);
  EXPECT_EQ(hub_.build(pipeline_, 1)["jobs"][0]["exit_status"], 3);
}

TEST_F(HubFaults, PeersThatTrickleHoldNobodyElseUp) {
  std::vector<RawConnection> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(RawConnection::to_port(hub_.port()));
    const std::string whole = i % 2 == 0 ? register_request() : chunk_request();
    const auto most = i % 2 == 0 ? static_cast<std::size_t>(i) / 4 : whole.size() - 1;
    ASSERT_TRUE(slow.back().send(std::string_view(whole).substr(0, most)));
  }
  EXPECT_EQ(agent_->chunk(job_, 1, 0, "hello\n").status, 200);
  EXPECT_EQ(agent_->finish(job_).status, 200);
  EXPECT_EQ(hub_.log(pipeline_, 1), "hello\n");
}

/// A call with one field of another JSON type than it should have, and the field.
struct WrongField {
  const char* method;
  const char* path;
  const char* body;
  const char* field;
};

const WrongField kWrongFields[] = {
    {"POST", "register", R"({"name":7})", "name"},
    {"POST", "register", R"({"hostname":[]})", "hostname"},
    {"POST", "register", R"({"priority":5})", "priority"},
    {"POST", "register", R"({"meta_data":"queue=default"})", "meta_data"},
    {"POST", "register", R"({"meta_data":[1]})", "meta_data"},
    {"POST", "register", R"({"ignore_in_dispatches":"no"})", "ignore_in_dispatches"},
    {"POST", "heartbeat", R"({"sent_at":7})", "sent_at"},
    {"POST", "pause", R"({"note":7})", "note"},
    {"POST", "pause", R"({"timeout_in_minutes":"5"})", "timeout_in_minutes"},
    {"POST", "stop", R"({"force":"yes"})", "force"},
    {"PUT", "jobs/:id/start", R"({"started_at":7})", "started_at"},
    {"PUT", "jobs/:id/finish", R"({"exit_status":0})", "exit_status"},
    {"PUT", "jobs/:id/finish", R"({"exit_status":"soon"})", "exit_status"},
    {"PUT", "jobs/:id/finish", R"({"exit_status":"0","signal":9})", "signal"},
    {"PUT", "jobs/:id/finish", R"({"exit_status":"0","signal_reason":[]})", "signal_reason"},
    {"PUT", "jobs/:id/finish",
     R"({"exit_status":"0","finished_at":"2026-01-02T02:04:31Z","chunks_failed_count":"0"})",
     "chunks_failed_count"},
    {"POST", "jobs/:id/data/set", R"({"key":7,"value":"v"})", "key"},
    {"POST", "jobs/:id/data/set", R"({"key":"k","value":7})", "value"},
    {"POST", "jobs/:id/data/set-batch", R"({"items":{}})", "items"},
    {"POST", "jobs/:id/data/set-batch", R"({"items":[{"key":1,"value":"v"}]})", "key"},
    {"POST", "jobs/:id/data/get", R"({"key":7})", "key"},
    {"POST", "builds/:build/data/get", R"({"key":{}})", "key"},
    {"POST", "jobs/:id/data/exists", R"({"key":[]})", "key"},
    {"POST", "jobs/:id/pipelines", R"({"uuid":7,"pipeline":{"steps":[]}})", "uuid"},
    {"POST", "jobs/:id/pipelines", R"({"uuid":"u","pipeline":"steps"})", "pipeline"},
    {"POST", "jobs/:id/pipelines", R"({"uuid":"u","pipeline":{"steps":[]},"replace":"y"})",
     "replace"},
    {"POST", "jobs/:id/annotations", R"({"body":7})", "body"},
    {"POST", "jobs/:id/annotations", R"({"body":"b","append":"yes"})", "append"},
    {"POST", "jobs/:id/annotations", R"({"body":"b","priority":"3"})", "priority"},
    {"POST", "steps/:step/export", R"({"attribute":7})", "attribute"},
    {"PUT", "steps/:step", R"({"attribute":"label","value":7})", "value"},
    {"POST", "steps/:step/cancel", R"({"force":"yes"})", "force"},
    {"PUT", "jobs/:id", R"({"timeout":20})", "attribute"},
    {"PUT", "jobs/:id/promise_failure", R"({"exit_status":"1"})", "exit_status"},
    {"POST", "jobs/:id/artifacts", R"({"id":7,"artifacts":[]})", "id"},
    {"POST", "jobs/:id/artifacts", R"({"id":"b","artifacts":{}})", "artifacts"},
    {"PUT", "jobs/:id/artifacts", R"({"artifacts":[{"id":7,"state":"finished"}]})", "id"},
    {"POST", "jobs/:id/oidc/tokens", R"({"audience":7})", "audience"},
    {"POST", "jobs/:id/oidc/tokens", R"({"lifetime":"soon"})", "lifetime"},
    {"POST", "jobs/:id/oidc/tokens", R"({"claims":"all"})", "claims"},
};

std::string filled(std::string path, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const auto at = path.find(name);
    if (at != std::string::npos) path.replace(at, name.size(), value);
  }
  return path;
}

TEST_F(HubFaults, FieldsOfAnotherTypeAreRefusedByName) {
  for (const WrongField& wrong : kWrongFields) {
    const std::string path =
        filled(wrong.path, {{":id", job_}, {":build", build_}, {":step", step_}});
    const bool is_session = path == "heartbeat";
    const std::string token = path == "register" ? hub_.agent_token()
                              : is_session       ? agent_->session_token()
                                                 : agent_->job_token();
    const auto answer = agent_->call(wrong.method, path, json::parse(wrong.body), token);
    EXPECT_TRUE(answer.status == 400 || answer.status == 422)
        << wrong.method << " " << wrong.path << " " << wrong.body << ": " << answer.status;
    EXPECT_NE(answer.body.find(wrong.field), std::string::npos)
        << wrong.method << " " << wrong.path << " " << wrong.body << ": " << answer.body;
  }
  EXPECT_EQ(agent_->state(job_), "running");
  EXPECT_EQ(agent_->finish(job_).status, 200) << "the job is none the worse for it";
}

TEST_F(HubFaults, BodiesThatAreNoObjectAreNeverAnErrorOfTheHub) {
  const std::set<std::string> spared = {"POST disconnect", "POST stop", "POST builds/:id/cancel",
                                        "PUT jobs/:id/finish"};
  for (const auto& route : agent_api::routes()) {
    const std::string method(route.method);
    const std::string pattern(route.pattern);
    if (method == "GET" || spared.contains(method + " " + pattern)) continue;
    const std::string id = pattern.starts_with("builds")  ? build_
                           : pattern.starts_with("steps") ? step_
                                                          : job_;
    const std::string path = filled(pattern, {{":id", id}, {":any", "x"}});
    const std::string token = route.access == agent_api::Access::Registration ? hub_.agent_token()
                              : route.access == agent_api::Access::Session ? agent_->session_token()
                                                                           : agent_->job_token();
    for (const char* body : {"", "{", "[]", "7", "\"text\"", "null", "{\"a\":", "\xff\xfe", "{}x",
                             "[[[[[[[[[[[[[[[[[[[[[[[[[[[["}) {
      auto peer = RawConnection::to_port(hub_.port());
      ASSERT_TRUE(peer.send(request(method, path, token, body)));
      const std::string answer = peer.read_answer();
      EXPECT_GE(status_in(answer), 200) << method << " " << pattern << " " << body;
      EXPECT_LT(status_in(answer), 500) << method << " " << pattern << " " << body << "\n"
                                        << answer;
    }
  }
  EXPECT_EQ(agent_->state(job_), "running");
  EXPECT_EQ(agent_->finish(job_).status, 200);
}

}  // namespace
}  // namespace ostler
