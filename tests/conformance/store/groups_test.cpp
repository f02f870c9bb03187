// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "pipeline/parse.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::BuildState;
using model::JobState;

/// Steps that stand in groups, and what they hand on.
class Groups : public StoreSuite {
 protected:
  void build(std::string_view yaml) { build_ = house_.create_build(yaml).build.id; }
  model::Job job(std::string_view step) { return house_.job_of(build_, step); }
  JobState state(std::string_view step) { return job(step).state; }
  void run(std::string_view step, int status = 0) { house_.run_job(agent_, job(step).id, status); }
  std::string variable(JobId id, const std::string& name) {
    for (const auto& [known, value] :
         house_.get(house_.store().job_environment(id, "http://hub"))) {
      if (known == name) return value;
    }
    return "unset";
  }
  /// The message of the upload's refusal; empty: it was taken.
  std::string upload(std::string_view json, bool replace = false) {
    UploadPipeline command;
    command.agent = agent_.id;
    command.job = job("up").id;
    command.uuid = "uuid-" + std::to_string(++uploads_);
    command.replace = replace;
    auto definition = pipeline::parse_upload(json);
    if (definition) command.definition = std::move(definition).value();
    if (!definition) command.fault = definition.error().message();
    command.now = house_.now();
    return house_.get(house_.store().upload_pipeline(command)).upload.message;
  }
  void begin(std::string_view yaml) {
    build(yaml);
    house_.accept(agent_, job("up").id);
    house_.start(agent_, job("up").id);
  }

  support::Worker agent_ = house_.connect_agent();
  BuildId build_;
  int uploads_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Store, Groups, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Groups, RunSideBySideAndAreWaitedForAsOne) {
  build(R"(
- group: "One"
  key: one
  steps: [{command: a, key: a}, wait, {command: b, key: b}]
- group: "Two"
  steps: [{command: c, key: c}]
- {command: d, key: d, depends_on: one}
)");
  EXPECT_EQ(state("c"), JobState::Scheduled);
  EXPECT_EQ(state("b"), JobState::Waiting);
  run("a");
  EXPECT_EQ(state("b"), JobState::Scheduled) << "its wait is not for the other group";
  EXPECT_EQ(state("d"), JobState::Waiting);
  run("b");
  EXPECT_EQ(state("d"), JobState::Scheduled);
}

TEST_P(Groups, AreKnownToTheirJobs) {
  build("[{group: One, key: one, steps: [{command: a, key: a}]}, {command: b, key: b}]");
  const auto a = job("a");
  ASSERT_TRUE(a.step.group);
  EXPECT_EQ(a.step.group->key, "one");
  EXPECT_EQ(a.step.group->label, "One");
  EXPECT_EQ(variable(a.id, "BUILDKITE_GROUP_ID"), a.step.group->id.str());
  EXPECT_EQ(variable(a.id, "BUILDKITE_GROUP_KEY"), "one");
  EXPECT_EQ(variable(a.id, "BUILDKITE_GROUP_LABEL"), "One");
  EXPECT_FALSE(job("b").step.group);
  EXPECT_EQ(variable(job("b").id, "BUILDKITE_GROUP_KEY"), "unset");
}

TEST_P(Groups, ThatAreNotForTheBuildLeaveAllTheirStepsOut) {
  build(
      "[{group: One, key: one, if: build.number == 2, steps: [{command: a, key: a}, wait, "
      "{command: b, key: b}]}, {command: c, key: c, depends_on: one}]");
  EXPECT_EQ(job("a").broken_reason, "conditional_failed");
  EXPECT_EQ(state("b"), JobState::Broken);
  EXPECT_EQ(state("c"), JobState::Scheduled);
}

TEST_P(Groups, OfAnUploadAreKnownInTheWholeBuild) {
  begin("[{command: up, key: up}, {group: Old, key: old, steps: [{command: a, key: a}]}]");
  EXPECT_EQ(upload(R"([{"group": "New", "key": "new", "depends_on": "old",
                        "steps": [{"command": "b", "key": "b"}]}])"),
            "");
  EXPECT_EQ(upload(R"([{"command": "c", "key": "c", "depends_on": "new"}])"), "");
  house_.finish(agent_, job("up").id, 0);
  EXPECT_EQ(state("b"), JobState::Waiting);
  run("a");
  EXPECT_EQ(state("b"), JobState::Scheduled);
  EXPECT_EQ(state("c"), JobState::Waiting);
  run("b");
  EXPECT_EQ(state("c"), JobState::Scheduled);
  EXPECT_EQ(job("b").step.group->key, "new");
}

TEST_P(Groups, HaveKeysOfTheirOwnInTheBuild) {
  begin("[{command: up, key: up}, {group: Old, key: old, steps: [{command: a, key: a}]}]");
  for (const char* taken :
       {R"([{"command": "x", "key": "old"}])", R"([{"group": "G", "key": "a", "steps": ["wait"]}])",
        R"([{"group": "G", "key": "old", "steps": ["wait"]}])"}) {
    EXPECT_THAT(upload(taken), testing::HasSubstr("has already been used by another step"))
        << taken;
  }
  EXPECT_THAT(upload(R"([{"group": "G", "steps": [{"group": "H", "steps": ["wait"]}]}])"),
              testing::HasSubstr("a group cannot stand in a group"));
}

TEST_P(Groups, OfOneNameAsTheirUploadersAreShownAsOne) {
  begin("[{group: Tests, key: t, steps: [{command: up, key: up}]}]");
  EXPECT_EQ(upload(R"([{"group": "Tests", "steps": [{"command": "b", "key": "b"}]},
                       {"group": "Tests", "steps": [{"command": "c", "key": "c"}]}])"),
            "");
  EXPECT_EQ(job("b").step.group->id, job("up").step.group->id);
  EXPECT_NE(job("c").step.group->id, job("up").step.group->id);
}

TEST_P(Groups, GoWithTheirStepsWhenTheseAreReplaced) {
  begin("[{command: up, key: up}, {group: Old, key: old, steps: [{command: a, key: a}]}]");
  EXPECT_EQ(
      upload(R"([{"group": "New", "key": "old", "steps": [{"command": "b", "key": "b"}]}])", true),
      "");
  EXPECT_EQ(job("b").step.group->label, "New");
}

TEST_P(Groups, AreRemovedWithTheirBuild) {
  build("[{group: One, key: one, steps: [{command: a, key: a}]}]");
  run("a");
  house_.pass(std::chrono::days(91));
  const RemoveExpired command{ExpiredBuild{build_}, std::chrono::milliseconds(100)};
  while (house_.get(house_.store().remove_expired(command)).more) {
  }
  EXPECT_EQ(house_.error_of(house_.store().build(build_)), Errc::NotFound);
}

TEST_P(Groups, StepsHandOnTheirPluginsImageAndSignature) {
  build(R"yaml(
- {command: a, key: a, label: "{{matrix}}", image: "debian:{{matrix}}", matrix: ["x\"1"],
   plugins: [{"docker#v1": {name: "{{matrix}}"}}], signature: {algorithm: none, value: v}}
- {command: b, key: b}
)yaml");
  const auto a = job("a");
  EXPECT_EQ(variable(a.id, "BUILDKITE_PLUGINS"),
            R"([{"github.com/buildkite-plugins/docker-buildkite-plugin#v1":{"name":"x\"1"}}])");
  EXPECT_EQ(variable(a.id, "BUILDKITE_IMAGE"), "debian:x\"1");
  EXPECT_EQ(a.step.carried.signature, R"({"algorithm":"none","value":"v"})");
  EXPECT_EQ(variable(job("b").id, "BUILDKITE_PLUGINS"), "unset");
  EXPECT_EQ(variable(job("b").id, "BUILDKITE_IMAGE"), "unset");
}

}  // namespace
}  // namespace ostler::store
