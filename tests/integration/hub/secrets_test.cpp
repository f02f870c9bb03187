// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <utility>

#include "files/file.hpp"
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

const std::string kValue = "correct-horse-battery-staple";

/// A hub with one running job.
class HubSecrets : public HubTest {
 protected:
  void SetUp() override {
    job_ = make_job();
    ASSERT_EQ(agent_.ping(10), job_);
    agent_.accept(job_);
    agent_.start(job_);
    cluster_ = hub_.rest("GET", "/organizations/ostler/clusters").json()[0]["id"];
  }
  HttpAnswer rest(const std::string& method, const std::string& rest_of_path = "",
                  const json& body = nullptr) {
    return hub_.rest(
        method, "/organizations/ostler/clusters/" + cluster_ + "/secrets" + rest_of_path, body);
  }
  HttpAnswer fetch(const std::string& key) {
    return agent_.job_call("GET", "jobs/" + job_ + "/secrets?key=" + key);
  }
  HttpAnswer put(const std::string& key, const json& value, const std::string& request = "1",
                 const std::string& token = "") {
    return agent_.call(
        "PUT", "jobs/" + job_ + "/ostler/secrets",
        {{"key", key}, {"value", value}, {"plugin", "rotate#1.0.0"}, {"request", request}},
        token.empty() ? agent_.job_token() : token);
  }
  json create(const std::string& key, const std::string& value, bool writable = false) {
    json body = {{"key", key}, {"value", value}};
    if (writable) body["writable_by_jobs"] = true;
    const HttpAnswer made = rest("POST", "", body);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.json();
  }

  ScriptedAgent agent_{hub_};
  std::string job_;
  std::string cluster_;
};

TEST_F(HubSecrets, OfTheirClusterAreGivenToARunningJobOnly) {
  const json made = create("DEPLOY_KEY", kValue);
  const HttpAnswer fetched = fetch("deploy_key");
  EXPECT_EQ(fetched.status, 200) << fetched.body;
  EXPECT_EQ(fetched.json(), (json{{"key", "DEPLOY_KEY"}, {"value", kValue}, {"uuid", made["id"]}}));
  EXPECT_EQ(fetch("NONE").status, 404);
  EXPECT_EQ(fetch("").status, 422);
  EXPECT_EQ(agent_.call("GET", "jobs/" + job_ + "/secrets?key=DEPLOY_KEY", nullptr, "x").status,
            401);
  const ScriptedAgent other(hub_);
  EXPECT_EQ(other.call("GET", "jobs/" + job_ + "/secrets?key=DEPLOY_KEY").status, 404);
  EXPECT_EQ(agent_.finish(job_).status, 200);
  EXPECT_EQ(fetch("DEPLOY_KEY").status, 401) << "the job is over";
  EXPECT_EQ(agent_.call("GET", "jobs/" + job_ + "/secrets?key=DEPLOY_KEY").status, 422);
}

TEST_F(HubSecrets, NeverComeOutOfRestNorLieReadableOnTheDisk) {
  create("DEPLOY_KEY", kValue);
  const HttpAnswer listed = rest("GET");
  EXPECT_EQ(listed.status, 200);
  ASSERT_EQ(listed.json().size(), 1u);
  EXPECT_EQ(listed.json()[0]["key"], "DEPLOY_KEY");
  EXPECT_EQ(listed.body.find(kValue), std::string::npos);
  hub_.kill();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(files::read_file(entry.path()).value().find(kValue), std::string::npos)
        << entry.path();
  }
  struct stat key{};
  ASSERT_EQ(::stat((hub_.data() / "secrets-key").c_str(), &key), 0);
  EXPECT_EQ(key.st_mode & 0777u, 0600u);
}

TEST_F(HubSecrets, OutliveTheHubButNotTheirKeyFile) {
  create("DEPLOY_KEY", kValue);
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(fetch("DEPLOY_KEY").json()["value"], kValue);
  hub_.kill();
  std::filesystem::remove(hub_.data() / "secrets-key");
  hub_.start_again();
  EXPECT_NE(hub_.program().err().find("bring back the file secrets-key"), std::string::npos);
  const HttpAnswer lost = fetch("DEPLOY_KEY");
  EXPECT_EQ(lost.status, 500);
  EXPECT_NE(lost.body.find("secrets-key"), std::string::npos) << lost.body;
}

TEST_F(HubSecrets, AreChangedAndDeletedByPeople) {
  const std::string id = create("DEPLOY_KEY", "old")["id"];
  EXPECT_EQ(rest("PUT", "/" + id + "/value", {{"value", "new"}}).status, 200);
  EXPECT_EQ(fetch("DEPLOY_KEY").json()["value"], "new");
  const HttpAnswer described = rest("PUT", "/" + id, {{"description", "for deploys"}});
  EXPECT_EQ(described.json()["description"], "for deploys") << described.body;
  EXPECT_EQ(rest("GET", "/" + id).json()["description"], "for deploys");
  EXPECT_EQ(fetch("DEPLOY_KEY").json()["value"], "new");
  EXPECT_EQ(rest("DELETE", "/" + id).status, 204);
  EXPECT_EQ(rest("GET", "/" + id).status, 404);
  EXPECT_EQ(fetch("DEPLOY_KEY").status, 404);
}

TEST_F(HubSecrets, AreNotPrintedWhereTheLogCannotHideThem) {
  create("DEPLOY_KEY", kValue);
  const auto get = [&](const std::string& flag) {
    std::vector<std::string> words{support::host_program(), "secret", "get", "DEPLOY_KEY"};
    if (!flag.empty()) words.push_back(flag);
    return support::run_program(
        words, {.environment = {{"BUILDKITE_AGENT_ENDPOINT", hub_.endpoint()},
                                {"BUILDKITE_AGENT_ACCESS_TOKEN", agent_.job_token()},
                                {"BUILDKITE_AGENT_JOB_API_SOCKET", ""},
                                {"BUILDKITE_JOB_ID", job_}},
                .directory = directory_.path()});
  };
  const auto refused = get("");
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_NE(refused.err.find("--skip-redaction"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("BUILDKITE_AGENT_SECRET_GET_SKIP_SECRET_REDACTION"),
            std::string::npos);
  const auto printed = get("--skip-redaction");
  EXPECT_EQ(printed.code, 0) << printed.err;
  EXPECT_EQ(printed.out, kValue + "\n");
}

TEST_F(HubSecrets, MustBeWellFormed) {
  create("TAKEN", "x");
  for (const json& bad :
       {json::object({{"value", "x"}}), json::object({{"key", "K"}}),
        json{{"key", "taken"}, {"value", "x"}}, json{{"key", "1K"}, {"value", "x"}},
        json{{"key", "A B"}, {"value", "x"}}, json{{"key", "BUILDKITE_X"}, {"value", "x"}},
        json{{"key", "K"}, {"value", ""}}, json{{"key", "K"}, {"value", 7}},
        json{{"key", "K"}, {"value", std::string(70'000, 'x')}},
        json{{"key", "K"}, {"value", "x"}, {"policy", "- pipeline_slug: a"}}}) {
    EXPECT_EQ(rest("POST", "", bad).status, 422) << bad.dump().substr(0, 100);
  }
  const HttpAnswer shown = rest("POST", "", {{"key", "no good"}, {"value", kValue}});
  EXPECT_EQ(shown.body.find(kValue), std::string::npos) << "a refusal must not show the value";
  EXPECT_EQ(rest("GET").json().size(), 1u);
  EXPECT_EQ(hub_.rest("GET", "/organizations/ostler/clusters/none/secrets").status, 404);
}

TEST_F(HubSecrets, AreSetByARunningJobAndSayWhich) {
  EXPECT_EQ(put("TOKEN", kValue).status, 204);
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(fetch("TOKEN").json()["value"], kValue) << "the answer is a promise";
  const HttpAnswer listed = rest("GET");
  const json secret = listed.json()[0];
  EXPECT_EQ(listed.body.find(kValue), std::string::npos);
  EXPECT_EQ(secret["writable_by_jobs"], true);
  EXPECT_EQ(secret["value_set_by_job"]["job_id"], job_);
  EXPECT_EQ(secret["value_set_by_job"]["plugin"], "rotate#1.0.0");
  EXPECT_EQ(put("token", "another-value", "2").status, 204) << "letter case is ignored";
  EXPECT_EQ(fetch("TOKEN").json()["value"], "another-value");
  EXPECT_EQ(put("TOKEN", kValue, "1").status, 204) << "a repeat";
  EXPECT_EQ(fetch("TOKEN").json()["value"], "another-value");
  const std::string path = "/" + std::string(secret["id"]) + "/value";
  EXPECT_EQ(rest("PUT", path, {{"value", "a-persons"}}).json()["value_set_by_job"], nullptr);
  hub_.kill();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(files::read_file(entry.path()).value().find(kValue), std::string::npos)
        << entry.path();
  }
}

TEST_F(HubSecrets, OfPeopleAndOfTheHubAreNotForJobsToSet) {
  const std::string id = create("DEPLOY_KEY", kValue)["id"];
  const HttpAnswer refused = put("DEPLOY_KEY", "a-jobs-value");
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("--writable-by-jobs"), std::string::npos) << refused.body;
  EXPECT_EQ(put("repository_token", "a-jobs-value").status, 403);
  EXPECT_EQ(put("WEBHOOK_TOKEN", "a-jobs-value").status, 403);
  EXPECT_EQ(fetch("DEPLOY_KEY").json()["value"], kValue);
  EXPECT_EQ(rest("PUT", "/" + id, {{"writable_by_jobs", true}}).json()["writable_by_jobs"], true);
  EXPECT_EQ(put("DEPLOY_KEY", "a-jobs-value").status, 204);
  create("OPEN", kValue, true);
  EXPECT_EQ(put("OPEN", "a-jobs-value", "2").status, 204);
}

TEST_F(HubSecrets, AreSetOnlyWithTheTokenOfTheJobWhileItRuns) {
  EXPECT_EQ(put("TOKEN", kValue, "1", agent_.session_token()).status, 403);
  EXPECT_EQ(put("TOKEN", kValue, "1", "x").status, 401);
  const std::string first = std::exchange(job_, make_job());
  EXPECT_EQ(put("TOKEN", kValue).status, 403) << "the job of another token";
  job_ = first;
  EXPECT_EQ(agent_.finish(job_).status, 200);
  EXPECT_EQ(put("TOKEN", kValue).status, 422) << "the job is over";
  EXPECT_EQ(rest("GET").json().size(), 0u);
}

TEST_F(HubSecrets, AreSetWithinBoundsAndWithoutShowingThem) {
  const std::string refused = put("TOKEN", kValue + std::string(70'000, 'x')).body;
  EXPECT_NE(refused.find("64 KiB"), std::string::npos) << refused;
  for (const HttpAnswer& answer :
       {put("TOKEN", ""), put("1K", kValue), put("BUILDKITE_X", kValue)}) {
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.body.find(kValue), std::string::npos) << answer.body;
  }
  EXPECT_EQ(put("TOKEN", 7).status, 400);
  EXPECT_EQ(put("TOKEN", kValue, "").status, 400);
  EXPECT_EQ(put("TOKEN", std::string(64u << 10, 'x')).status, 204);
  for (int i = 0; i < 99; ++i) EXPECT_EQ(put("TOKEN", kValue, "r" + std::to_string(i)).status, 204);
  EXPECT_EQ(put("TOKEN", kValue, "one-more").status, 413);
}

}  // namespace
}  // namespace ostler
