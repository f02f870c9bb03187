// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string kClusters = "/organizations/ostler/clusters";

class RestClusters : public RestFixture {
 protected:
  std::string default_cluster() { return get(kClusters).json()[0].at("id"); }
  std::string queues() { return kClusters + "/" + default_cluster() + "/queues"; }
  std::string tokens() { return kClusters + "/" + default_cluster() + "/tokens"; }
  json make(const std::string& path, const json& body) {
    const Reply made = call("POST", path, body);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json();
  }
  static std::string id_of(const json& object) { return object.at("id"); }
};

TEST_F(RestClusters, AreMadeChangedAndDeleted) {
  const json made = make(kClusters, {{"name", "Robots"},
                                     {"description", "arms"},
                                     {"emoji", ":robot_face:"},
                                     {"color", "#a1B2c3"}});
  const std::string path = kClusters + "/" + id_of(made);
  EXPECT_EQ(made.at("name"), "Robots");
  EXPECT_EQ(made.at("emoji"), ":robot_face:");
  EXPECT_EQ(made.at("color"), "#a1B2c3");
  EXPECT_EQ(made.at("default_queue_id"), nullptr);
  EXPECT_EQ(made.at("default_queue_url"), nullptr);
  EXPECT_EQ(made.at("created_by").at("email"), "admin@localhost");
  EXPECT_EQ(get(path).json(), made);
  EXPECT_EQ(get(kClusters).json().size(), 2u);
  const json queue = make(path + "/queues", {{"key", "arms"}});
  const json changed = call("PUT", path, {{"default_queue_id", id_of(queue)}}).json();
  EXPECT_EQ(changed.at("default_queue_id"), id_of(queue));
  EXPECT_EQ(changed.at("default_queue_url"), queue.at("url"));
  EXPECT_EQ(changed.at("description"), "arms");
  EXPECT_EQ(call("PATCH", path, {{"description", ""}}).json().at("description"), nullptr);
  EXPECT_EQ(call("DELETE", path).status, 204);
  EXPECT_EQ(get(path).status, 404);
  EXPECT_EQ(get(path + "/queues").status, 404);
}

TEST_F(RestClusters, SayWhatIsWrongWithARequest) {
  const auto refusal = [&](const std::string& method, const std::string& path, const json& body) {
    const Reply refused = call(method, path, body);
    EXPECT_EQ(refused.status, 422) << refused.body;
    return refused.message();
  };
  EXPECT_EQ(refusal("POST", kClusters, json::object()), "Validation failed: Name is missing");
  EXPECT_EQ(refusal("POST", kClusters, {{"name", "Default"}}),
            "Validation failed: Name has already been taken");
  EXPECT_EQ(refusal("POST", kClusters, {{"name", 5}, {"color", "red"}}),
            "Validation failed: Name must be a string, Color must be like #14cc80");
  EXPECT_EQ(refusal("POST", kClusters, {{"name", "x"}, {"maintainers", {{{"user", "u"}}}}}),
            "Validation failed: Maintainers is not supported by this hub");
  const std::string path = kClusters + "/" + default_cluster();
  EXPECT_EQ(refusal("PUT", path, {{"name", ""}}), "Validation failed: Name is missing");
  for (const char* id : {"nonsense", "01890a5d-ac96-774b-bcce-b302099a8057"}) {
    EXPECT_EQ(refusal("PUT", path, {{"default_queue_id", id}}),
              "Validation failed: Default queue must be a queue of the cluster");
  }
  EXPECT_EQ(refusal("DELETE", path, nullptr), "the cluster is the organization's only one");
  EXPECT_EQ(call("DELETE", kClusters + "/nonsense").status, 404);
}

TEST_F(RestClusters, HaveQueuesThatAreMadeChangedAndDeleted) {
  const json made = make(queues(), {{"key", "linux"},
                                    {"description", "big ones"},
                                    {"retry_agent_affinity", "prefer-different"},
                                    {"lease_seconds", 300}});
  const std::string path = queues() + "/" + id_of(made);
  EXPECT_EQ(made.at("key"), "linux");
  EXPECT_EQ(made.at("description"), "big ones");
  EXPECT_EQ(made.at("retry_agent_affinity"), "prefer-different");
  EXPECT_EQ(made.at("lease_seconds"), 300);
  EXPECT_EQ(made.at("dispatch_paused"), false);
  EXPECT_EQ(made.at("created_by").at("email"), "admin@localhost");
  EXPECT_EQ(get(path).json(), made);
  EXPECT_EQ(get(queues()).json().size(), 2u);
  const json changed = call("PUT", path, {{"description", "small ones"}}).json();
  EXPECT_EQ(changed.at("description"), "small ones");
  EXPECT_EQ(changed.at("lease_seconds"), 300);
  EXPECT_EQ(call("PATCH", path, {{"lease_seconds", 0}}).json().at("lease_seconds"), nullptr);
  EXPECT_EQ(call("DELETE", path).status, 204);
  EXPECT_EQ(get(path).status, 404);
  EXPECT_EQ(call("PUT", path, json::object()).status, 404);
}

TEST_F(RestClusters, SayWhatIsWrongWithAQueue) {
  const auto refusal = [&](const json& body) {
    const Reply refused = call("POST", queues(), body);
    EXPECT_EQ(refused.status, 422) << refused.body;
    return refused.message();
  };
  EXPECT_EQ(refusal(json::object()), "Validation failed: Key is missing");
  EXPECT_EQ(refusal({{"key", "default"}}), "Validation failed: Key has already been taken");
  for (const std::string& key : {std::string("a b"), std::string("ä"), std::string(101, 'x')}) {
    EXPECT_THAT(refusal({{"key", key}}), HasSubstr("Key must hold only letters"));
  }
  EXPECT_THAT(refusal({{"key", "x"}, {"retry_agent_affinity", "any"}}),
              HasSubstr("must be prefer-warmest or prefer-different"));
  for (const json& lease : {json(119), json(86401), json(-1), json("300"), json(1.5)}) {
    EXPECT_THAT(refusal({{"key", "x"}, {"lease_seconds", lease}}),
                HasSubstr("Lease seconds must be from 120"));
  }
  EXPECT_THAT(refusal({{"key", "x"}, {"hostedAgents", {{"instanceShape", "LINUX"}}}}),
              HasSubstr("not supported"));
  const Reply standard = call("DELETE", queues() + "/" + id_of(get(queues()).json()[0]));
  EXPECT_EQ(standard.status, 422);
  EXPECT_THAT(standard.message(), HasSubstr("default"));
}

TEST_F(RestClusters, PauseAndResumeAQueue) {
  const json queue = make(queues(), {{"key", "linux"}});
  const std::string path = queues() + "/" + id_of(queue);
  const Reply idle = call("POST", path + "/resume_dispatch");
  EXPECT_EQ(idle.status, 422);
  EXPECT_EQ(idle.message(), "Cluster queue is not paused");
  const Reply paused = call("POST", path + "/pause_dispatch", {{"dispatch_paused_note", "disk"}});
  EXPECT_EQ(paused.status, 200);
  EXPECT_EQ(paused.json().at("dispatch_paused"), true);
  EXPECT_EQ(paused.json().at("dispatch_paused_note"), "disk");
  EXPECT_EQ(paused.json().at("dispatch_paused_at"), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(paused.json().at("dispatch_paused_by").at("email"), "admin@localhost");
  const Reply again = call("POST", path + "/pause_dispatch");
  EXPECT_EQ(again.status, 422);
  EXPECT_EQ(again.message(), "Cluster queue is already paused");
  const Reply resumed = call("POST", path + "/resume_dispatch");
  EXPECT_EQ(resumed.status, 200);
  EXPECT_EQ(resumed.json(), queue);
  EXPECT_EQ(
      call("POST", path + "/pause_dispatch", {{"note", "n"}}).json().at("dispatch_paused_note"),
      "n");
  EXPECT_EQ(call("POST", queues() + "/nonsense/pause_dispatch").status, 404);
}

TEST_F(RestClusters, SayATokenOnceOnly) {
  const json made =
      make(tokens(), {{"description", "laptop"}, {"expires_at", "2026-02-02T00:00:00Z"}});
  const std::string text = made.at("token");
  EXPECT_TRUE(text.starts_with("osta_"));
  EXPECT_EQ(made.at("allowed_ip_addresses"), "0.0.0.0/0 ::/0");
  EXPECT_EQ(made.at("expires_at"), "2026-02-02T00:00:00.000Z");
  const std::string path = tokens() + "/" + id_of(made);
  json without = made;
  without.erase("token");
  EXPECT_EQ(get(path).json(), without);
  EXPECT_EQ(get(tokens()).json().size(), 2u) << "the first one came with the hub";
  const Reply changed =
      call("PUT", path, {{"description", "tower"}, {"allowed_ip_addresses", "192.0.2.1"}});
  EXPECT_EQ(changed.json().at("description"), "tower");
  EXPECT_EQ(changed.json().at("allowed_ip_addresses"), "192.0.2.1");
  for (const Reply& reply : {get(path), get(tokens()), changed}) {
    EXPECT_EQ(reply.body.find(text), std::string::npos);
  }
  EXPECT_EQ(call("DELETE", path).status, 204);
  EXPECT_EQ(get(path).status, 404);
  EXPECT_EQ(call("DELETE", path).status, 404);
}

TEST_F(RestClusters, SayWhatIsWrongWithAToken) {
  const auto refusal = [&](const json& body) {
    const Reply refused = call("POST", tokens(), body);
    EXPECT_EQ(refused.status, 422) << refused.body;
    return refused.message();
  };
  EXPECT_EQ(refusal(json::object()), "Validation failed: Description is missing");
  EXPECT_EQ(refusal({{"description", "x"}, {"expires_at", "2026-01-02T03:14:05Z"}}),
            "Validation failed: Expires at must be at least 10 minutes ahead");
  EXPECT_THAT(refusal({{"description", "x"}, {"expires_at", "tomorrow"}}),
              HasSubstr("Expires at must be a time"));
  for (const char* networks : {"home", "10.0.0.0/33", "10.0.0.0/8,::1", "10.0.0.0/"}) {
    EXPECT_THAT(refusal({{"description", "x"}, {"allowed_ip_addresses", networks}}),
                HasSubstr("Allowed ip addresses must be networks"));
  }
  const std::string path = tokens() + "/" + id_of(get(tokens()).json()[0]);
  const Reply later = call("PUT", path, {{"expires_at", "2027-01-02T03:04:05Z"}});
  EXPECT_EQ(later.status, 422);
  EXPECT_EQ(later.message(), "Validation failed: Expires at cannot be changed");
}

}  // namespace
}  // namespace ostler::rest_api
