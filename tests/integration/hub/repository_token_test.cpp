// SPDX-License-Identifier: Apache-2.0
// Tokens with which the git of a job opens its repository.
#include "scripted_agent.hpp"

namespace ostler {
namespace {

using nlohmann::json;

class RepositoryTokens : public HubTest {
 protected:
  /// Runs a job of a pipeline with this repository.
  void run_job_of(const std::string& repository) {
    const std::string slug =
        hub_.make_pipeline("p" + std::to_string(++pipelines_), "steps: [command: x]", repository);
    hub_.make_build(slug);
    job_ = agent_.ping(10);
    agent_.accept(job_);
    agent_.start(job_);
  }
  void keep_token(const std::string& token) {
    const std::string cluster = hub_.rest("GET", "/organizations/ostler/clusters").json()[0]["id"];
    ASSERT_EQ(hub_.rest("POST", "/organizations/ostler/clusters/" + cluster + "/secrets",
                        {{"key", "REPOSITORY_TOKEN"}, {"value", token}})
                  .status,
              201);
  }
  support::HttpAnswer ask(const json& body, const std::string& call = "repository_access_token") {
    return agent_.job_call("POST", "jobs/" + job_ + "/" + call, body);
  }
  int status_for(const std::string& url) { return ask({{"repo_url", url}}).status; }

  ScriptedAgent agent_{hub_};
  std::string job_;
  int pipelines_ = 0;
};

TEST_F(RepositoryTokens, AreForTheServerOfThePipelinesRepositoryOnly) {
  keep_token("open-sesame");
  run_job_of("https://ann@Git.Example.com:8443/acme/app.git");
  EXPECT_EQ(ask(nullptr).status, 422) << "it has asked for nothing yet";
  EXPECT_EQ(status_for("https://git.example.com/acme/app.git"), 404);
  EXPECT_EQ(ask(nullptr).status, 422) << "what was refused is not given to a repeat";
  for (const char* call : {"repository_access_token", "github_code_access_token"}) {
    const auto answer = ask({{"repo_url", "https://git.example.com:8443/acme/app.git"}}, call);
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.json(), (json{{"token", "open-sesame"}}));
  }
  EXPECT_EQ(status_for("https://git.example.com:8443/acme/a-submodule"), 200);
  for (const char* url :
       {"https://git.example.com/acme/app", "https://git.example.com:444/acme/app",
        "https://other.example.com:8443/acme/app", "http://git.example.com:8443/acme/app",
        "https://git.example.com:8443@other.example.com/",
        "https://other.example.com\\@git.example.com:8443/", "https://", "ssh://x/y"}) {
    EXPECT_EQ(status_for(url), 404) << url;
  }
  EXPECT_EQ(ask(nullptr).status, 200) << "agents send the body of a repeated call once only";
  EXPECT_EQ(agent_.finish(job_).status, 200);
  EXPECT_EQ(ask(nullptr).status, 401) << "the job is over";
}

TEST_F(RepositoryTokens, AreGivenToJobsOfRepositoriesOverSshToo) {
  keep_token("open-sesame");
  run_job_of("ssh://git@github.com:2222/acme/app.git");
  EXPECT_EQ(status_for("https://github.com/acme/app.git"), 200);
  EXPECT_EQ(status_for("https://github.com:2222/acme/app.git"), 404);
  EXPECT_EQ(status_for("https://gitlab.com/acme/app.git"), 404);
}

TEST_F(RepositoryTokens, AreNotThereUntilSomebodySetsTheSecret) {
  run_job_of("https://git.example.com/acme/app.git");
  const auto answer = ask({{"repo_url", "https://git.example.com/acme/app.git"}});
  EXPECT_EQ(answer.status, 404);
  EXPECT_NE(answer.body.find("the cluster has no secret REPOSITORY_TOKEN"), std::string::npos);
}

TEST_F(RepositoryTokens, AreNotForJobsWhoseRepositoryIsAPath) {
  keep_token("open-sesame");
  run_job_of("/srv/git/app");
  EXPECT_EQ(status_for("https://git.example.com/app"), 404);
  EXPECT_EQ(ask(nullptr).status, 422);
}

}  // namespace
}  // namespace ostler
