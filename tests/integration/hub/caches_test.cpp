// SPDX-License-Identifier: Apache-2.0
// The cache calls in the words of the Agent API. Source: agent-api 2.19.
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

const std::string kDigest(64, 'a');

json part(const std::string& value, bool mandatory = false) {
  return {{"value", value}, {"mandatory", mandatory}};
}
json address(const json& key) { return {{"target_paths", {"node_modules"}}, {"cache_key", key}}; }
json entry(const json& key) {
  json body = address(key);
  body["platform"] = "linux/amd64";
  body["blobs"] = {{{"digest", {{"algorithm", "sha256"}, {"value", kDigest}}},
                    {"file_size", 12},
                    {"compression", "zip"}}};
  return body;
}

/// A hub with one running job.
class HubCaches : public HubTest {
 protected:
  void SetUp() override {
    const std::string job = make_job();
    ASSERT_EQ(agent_.ping(10), job);
    agent_.accept(job);
    agent_.start(job);
  }
  HttpAnswer ask(const std::string& method, const std::string& rest, const json& body) {
    return agent_.job_call(method, "cache_registries/~" + rest, body);
  }
  void keep(const json& key) {
    const HttpAnswer stored = ask("PUT", "/store", entry(key));
    ASSERT_EQ(stored.status, 200) << stored.body;
    EXPECT_EQ(stored.json()["multipart"], false);
    const json commit{{"upload_id", stored.json()["upload_id"]}};
    EXPECT_EQ(ask("PUT", "/commit", commit).status, 200);
    EXPECT_EQ(ask("PUT", "/commit", commit).status, 200) << "its answer may have been lost";
  }

  ScriptedAgent agent_{hub_};
};

TEST_F(HubCaches, AreSavedAndRestored) {
  const HttpAnswer registry = ask("GET", "", nullptr);
  EXPECT_EQ(registry.status, 200);
  EXPECT_EQ(registry.json()["store"], "agent_managed");
  EXPECT_TRUE(registry.headers.at("content-type").starts_with("application/json"));

  const json key = {part("v1", true), part("abc")};
  const HttpAnswer missing = ask("POST", "/peek", address(key));
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.json()["message"], "Cache entry not found");
  keep(key);
  const HttpAnswer peeked = ask("POST", "/peek", address(key));
  EXPECT_EQ(peeked.status, 200) << peeked.body;
  EXPECT_EQ(peeked.json()["cache_key"], key);

  const json found = ask("POST", "/retrieve", address(key)).json();
  EXPECT_EQ(found["fallback"], false);
  EXPECT_EQ(found["target_paths"], json({"node_modules"}));
  EXPECT_EQ(found["blobs"], entry(key)["blobs"]);
  EXPECT_EQ(found["store"], "agent_managed");
  EXPECT_EQ(found["multipart"], false);
  EXPECT_TRUE(found["download_instructions"].is_array());
  EXPECT_TRUE(found["expires_at"].is_string());
}

TEST_F(HubCaches, FallBackToAnotherOneThatIsThenNamed) {
  const json kept = {part("v1", true), part("abc")};
  keep(kept);
  const json wanted = {part("v1", true), part("xyz")};
  EXPECT_EQ(ask("POST", "/peek", address(wanted)).status, 404) << "it is still to be saved";
  const json found = ask("POST", "/retrieve", address(wanted)).json();
  EXPECT_EQ(found["fallback"], true);
  EXPECT_EQ(found["cache_key"], kept);
  EXPECT_EQ(ask("POST", "/retrieve", address({part("v2", true), part("abc")})).status, 404);

  EXPECT_EQ(ask("POST", "/expire",
                {{"target_paths", found["target_paths"]}, {"cache_key", found["cache_key"]}})
                .status,
            200);
  EXPECT_EQ(ask("POST", "/retrieve", address(wanted)).status, 404);
}

TEST_F(HubCaches, AreOfOneRegistryAndForJobsOnly) {
  const HttpAnswer other = agent_.job_call("GET", "cache_registries/other");
  EXPECT_EQ(other.status, 404);
  EXPECT_EQ(other.json()["message"], "Cache registry not found");
  EXPECT_EQ(agent_.call("GET", "cache_registries/~", nullptr, "nobody").status, 401);
  EXPECT_EQ(agent_.call("GET", "cache_registries/~", nullptr, hub_.agent_token()).status, 401);
}

TEST_F(HubCaches, MustBeWellFormed) {
  const json key = {part("a")};
  json bad_digest = entry(key);
  bad_digest["blobs"][0]["digest"]["value"] = "../etc/passwd";
  json no_blob = entry(key);
  no_blob["blobs"] = json::array();
  json odd_compression = entry(key);
  odd_compression["blobs"][0]["compression"] = "rar";
  for (const json& bad :
       {json::array(), json::object(), entry(json::array()), entry({part("")}),
        entry({part(std::string(600, 'x'))}), entry({"a"}), bad_digest, no_blob, odd_compression}) {
    const HttpAnswer refused = ask("PUT", "/store", bad);
    EXPECT_GE(refused.status, 400) << bad;
    EXPECT_LT(refused.status, 500) << bad;
  }
  EXPECT_EQ(ask("PUT", "/commit", {{"upload_id", "none"}}).status, 404);
  EXPECT_EQ(ask("PUT", "/commit", {{"upload_id", "01890000-0000-7000-8000-000000000000"}}).status,
            404);
}

}  // namespace
}  // namespace ostler
