// SPDX-License-Identifier: Apache-2.0
// Blocks and inputs over REST. Source: rest-api, 9.3, 10.3, 10.7.
#include <gmock/gmock.h>

#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class RestGates : public RestFixture {
 protected:
  json build(const std::string& query = "") { return get(kBuild + query).json(); }
  json job(std::size_t number) { return build().at("jobs").at(number); }
  JobId job_id(std::size_t number) {
    return *JobId::parse(job(number).at("id").get<std::string>());
  }
  std::string of_organization(std::size_t number) {
    return "/organizations/ostler/jobs/" + job(number).at("id").get<std::string>();
  }
  Reply unblock(std::size_t number, const json& body = json::object()) {
    return call("PUT", of_organization(number) + "/unblock", body);
  }
  void run(std::size_t number, int exit_status = 0) {
    const JobId id = job_id(number);
    start(agent_, id);
    finish(agent_, id, exit_status);
  }
  std::vector<json> listed(const std::string& state) {
    return get("/builds?state=" + state).json().get<std::vector<json>>();
  }

  const std::string kBuild = "/organizations/ostler/pipelines/p/builds/1";
  std::string slug_ = make_pipeline("p", R"(
steps:
  - command: a
  - block: Deploy
    key: gate
    prompt: Sure
    blocked_state: running
    fields:
      - {text: Release, key: release, hint: H, format: "[0-9.]+"}
      - {select: Where, key: where, multiple: true, default: [eu], options: [{label: Europe, value: eu}, {label: America, value: us}]}
      - {text: Note, key: note, required: false}
  - command: b
)");
  json made_ = make_build(slug_);
  store::RegisteredAgent agent_ = connect_agent();
};

TEST_F(RestGates, ShowWhatTheyAskAndWhetherTheyCanBeOpened) {
  json gate = job(1);
  EXPECT_EQ(gate.at("type"), "manual");
  EXPECT_EQ(gate.at("state"), "waiting");
  EXPECT_EQ(gate.at("label"), "Deploy");
  EXPECT_EQ(gate.at("step_key"), "gate");
  EXPECT_EQ(gate.at("unblockable"), false);
  EXPECT_EQ(gate.at("unblocked_by"), nullptr);
  EXPECT_EQ(gate.at("unblocked_at"), nullptr);
  EXPECT_THAT(gate.at("unblock_url").get<std::string>(),
              testing::EndsWith(kBuild + "/jobs/" + gate.at("id").get<std::string>() + "/unblock"));
  EXPECT_EQ(gate.at("prompt"), "Sure");
  EXPECT_EQ(gate.at("submit"), "Continue");
  EXPECT_EQ(gate.at("fields"), json::parse(R"([
      {"type": "text", "key": "release", "label": "Release", "hint": "H", "required": true,
       "default": null, "format": "[0-9.]+"},
      {"type": "select", "key": "where", "label": "Where", "hint": null, "required": true,
       "default": ["eu"], "multiple": true, "options": [{"label": "Europe", "value": "eu"},
                                                        {"label": "America", "value": "us"}]},
      {"type": "text", "key": "note", "label": "Note", "hint": null, "required": false,
       "default": null, "format": null}])"));
  run(0);
  gate = job(1);
  EXPECT_EQ(gate.at("state"), "blocked");
  EXPECT_EQ(gate.at("unblockable"), true);
}

TEST_F(RestGates, ShowABlockedBuildAsWhatItHasComeTo) {
  EXPECT_EQ(build().at("blocked"), false);
  EXPECT_EQ(build().at("blocked_state"), "");
  run(0);
  const json blocked = build();
  EXPECT_EQ(blocked.at("state"), "running") << "as its step says";
  EXPECT_EQ(blocked.at("blocked"), true);
  EXPECT_EQ(blocked.at("blocked_state"), "running");
  EXPECT_TRUE(blocked.at("finished_at").is_string());
  EXPECT_EQ(blocked.at("job_state_counts").at("states"),
            json({{"blocked", 1}, {"passed", 1}, {"waiting", 1}}));
  EXPECT_EQ(build("?job_states[]=blocked").at("jobs").size(), 1u);
  EXPECT_EQ(listed("blocked").size(), 1u);
  EXPECT_EQ(listed("finished").size(), 1u);
  EXPECT_EQ(listed("running").size(), 0u);
}

TEST_F(RestGates, AreOpenedWithTheirAnswers) {
  run(0);
  listener_.runnable.clear();
  const Reply reply = unblock(1, {{"fields", {{"release", "1.2"}, {"where", {"eu", "us"}}}}});
  ASSERT_EQ(reply.status, 200) << reply.message();
  const json gate = reply.json();
  EXPECT_EQ(gate.at("state"), "unblocked");
  EXPECT_EQ(gate.at("unblockable"), false);
  EXPECT_EQ(gate.at("unblocked_by").at("id"), made_.at("creator").at("id"));
  EXPECT_TRUE(gate.at("unblocked_at").is_string());
  EXPECT_EQ(listener_.runnable.size(), 1u);
  const json after = build();
  EXPECT_EQ(after.at("state"), "running");
  EXPECT_EQ(after.at("blocked"), false);
  EXPECT_EQ(after.at("finished_at"), nullptr);
  EXPECT_EQ(after.at("meta_data"), json({{"note", ""}, {"release", "1.2"}, {"where", "eu\nus"}}));
  run(2);
  EXPECT_EQ(build().at("state"), "passed");
}

TEST_F(RestGates, AreOpenedByTheOtherPathInTheNameOfAUser) {
  run(0);
  const std::string path = kBuild + "/jobs/" + job(1).at("id").get<std::string>() + "/unblock?";
  const json user = made_.at("creator").at("id");
  const json body = {{"unblocker", "nobody"}, {"fields", {{"release", "1"}}}};
  const Reply stranger = call("PUT", path, body);
  EXPECT_EQ(stranger.status, 422);
  EXPECT_EQ(stranger.message(), "Unblocker is not a valid user id for this organization");
  const Reply missing =
      call("PUT", path, {{"unblocker", UserId::make().str()}, {"fields", {{"release", "1"}}}});
  EXPECT_EQ(missing.status, 422);
  EXPECT_EQ(missing.message(), "Unblocker is not a valid user id for this organization");
  const Reply opened = call("PUT", path, {{"unblocker", user}, {"fields", {{"release", "1"}}}});
  EXPECT_EQ(opened.status, 200);
  EXPECT_EQ(opened.json().at("unblocked_by").at("id"), user);
}

TEST_F(RestGates, RefuseWhatTheReferenceRefuses) {
  const Reply script = unblock(0);
  EXPECT_EQ(script.status, 400);
  EXPECT_EQ(script.message(), "This job type cannot be unblocked");
  const Reply early = unblock(1);
  EXPECT_EQ(early.status, 422);
  EXPECT_EQ(early.message(), "The job's state must be blocked");
  run(0);
  EXPECT_EQ(unblock(1, {{"fields", {{"release", "1"}}}}).status, 200);
  EXPECT_EQ(unblock(1).message(), "The job's state must be blocked");
  EXPECT_EQ(call("PUT", "/organizations/ostler/jobs/" + JobId::make().str() + "/unblock").status,
            404);
}

TEST_F(RestGates, OfCanceledBuildsStayClosed) {
  run(0);
  EXPECT_EQ(call("PUT", kBuild + "/cancel").status, 200);
  EXPECT_EQ(build().at("state"), "canceled");
  const Reply refused = unblock(1, {{"fields", {{"release", "1"}}}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.message(), "Jobs from canceled builds cannot be unblocked");
}

TEST_F(RestGates, SayEverythingThatIsWrongWithTheAnswers) {
  run(0);
  const Reply refused =
      unblock(1, {{"fields", {{"release", "x"}, {"where", "asia"}, {"wher", "eu"}}}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.message(), "Validation Failed");
  EXPECT_EQ(refused.json().at("errors"),
            json::parse(R"([{"field": "fields.release", "code": "must match [0-9.]+"},
                            {"field": "fields.where", "code": "must be one of eu, us"},
                            {"field": "fields.wher", "code":
                             "is not asked for; the fields are release, where, note"}])"));
  EXPECT_EQ(unblock(1).json().at("errors"),
            json::parse(R"([{"field": "fields.release", "code": "is required"}])"));
  EXPECT_EQ(unblock(1, {{"fields", "x"}}).status, 422);
  EXPECT_EQ(unblock(1, {{"fields", {{"release", {{"a", "b"}}}}}}).status, 422);
  EXPECT_EQ(job(1).at("state"), "blocked");
  EXPECT_EQ(build().at("meta_data"), json::object());
}

TEST_F(RestGates, AreNamedByWhatWaitsForThem) {
  run(0);
  const json why = get(of_organization(2) + "/why").json().at("reasons").at(0);
  EXPECT_EQ(why.at("type"), "gate");
  EXPECT_EQ(why.at("message"),
            "it waits until somebody opens \"Deploy\": \"ostler job unblock p/1 --step gate\"");
  const json own = get(of_organization(1) + "/why").json().at("reasons").at(0);
  EXPECT_EQ(own.at("message"),
            "it waits until somebody opens it: \"ostler job unblock p/1 --step gate\"");
  EXPECT_EQ(get(of_organization(1) + "/env").json().at("env"), json::object());
}

TEST_F(RestGates, NameTheFailureThatClosedThem) {
  run(0, 1);
  EXPECT_EQ(job(1).at("state"), "blocked_failed");
  EXPECT_EQ(build().at("state"), "failed");
  EXPECT_THAT(
      get(of_organization(2) + "/why").json().at("reasons").at(0).at("message").get<std::string>(),
      HasSubstr("it never runs, for step \"a\", which it depends on, failed (exit status 1); "
                "\"ostler job retry "));
}

TEST_F(RestGates, StandInTheSummaryOfThePipeline) {
  const json steps = get("/organizations/ostler/pipelines/p").json().at("steps");
  EXPECT_EQ(steps.at(1), json({{"type", "manual"}, {"name", "Deploy"}, {"label", "Deploy"}}));
}

}  // namespace
}  // namespace ostler::rest_api
