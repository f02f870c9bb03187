// SPDX-License-Identifier: Apache-2.0
// Annotations through the Agent API. Source: reference/agent-api.md 2.13.
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class AnnotationCalls : public HubTest {
 protected:
  AnnotationCalls() {
    EXPECT_EQ(agent_.ping(10), job_);
    agent_.accept(job_);
  }
  support::HttpAnswer annotate(const json& body) { return agent_.job_call("POST", path(), body); }
  std::string path() const { return "jobs/" + job_ + "/annotations"; }

  std::string job_ = make_job();
  ScriptedAgent agent_{hub_};
};

TEST_F(AnnotationCalls, MakeChangeAndRemove) {
  EXPECT_EQ(annotate({{"body", "text"}, {"context", "a.b/c"}, {"style", "info"}}).status, 201);
  EXPECT_EQ(annotate({{"body", "more"}, {"context", "a.b/c"}, {"append", true}}).status, 201);
  EXPECT_EQ(annotate({{"style", "error"}, {"context", "a.b/c"}}).status, 201);
  EXPECT_EQ(agent_.job_call("DELETE", path() + "/a%2Eb%2Fc?scope=job").status, 404);
  EXPECT_EQ(agent_.job_call("DELETE", path() + "/a%2Eb%2Fc?scope=build").status, 200);
  EXPECT_EQ(agent_.job_call("DELETE", path() + "/a%2Eb%2Fc?scope=").status, 404) << "it is gone";
}

TEST_F(AnnotationCalls, KeepTheScopesApart) {
  EXPECT_EQ(annotate({{"body", "text"}, {"scope", "job"}}).status, 201);
  EXPECT_EQ(agent_.job_call("DELETE", path() + "/default?scope=build").status, 404);
  EXPECT_EQ(agent_.job_call("DELETE", path() + "/default?scope=job").status, 200);
}

TEST_F(AnnotationCalls, RefuseWhatIsWrong) {
  const json wrong[] = {{{"style", "info"}},
                        {{"body", "x"}, {"style", "loud"}},
                        {{"body", "x"}, {"scope", "pipeline"}},
                        {{"body", "x"}, {"priority", 11}},
                        {{"body", "x"}, {"context", std::string(101, 'c')}},
                        {{"body", std::string((1u << 20) + 1, 'x')}}};
  for (const json& body : wrong) {
    const auto answer = annotate(body);
    EXPECT_EQ(answer.status, 422) << body.dump().substr(0, 80);
    EXPECT_TRUE(answer.json()["message"].is_string());
  }
  EXPECT_EQ(annotate({{"body", 1}}).status, 400);
  EXPECT_EQ(agent_.job_call("DELETE", path() + "/x?scope=all").status, 422);
}

TEST_F(AnnotationCalls, AreTheJobsOwn) {
  const std::string second = make_job();
  ScriptedAgent other(hub_);
  ASSERT_EQ(other.ping(10), second);
  other.accept(second);
  EXPECT_EQ(other.job_call("POST", path(), {{"body", "x"}}).status, 404) << "another job's token";
  EXPECT_EQ(other.call("POST", path(), {{"body", "x"}}).status, 404) << "another session's";
  EXPECT_EQ(other.call("POST", path(), {{"body", "x"}}, "osts_nobody").status, 401);
  EXPECT_EQ(agent_.call("POST", path(), {{"body", "x"}}).status, 201) << "its own session's";
}

}  // namespace
}  // namespace ostler
