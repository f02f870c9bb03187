// SPDX-License-Identifier: Apache-2.0
#include "scripted_agent.hpp"
#include "wire/agent_api_events.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using support::HttpAnswer;

/// A hub with one running job.
class HubJobEvents : public HubTest {
 protected:
  void SetUp() override {
    job_ = make_job();
    ASSERT_EQ(agent_.ping(10), job_);
    agent_.accept(job_);
    agent_.start(job_);
  }
  HttpAnswer tell(const json& events) const {
    return agent_.job_call("POST", "jobs/" + job_ + "/events", {{"events", events}});
  }
  static json event(int sequence, const json& data) {
    return {{"sequence", sequence},
            {"at", "2026-01-02T03:04:05.678901Z"},
            {"kind", "output"},
            {"data", data}};
  }

  ScriptedAgent agent_{hub_};
  std::string job_;
};

TEST_F(HubJobEvents, AreAnnouncedInOnePlace) {
  const auto job = make_job();
  const ScriptedAgent other(hub_);
  ASSERT_EQ(other.ping(10), job);
  auto accepted = other.call("PUT", "jobs/" + job + "/accept");
  EXPECT_EQ(accepted.headers["ostler-events"], "1");
  EXPECT_EQ(accepted.headers["ostler-services"], "state,lock,secret-put")
      << "events are not listed twice";
}

TEST_F(HubJobEvents, AreShownByRestAlsoWhenTheyComeLateOrTwice) {
  EXPECT_EQ(tell(json::array({event(3, {{"name", "url"}})})).status, 200);
  EXPECT_EQ(agent_.finish(job_).status, 200);
  EXPECT_EQ(tell({event(3, "another"), event(8, 1)}).status, 200);
  const json shown = {
      {{"sequence", 3},
       {"kind", "output"},
       {"at", "2026-01-02T03:04:05.678Z"},
       {"data", {{"name", "url"}}}},
      {{"sequence", 8}, {"kind", "output"}, {"at", "2026-01-02T03:04:05.678Z"}, {"data", 1}}};
  EXPECT_EQ(hub_.rest("GET", "/organizations/ostler/jobs/" + job_ + "/events").json(), shown);
  EXPECT_EQ(hub_.rest("GET", "/organizations/ostler/pipelines/app/builds/1/jobs/" + job_ +
                                 "/events?per_page=1&page=2")
                .json(),
            json::array({shown[1]}));
}

/// Numbers that would be 17 bytes each, were they written again.
TEST_F(HubJobEvents, OfManyShortNumbersComeWithAllOthers) {
  std::string numbers = "[1e14";
  for (int i = 1; i < 12'000; ++i) numbers += ",1e14";
  const auto body =
      wire::encode_job_events({{1, Timestamp{1}, "output", R"({"value":)" + numbers + "]}"},
                               {2, Timestamp{2}, "result", R"({"outcome":"passed"})"}});
  const auto answer = support::http_call({"POST",
                                          hub_.endpoint() + "/jobs/" + job_ + "/events",
                                          {"Authorization: Token " + agent_.job_token()},
                                          body});
  EXPECT_EQ(answer.status, 200) << answer.body;
  const auto shown = hub_.rest("GET", "/organizations/ostler/jobs/" + job_ + "/events");
  EXPECT_NE(shown.body.find(numbers), shown.body.npos);
  EXPECT_EQ(shown.json()[1]["kind"], "result");
}

TEST_F(HubJobEvents, RefuseWhatBreaksTheirRules) {
  EXPECT_EQ(tell(json::array({event(-1, 1)})).status, 400);
  EXPECT_EQ(tell("none").status, 400);
  EXPECT_EQ(tell(json::array({event(1, std::string(128u << 10, 'x'))})).status, 400);
  json odd = event(1, 1);
  odd["kind"] = "Two Words";
  EXPECT_EQ(tell(json::array({odd})).status, 400);
  odd = event(1, 1);
  odd.erase("at");
  EXPECT_EQ(tell(json::array({odd})).status, 400);
  EXPECT_EQ(tell(json(257, event(1, 1))).status, 400);
  EXPECT_EQ(hub_.rest("GET", "/organizations/ostler/jobs/" + job_ + "/events").json(),
            json::array());
}

}  // namespace
}  // namespace ostler
