// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "rest_samples.hpp"
#include "support/golden.hpp"
#include "wire/rest_account.hpp"
#include "wire/rest_answers.hpp"
#include "wire/rest_artifact.hpp"
#include "wire/rest_build.hpp"
#include "wire/rest_cluster.hpp"
#include "wire/rest_error.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_json.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

void expect_golden(const std::string& name, const std::string& text) {
  const std::string actual = support::pretty_json(text);
  EXPECT_EQ(actual, support::golden("rest/" + name + ".json", actual));
}

RestBuildAddress address() {
  return {.pipeline = "my-pipeline", .number = 42, .cluster = {samples::uuid(4)}};
}

model::Agent agent() {
  model::Agent made;
  made.id = {samples::uuid(9)};
  made.state = model::AgentState::Connected;
  made.description.name = "builder-1";
  made.description.hostname = "host";
  made.description.version = "1.2.3";
  made.description.tags = {"queue=default", "os=linux"};
  made.created_at = samples::at(0);
  made.connected_at = samples::at(1);
  return made;
}

std::vector<model::StepDefinition> steps() {
  model::StepDefinition command;
  command.label = "Build";
  command.command = "make\nmake test";
  command.env = {{"A", "1"}};
  command.agent_query_rules = {"queue=default"};
  command.artifact_paths = "out/*";
  command.timeout_in_minutes = 5;
  model::StepDefinition wait;
  wait.kind = model::StepKind::Wait;
  return {command, wait};
}

TEST(RestObjects, PrintsAPipeline) {
  expect_golden("pipeline", encode_rest_pipeline(samples::pipeline(), encode_rest_steps(steps()),
                                                 samples::urls()));
}

TEST(RestObjects, PrintsABuildWithAllItsParts) {
  const model::Job job = samples::job();
  RestBuildParts parts{
      .pipeline = R"({"slug":"my-pipeline"})",
      .jobs = json_array({encode_rest_job(job, nullptr, address(), samples::urls())}),
      .job_state_counts = encode_rest_job_counts({job})};
  expect_golden("build",
                encode_rest_build(samples::build(), samples::pipeline(), parts, samples::urls()));
}

TEST(RestObjects, PrintsABuildWithoutWhatWasNotAskedFor) {
  model::Build build = samples::build();
  build.request.author.reset();
  build.request.pull_request.reset();
  build.creator.reset();
  build.request.message.clear();
  const json object =
      json::parse(encode_rest_build(build, samples::pipeline(), {}, samples::urls()));
  for (const char* absent : {"jobs", "pipeline", "job_state_counts"}) {
    EXPECT_FALSE(object.contains(absent)) << absent;
  }
  for (const char* null : {"author", "creator", "message", "pull_request", "finished_at"}) {
    EXPECT_TRUE(object.at(null).is_null()) << null;
  }
}

TEST(RestObjects, PrintsACommandJobWithItsAgent) {
  const model::Agent by = agent();
  expect_golden("job", encode_rest_job(samples::job(), &by, address(), samples::urls()));
}

TEST(RestObjects, PrintsWhatAJobOfSeveralHasOfItsOwn) {
  model::Job job = samples::job();
  job.state = model::JobState::Broken;
  job.broken_reason = "no box";
  job.variation = {.parallel_index = 0, .parallel_total = 3, .matrix = {{"os", "linux"}}};
  const std::string text = encode_rest_job(job, nullptr, address(), samples::urls());
  for (const char* part :
       {R"("state":"broken")", R"("broken_reason":"no box")", R"("parallel_group_index":0)",
        R"("parallel_group_total":3)", R"("matrix":{"os":"linux"})"}) {
    EXPECT_NE(text.find(part), text.npos) << part << " in " << text;
  }
}

TEST(RestObjects, PrintsTheFailureThatAJobHasPromised) {
  model::Job job = samples::job();
  job.promised_failure = {3, "no \"good\""};
  const std::string text = encode_rest_job(job, nullptr, address(), samples::urls());
  const auto answer = decode_rest_job(text).value().promised_failure;
  ASSERT_TRUE(answer) << text;
  EXPECT_EQ(answer->exit_status, 3);
  EXPECT_EQ(answer->reason, "no \"good\"");
}

TEST(RestObjects, PrintsHowAJobCameToItsAttempts) {
  model::Job job = samples::job();
  job.attempt = {.retries_count = 2,
                 .source = JobId{samples::uuid(20)},
                 .source_retry_type = model::RetryType::Automatic,
                 .retried_in = JobId{samples::uuid(21)},
                 .retry_type = model::RetryType::Manual,
                 .retried_by = samples::user()};
  const std::string text = encode_rest_job(job, nullptr, address(), samples::urls());
  for (const std::string& part : {std::string(R"("retried":true)"),
                                  R"("retried_in_job_id":")" + samples::uuid(21).str() + '"',
                                  std::string(R"("retries_count":2)"),
                                  R"("retry_source":{"job_id":")" + samples::uuid(20).str() +
                                      R"(","retry_type":"automatic"})",
                                  std::string(R"("retry_type":"manual")")}) {
    EXPECT_NE(text.find(part), text.npos) << part << " in " << text;
  }
}

TEST(RestObjects, PrintsAWaiter) {
  model::Job job = samples::job();
  job.step.kind = model::StepKind::Wait;
  job.step.label.clear();
  job.outcome.reset();
  expect_golden("waiter", encode_rest_job(job, nullptr, address(), samples::urls()));
}

TEST(RestObjects, PrintsAnArtifact) {
  model::Artifact artifact;
  artifact.id = {samples::uuid(10)};
  artifact.job = {samples::uuid(6)};
  artifact.state = model::ArtifactState::Finished;
  artifact.path = "out/bin/hello";
  artifact.sha1sum = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
  artifact.file_size = 5;
  expect_golden("artifact", encode_rest_artifact(artifact, "my-pipeline", 42, samples::urls()));
  artifact.path = "hello";
  const json top = json::parse(encode_rest_artifact(artifact, "my-pipeline", 42, samples::urls()));
  EXPECT_EQ(top.at("dirname"), ".");
  EXPECT_EQ(top.at("filename"), "hello");
}

TEST(RestObjects, PrintsAnOrganization) {
  const model::Organization organization{
      .id = {samples::uuid(3)}, .slug = "ostler", .name = "Ostler", .created_at = samples::at(0)};
  expect_golden("organization", encode_rest_organization(organization, samples::urls()));
}

TEST(RestObjects, PrintsClusterAndQueue) {
  model::Cluster cluster;
  cluster.id = {samples::uuid(4)};
  cluster.name = "Default";
  cluster.default_queue = QueueId{samples::uuid(8)};
  cluster.created_at = samples::at(0);
  expect_golden("cluster", encode_rest_cluster(cluster, samples::urls()));
  model::Queue queue;
  queue.id = {samples::uuid(8)};
  queue.cluster = cluster.id;
  queue.key = "default";
  queue.created_at = samples::at(0);
  expect_golden("queue", encode_rest_queue(queue, samples::urls()));
}

TEST(RestObjects, PrintsAnAccessTokenInItsOwnTimeFormat) {
  expect_golden("access_token", encode_rest_access_token({.id = {samples::uuid(11)},
                                                          .scopes = {"read_builds", "read_user"},
                                                          .description = "laptop",
                                                          .created_at = samples::at(0),
                                                          .user = samples::user()}));
}

TEST(RestObjects, EncodesGraphqlIdsAsPaddedBase64) {
  const Uuid uuid = *Uuid::parse("01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_EQ(graphql_id("Job", uuid), "Sm9iLS0tMDE4OTBhNWQtYWM5Ni03NzRiLWJjY2UtYjMwMjA5OWE4MDU3");
  EXPECT_EQ(graphql_id("Build", uuid),
            "QnVpbGQtLS0wMTg5MGE1ZC1hYzk2LTc3NGItYmNjZS1iMzAyMDk5YTgwNTc=");
}

TEST(RestObjects, NamesEveryJobState) {
  using enum model::JobState;
  model::Job job = samples::job();
  const std::vector<std::pair<model::JobState, std::string>> names = {
      {Waiting, "waiting"},      {WaitingFailed, "waiting_failed"},
      {Scheduled, "scheduled"},  {Accepted, "accepted"},
      {Running, "running"},      {Finished, "failed"},
      {TimingOut, "timing_out"}, {TimedOut, "timed_out"},
      {Canceling, "canceling"},  {Canceled, "canceled"},
      {Expired, "expired"}};
  for (const auto& [state, name] : names) {
    job.state = state;
    EXPECT_EQ(rest_job_state(job), name);
  }
  job.state = Finished;
  job.outcome->exit_status = 0;
  EXPECT_EQ(rest_job_state(job), "passed");
}

TEST(RestBuildStates, SelectsWhatAFilterNames) {
  using enum model::BuildState;
  EXPECT_EQ(rest_build_state_filter("not_run"), std::vector{NotRun});
  EXPECT_EQ(rest_build_state_filter("finished"), (std::vector{Passed, Failed, Blocked, Canceled}));
  EXPECT_EQ(rest_build_state_filter("blocked"), std::vector{Blocked});
  EXPECT_EQ(rest_build_state_filter("skipped"), std::vector{model::BuildState::Skipped});
  EXPECT_EQ(rest_build_state_filter("done"), std::nullopt);
}

TEST(RestErrors, PrintsMessagesAndFieldErrors) {
  EXPECT_EQ(encode_rest_error("no \"such\" thing"), R"({"message":"no \"such\" thing"})");
  EXPECT_EQ(encode_rest_validation({{"name", "missing"}, {"count", "too large", "17"}}),
            R"({"message":"Validation Failed","errors":[{"field":"name","code":"missing"},)"
            R"({"field":"count","code":"too large","value":17}]})");
}

TEST(RestObjects, KeepsMarkupAndBrokenBytesInsideStrings) {
  const std::string text = JsonObjectText().text("a", "</script>\xFF\"\x01").finish();
  EXPECT_EQ(text, "{\"a\":\"</script>\xEF\xBF\xBD\\\"\\u0001\"}");
}

TEST(RestUrls, EscapesWhatUsersName) {
  EXPECT_EQ(samples::urls().pipeline("a b/../?x#y"),
            "https://ci.example.com/v2/organizations/ostler/pipelines/a%20b%2F..%2F%3Fx%23y");
}

}  // namespace
}  // namespace ostler::wire
