// SPDX-License-Identifier: Apache-2.0
#include "scripted_agent.hpp"

#include <algorithm>
#include <utility>

#include "support/store_house.hpp"
#include "support/wait_until.hpp"

namespace ostler {

using nlohmann::json;

ScriptedAgent::ScriptedAgent(const support::HubProcess& hub, json tags) : hub_(hub) {
  const auto answer = call("POST", "register",
                           {{"name", "%hostname-1"},
                            {"hostname", "ci-7"},
                            {"os", "NAME=Debian\nVERSION=12\n"},
                            {"arch", "amd64"},
                            {"script_eval_enabled", true},
                            {"ignore_in_dispatches", false},
                            {"version", "3.137.0"},
                            {"build", "x"},
                            {"meta_data", std::move(tags)},
                            {"features", json::array()}},
                           hub.agent_token());
  registration_ = answer.json();
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(call("POST", "connect").status, 200);
}

support::HttpAnswer ScriptedAgent::call(const std::string& method, const std::string& path,
                                        const json& body, const std::string& token) const {
  const std::string& used =
      token.empty() ? registration_["access_token"].get<std::string>() : token;
  return support::http_call({method,
                             hub_.endpoint() + "/" + path,
                             {"Authorization: Token " + used, "Content-Type: application/json"},
                             body.is_null() ? "" : body.dump()});
}

std::string ScriptedAgent::ping(int wait) const {
  const auto answer = call("GET", wait > 0 ? "ping?wait=" + std::to_string(wait) : "ping");
  EXPECT_EQ(answer.status, 200) << answer.body;
  const json pong = answer.json();
  return pong.contains("job") ? pong["job"]["id"].get<std::string>() : "";
}

json ScriptedAgent::accept(const std::string& job) {
  const auto answer = call("PUT", "jobs/" + job + "/accept");
  EXPECT_EQ(answer.status, 200) << answer.body;
  json accepted = answer.json();
  job_token_ = accepted["token"];
  return accepted;
}

support::HttpAnswer ScriptedAgent::start(const std::string& job) const {
  return job_call("PUT", "jobs/" + job + "/start",
                  {{"started_at", "2026-01-02T02:04:06.123456789Z"}});
}

support::HttpAnswer ScriptedAgent::chunk(const std::string& job, int sequence, std::size_t offset,
                                         const std::string& text) const {
  const std::string query = "sequence=" + std::to_string(sequence) +
                            "&offset=" + std::to_string(offset) +
                            "&size=" + std::to_string(text.size());
  return support::http_call(
      {"POST",
       hub_.endpoint() + "/jobs/" + job + "/chunks?" + query,
       {"Authorization: Token " + job_token_, "Content-Type: text/plain", "Content-Encoding: gzip"},
       support::gzip(text)});
}

std::string ScriptedAgent::state(const std::string& job, int wait) const {
  const auto answer =
      call("GET", "jobs/" + job + (wait > 0 ? "?wait=" + std::to_string(wait) : ""));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return answer.json()["state"];
}

support::HttpAnswer ScriptedAgent::finish(const std::string& job,
                                          const std::string& exit_status) const {
  return job_call("PUT", "jobs/" + job + "/finish",
                  {{"exit_status", exit_status},
                   {"finished_at", "2026-01-02T02:04:31.5Z"},
                   {"chunks_failed_count", 0}});
}

WaitingPings::WaitingPings(const ScriptedAgent& agent) {
  for (auto& ping : pings_) {
    ping = std::async(std::launch::async, [&agent] { return agent.call("GET", "ping?wait=25"); });
  }
}

support::HttpAnswer WaitingPings::superseded() {
  const auto is_answered = [](const auto& ping) {
    return ping.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  };
  const bool is_one = support::wait_until(std::chrono::seconds(15),
                                          [&] { return std::ranges::any_of(pings_, is_answered); });
  if (!is_one) return {};
  if (is_answered(pings_.back())) std::swap(pings_.front(), pings_.back());
  return pings_.front().get();
}

std::string HubTest::make_job(const std::string& extra_yaml) {
  if (pipeline_.empty()) {
    pipeline_ = hub_.make_pipeline("app", "steps:\n  - command: make test\n" + extra_yaml);
  }
  const int number = hub_.make_build(pipeline_);
  return hub_.build(pipeline_, number)["jobs"][0]["id"];
}

std::string HubTest::build_state(int number) const {
  return hub_.build(pipeline_, number)["state"];
}

}  // namespace ostler
