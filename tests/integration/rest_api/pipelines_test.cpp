// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;

constexpr auto kPipelines = "/organizations/ostler/pipelines";

class RestPipelines : public RestFixture {
 protected:
  Reply create(const json& body) { return call("POST", kPipelines, body); }
};

TEST_F(RestPipelines, MakesOneThatCanBeReadBack) {
  const Reply made =
      create({{"name", "My  Pipeline"},
              {"repository", "https://x/r.git"},
              {"configuration", "steps:\n  - label: A\n    command: make\n  - wait\n"},
              {"cluster_id", nullptr},
              {"provider_settings", nullptr}});
  ASSERT_EQ(made.status, 201) << made.body;
  const json pipeline = made.json();
  EXPECT_EQ(pipeline.at("slug"), "my-pipeline");
  EXPECT_EQ(pipeline.at("url"), "http://hub/v2/organizations/ostler/pipelines/my-pipeline");
  EXPECT_EQ(pipeline.at("created_by").at("name"), "Administrator");
  EXPECT_EQ(pipeline.at("steps")[0].at("command"), "make");
  EXPECT_EQ(pipeline.at("steps")[1].at("type"), "waiter");
  EXPECT_EQ(pipeline.at("provider").at("settings"), json({{"repository", "https://x/r.git"}}));
  EXPECT_EQ(get("/organizations/ostler/pipelines/my-pipeline").json(), pipeline);
}

TEST_F(RestPipelines, TakesTheDefaultClusterByIdToo) {
  const std::string id = get("/organizations/ostler/clusters").json()[0].at("id");
  const json body = {{"name", "p"}, {"repository", "r"}, {"configuration", "steps: [wait]"}};
  json with = body;
  with["cluster_id"] = id;
  EXPECT_EQ(create(with).json().at("cluster_id"), id);
  with["name"] = "q";
  with["cluster_id"] = "00000000-0000-0000-0000-000000000000";
  const Reply refused = create(with);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.json().at("errors")[0].at("field"), "cluster_id");
}

TEST_F(RestPipelines, NamesWhatIsMissing) {
  const Reply refused = create(json::object());
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.message(), "Validation Failed");
  EXPECT_EQ(
      refused.json().at("errors"),
      json::parse(R"([{"field":"name","code":"missing"},{"field":"repository","code":"missing"},
              {"field":"configuration",
               "code":"Step configuration is missing, expected `steps: { yaml: \"...\" }`"}])"));
}

constexpr const char* kFaulty =
    "steps:\n  - command: a\n  - {command: b, secrets: A}\n---\n- {command: é, lable: c}\n";

TEST_F(RestPipelines, ShowsEveryFaultOfAConfigurationInItsLine) {
  const Reply refused = create({{"name", "p"}, {"repository", "r"}, {"configuration", kFaulty}});
  EXPECT_EQ(refused.status, 422);
  const json errors = refused.json().at("errors");
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].at("field"), "configuration");
  EXPECT_THAT(errors[0].at("code").get<std::string>(),
              HasSubstr("3:27: secrets must be a list of keys"));
  EXPECT_EQ(errors[1],
            json({{"field", "configuration"},
                  {"code",
                   "pipeline.yml:5:17: unknown key \"lable\" in a command step; did you mean "
                   "\"label\"?"},
                  {"line", 5},
                  {"column", 17},
                  {"excerpt", "    - {command: é, lable: c}\n                   ^"}}));
}

TEST_F(RestPipelines, ShowsTheFirstHundredFaultsAndCountsTheRest) {
  std::string configuration = "steps:\n";
  for (int i = 0; i < 120; ++i) configuration += "  - {comand: a}\n";
  const Reply refused =
      create({{"name", "p"}, {"repository", "r"}, {"configuration", configuration}});
  EXPECT_EQ(refused.status, 422);
  const json errors = refused.json().at("errors");
  ASSERT_EQ(errors.size(), 101u);
  EXPECT_EQ(errors[100],
            json({{"field", "configuration"}, {"code", "pipeline.yml: and 20 more faults"}}));
}

TEST_F(RestPipelines, BuildAllDocumentsOfAConfiguration) {
  const auto slug = make_pipeline("p", "steps:\n  - command: a\n---\n- command: b\n");
  const Reply built = call("POST", "/organizations/ostler/pipelines/" + slug + "/builds",
                           {{"commit", "a"}, {"branch", "b"}});
  EXPECT_EQ(built.status, 201);
  const json jobs = built.json().at("jobs");
  ASSERT_EQ(jobs.size(), 2u);
  EXPECT_EQ(jobs[0].at("command"), "a");
  EXPECT_EQ(jobs[1].at("command"), "b");
}

TEST_F(RestPipelines, RefusesYamlThatNoVariableCanMend) {
  const Reply refused = create({{"name", "p"},
                                {"repository", "r"},
                                {"configuration", "steps:\n  - command: make: $TARGET\n"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.json().at("errors")[0].at("line"), 2);
}

TEST_F(RestPipelines, JudgesAConfigurationWithVariablesWhenItIsBuilt) {
  const auto slug = make_pipeline("p", "steps:\n  - command: make ${TARGET?}\n");
  const std::string builds = "/organizations/ostler/pipelines/" + slug + "/builds";
  const Reply refused = call("POST", builds, {{"commit", "a"}, {"branch", "b"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.message(), HasSubstr("TARGET"));
  EXPECT_THAT(refused.message(), EndsWith("\n      - command: make ${TARGET?}\n"
                                          "                 ^"));
  EXPECT_EQ(
      call("POST", builds, {{"commit", "a"}, {"branch", "b"}, {"env", {{"TARGET", "x"}}}}).status,
      201);
}

TEST_F(RestPipelines, RefusesANameTwice) {
  make_pipeline("p");
  const Reply refused =
      create({{"name", "p"}, {"repository", "r"}, {"configuration", "steps: [wait]"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.json().at("errors")[0].at("field"), "name");
}

TEST_F(RestPipelines, FindsByPartOfNameOrRepository) {
  make_pipeline("Alpha");
  make_pipeline("Beta");
  const json found = get(std::string(kPipelines) + "?name=ALPH").json();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].at("name"), "Alpha");
  EXPECT_EQ(get(std::string(kPipelines) + "?repository=nowhere").json(), json::array());
}

TEST_F(RestPipelines, PagesWithLinks) {
  for (int i = 0; i < 5; ++i) make_pipeline("p" + std::to_string(i));
  const Reply page = get(std::string(kPipelines) + "?per_page=2&page=2&name=p");
  EXPECT_EQ(page.json().size(), 2u);
  const std::string base = "http://hub/v2/organizations/ostler/pipelines?per_page=2&name=p&page=";
  EXPECT_EQ(page.header("Link"), "<" + base + "3>; rel=\"next\", <" + base + "1>; rel=\"prev\", <" +
                                     base + "1>; rel=\"first\"");
  EXPECT_EQ(get(std::string(kPipelines) + "?per_page=2&page=3").json().size(), 1u);
  EXPECT_EQ(get(std::string(kPipelines) + "?per_page=2&page=4").body, "[]");
}

TEST_F(RestPipelines, Answers404ForOneThatIsNotThere) {
  EXPECT_EQ(get("/organizations/ostler/pipelines/none").body, R"({"message":"Not Found"})");
}

TEST_F(RestPipelines, KeepsMarkupAndBrokenBytesHarmless) {
  const std::string name = "<script>alert(1)</script>";
  const Reply made = create({{"name", name},
                             {"slug", "script"},
                             {"repository", "r"},
                             {"configuration", "steps: [wait]"}});
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(made.json().at("name"), name);
}

TEST_F(RestPipelines, ChangesWhatTheBodyNames) {
  create({{"name", "App"},
          {"repository", "r"},
          {"configuration", "steps: [wait]"},
          {"env", {{"A", "1"}}},
          {"default_command_step_timeout", 9},
          {"description", "old"}});
  const std::string path = std::string(kPipelines) + "/app";
  const json before = get(path).json();
  json expected = before;
  expected["description"] = "new";
  expected["default_command_step_timeout"] = nullptr;
  expected["branch_configuration"] = "main";
  const Reply changed = call("PATCH", path,
                             {{"description", "new"},
                              {"default_command_step_timeout", 0},
                              {"branch_configuration", "main"},
                              {"repository", nullptr},
                              {"provider_settings", nullptr},
                              {"env", {{"B", "2"}}}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.json(), expected) << "env is left to the YAML";
  EXPECT_EQ(get(path).json(), expected);
  EXPECT_EQ(call("PATCH", path, json::object()).json(), expected);
}

TEST_F(RestPipelines, GivesARenamedOneANewSlugUnlessOneIsGiven) {
  make_pipeline("App");
  make_pipeline("Other");
  const std::string path = std::string(kPipelines) + "/app";
  EXPECT_EQ(call("PATCH", path, {{"name", "Shop"}}).json().at("slug"), "shop");
  EXPECT_EQ(get(path).status, 404);
  const std::string shop = std::string(kPipelines) + "/shop";
  const json kept = call("PATCH", shop, {{"name", "Big Shop"}, {"slug", "shop"}}).json();
  EXPECT_EQ(kept.at("slug"), "shop");
  EXPECT_EQ(kept.at("name"), "Big Shop");
  const Reply taken = call("PATCH", shop, {{"name", "Other"}});
  EXPECT_EQ(taken.status, 422);
  EXPECT_EQ(taken.json().at("errors")[0].at("field"), "name");
}

TEST_F(RestPipelines, RefusesChangesThatCannotWorkAndKeepsTheOld) {
  make_pipeline("App");
  const std::string path = std::string(kPipelines) + "/app";
  const json before = get(path).json();
  const json bad[] = {{{"configuration", "steps: [{comand: a}]"}},
                      {{"configuration", " "}},
                      {{"name", ""}},
                      {{"slug", "-"}},
                      {{"repository", 7}},
                      {{"steps", json::array()}},
                      {{"visibility", "secret"}},
                      {{"cluster_id", "00000000-0000-0000-0000-000000000000"}}};
  for (const json& body : bad) EXPECT_EQ(call("PATCH", path, body).status, 422) << body;
  EXPECT_EQ(call("PATCH", std::string(kPipelines) + "/none", {{"name", "x"}}).status, 404);
  EXPECT_EQ(get(path).json(), before);
}

TEST_F(RestPipelines, MoveToAnotherCluster) {
  make_pipeline("App");
  const json made = call("POST", "/organizations/ostler/clusters", {{"name", "Robots"}}).json();
  const json moved =
      call("PATCH", std::string(kPipelines) + "/app", {{"cluster_id", made["id"]}}).json();
  EXPECT_EQ(moved.at("cluster_id"), made.at("id"));
}

TEST_F(RestPipelines, ArePutAwayAndTakenBack) {
  make_pipeline("App");
  const std::string path = std::string(kPipelines) + "/app";
  const Reply archived = call("POST", path + "/archive");
  EXPECT_EQ(archived.status, 200);
  EXPECT_EQ(archived.json().at("archived_at"), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(get(path).json().at("archived_at"), archived.json().at("archived_at"));
  EXPECT_EQ(get(std::string(kPipelines)).json().size(), 0u);
  EXPECT_EQ(get(std::string(kPipelines) + "?archived=true").json().size(), 1u);
  const Reply refused = call("POST", path + "/builds", {{"commit", "HEAD"}, {"branch", "main"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.message(), testing::HasSubstr("archived"));
  EXPECT_EQ(call("POST", path + "/unarchive").json().at("archived_at"), nullptr);
  EXPECT_EQ(get(std::string(kPipelines) + "?archived=true").json().size(), 0u);
  make_build("app");
}

TEST_F(RestPipelines, DeleteEverythingOfOneThatHasNoOpenBuild) {
  make_pipeline("App");
  make_pipeline("Other");
  const json other = make_build("other");
  const std::string path = std::string(kPipelines) + "/app";
  json build;
  for (int i = 0; i < 3; ++i) build = make_build("app");
  EXPECT_EQ(call("DELETE", path).status, 422);
  for (int i = 1; i <= 3; ++i) {
    call("PUT", path + "/builds/" + std::to_string(i) + "/cancel");
  }
  EXPECT_EQ(call("DELETE", path).status, 204);
  EXPECT_EQ(get(path).status, 404);
  EXPECT_EQ(get("/organizations/ostler/jobs/" + first_job(build).str()).status, 404);
  EXPECT_EQ(get("/builds").json().size(), 1u);
  EXPECT_EQ(get("/organizations/ostler/jobs/" + first_job(other).str()).status, 200);
  EXPECT_EQ(call("DELETE", path).status, 404);
  EXPECT_EQ(make_pipeline("App"), "app") << "its name is free again";
}

TEST_F(RestPipelines, KeepEachOfSeveralChangesThatComeAtOnce) {
  const std::string path = std::string(kPipelines) + "/" + make_pipeline("app");
  std::vector<json> changes = {
      {{"description", "one"}},
      {{"branch_configuration", "main"}, {"configuration", "steps: [{command: two}]"}},
      {{"emoji", ":three:"}},
      {{"allow_rebuilds", false}},
  };
  for (const Reply& reply : at_once("PATCH", path, changes)) {
    EXPECT_EQ(reply.status, 200) << reply.body;
  }
  const json pipeline = get(path).json();
  for (const json& change : changes) {
    for (const auto& [name, value] : change.items()) EXPECT_EQ(pipeline.at(name), value) << name;
  }
}

}  // namespace
}  // namespace ostler::rest_api
