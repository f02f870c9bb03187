// SPDX-License-Identifier: Apache-2.0
// What the webhooks of builds are to be told. Source: reference/pipeline-yaml.md 16.
#include <gmock/gmock.h>

#include <algorithm>

#include "pipeline/parse.hpp"
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kOneJob =
    "notify: [{webhook: \"http://a\"}]\nsteps: [{command: a, key: a}]";

class Webhooks : public StoreSuite {
 protected:
  BuildId build(std::string_view yaml) { return house_.create_build(yaml).build.id; }
  std::vector<WebhookDelivery> due() {
    std::vector<WebhookDelivery> found;
    for (const DueDelivery& one : due_in_short(100)) {
      found.push_back(house_.get(house_.store().due_delivery(one.id, house_.now())).value());
    }
    return found;
  }
  std::vector<DueDelivery> due_in_short(std::int64_t of_host) {
    return house_.get(
        house_.store().due_deliveries(house_.now(), {.all = 100, .of_host = of_host}));
  }
  /// "event url" of what is due, which is then told.
  std::vector<std::string> told() {
    std::vector<std::string> texts;
    for (const WebhookDelivery& one : due()) {
      texts.push_back(one.event + " " + one.url);
      house_.get(house_.store().end_delivery(one.id));
    }
    return texts;
  }

  PipelineUploadChange upload(JobId job, std::string_view yaml) {
    return house_.get(
        house_.store().upload_pipeline({.agent = agent_.id,
                                        .job = job,
                                        .uuid = Uuid::make().str(),
                                        .definition = pipeline::parse(yaml, {}).value(),
                                        .now = house_.now()}));
  }

  support::Worker agent_ = house_.connect_agent();
};
INSTANTIATE_TEST_SUITE_P(Store, Webhooks, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Webhooks, HearOfABuildThatIsMadeStartedAndOver) {
  const BuildId id = build(kOneJob);
  EXPECT_THAT(told(), ElementsAre("build.scheduled http://a"));
  const JobId job = house_.job_of(id, "a").id;
  house_.accept(agent_, job);
  house_.start(agent_, job);
  EXPECT_THAT(told(), ElementsAre("build.running http://a"));
  house_.finish(agent_, job);
  EXPECT_THAT(told(), ElementsAre("build.finished http://a"));
}

TEST_P(Webhooks, LastWithTheStoreUntilTheyAreTold) {
  build(kOneJob);
  const auto before = due();
  ASSERT_EQ(before.size(), 1u);
  house_.reopen();
  const auto after = due();
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].id, before[0].id);
  house_.get(house_.store().end_delivery(after[0].id));
  house_.get(house_.store().end_delivery(after[0].id));
  EXPECT_THAT(due(), IsEmpty());
}

TEST_P(Webhooks, ComeAgainWhenTheirNextAttemptIsDue) {
  build(kOneJob);
  const auto first = due().at(0);
  EXPECT_EQ(first.attempts, 0);
  house_.get(house_.store().postpone_delivery({first.id, house_.now() + std::chrono::seconds(5)}));
  EXPECT_THAT(due(), IsEmpty());
  house_.pass(std::chrono::seconds(5));
  ASSERT_EQ(due().size(), 1u);
  EXPECT_EQ(due()[0].id, first.id);
  EXPECT_EQ(due()[0].attempts, 1);
}

TEST_P(Webhooks, HearOfWhatTheirConditionsNameOnly) {
  const BuildId id = build(R"(
notify:
  - {webhook: "http://failed", if: 'build.state == "failed"'}
  - {webhook: "http://new", if: 'build.state == "scheduled" && build.branch == null'}
  - {webhook: "http://unknown", if: 'pipeline.started_failing'}
  - {webhook: "http://faulty", if: '"$${X:?is needed}" == "a"'}
  - {email: "a@example.com"}
steps: [{command: a, key: a}]
)");
  EXPECT_THAT(told(), ElementsAre("build.scheduled http://new"));
  house_.run_job(agent_, house_.job_of(id, "a").id, 1);
  EXPECT_THAT(told(), ElementsAre("build.finished http://failed"));
}

TEST_P(Webhooks, AreNotToldWhenAllTheirConditionsTakeTooMuchWork) {
  std::string yaml = "notify:\n";
  for (int count = 0; count < 50; ++count) {
    const std::string number = std::to_string(count);
    yaml +=
        "  - {webhook: \"http://" + number + "\", if: 'build.message !~ /.{20}" + number + "$/'}\n";
  }
  model::BuildRequest request;
  request.message = std::string(6'000, 'a');
  house_.create_build(yaml + "steps: [{command: a, key: a}]", std::move(request));
  EXPECT_THAT(due().size(), testing::AllOf(testing::Gt(2u), testing::Lt(20u)));
}

TEST_P(Webhooks, HearOfABuildThatIsRetriedWhileItFails) {
  const BuildId id = build(
      "notify: [{webhook: \"http://a\"}]\nsteps: [{command: a, key: a}, {command: b, key: b}]");
  house_.run_job(agent_, house_.job_of(id, "a").id, 1);
  house_.run_job(agent_, house_.job_of(id, "b").id, 1);
  EXPECT_THAT(told(), ElementsAre("build.scheduled http://a", "build.running http://a",
                                  "build.finished http://a"));
  house_.get(house_.store().retry_job({.job = house_.job_of(id, "a").id, .now = house_.now()}));
  ASSERT_EQ(house_.state_of(id), model::BuildState::Failing);
  EXPECT_THAT(told(), ElementsAre("build.running http://a"));
}

TEST_P(Webhooks, HearOfABuildThatIsBlockedAndGoesOn) {
  const BuildId id =
      build("notify: [{webhook: \"http://a\"}]\nsteps: [{block: b, key: b}, {command: a}]");
  EXPECT_THAT(told(), ElementsAre("build.scheduled http://a", "build.finished http://a"));
  house_.get(house_.store().unblock_job({.job = house_.job_of(id, "b").id, .now = house_.now()}));
  const auto heard = told();
  EXPECT_EQ(std::ranges::count(heard, "build.running http://a"),
            house_.state_of(id) == model::BuildState::Running ? 1 : 0);
  house_.get(house_.store().cancel_build({.build = id, .now = house_.now()}));
  EXPECT_THAT(told(), ElementsAre("build.finished http://a"));
}

TEST_P(Webhooks, OfAnUploadHearOfWhatFollows) {
  const BuildId id = build("steps: [{command: a, key: a}]");
  EXPECT_THAT(told(), IsEmpty());
  const JobId job = house_.job_of(id, "a").id;
  house_.accept(agent_, job);
  house_.start(agent_, job);
  const auto change = upload(job, "notify: [{webhook: \"http://b\"}]\nsteps: []");
  ASSERT_EQ(change.upload.state, model::PipelineUploadState::Applied) << change.upload.message;
  house_.finish(agent_, job);
  EXPECT_THAT(told(), ElementsAre("build.finished http://b"));
}

TEST_P(Webhooks, OfABuildAreHundredAtMost) {
  std::string yaml = "notify: [";
  for (int count = 0; count < 60; ++count) {
    yaml += "{webhook: \"http://a/" + std::to_string(count) + "\"}, ";
  }
  yaml += "github_check]\nsteps: [{command: a, key: a}]";
  const BuildId id = build(yaml);
  const JobId job = house_.job_of(id, "a").id;
  house_.accept(agent_, job);
  house_.start(agent_, job);
  std::string others = yaml.substr(0, yaml.find("steps")) + "steps: []";
  EXPECT_EQ(upload(job, others).upload.state, model::PipelineUploadState::Applied)
      << "equal ones are no more";
  while (others.find("//a") != others.npos) others.replace(others.find("//a"), 3, "//b");
  const auto change = upload(job, others);
  EXPECT_EQ(change.upload.state, model::PipelineUploadState::Rejected);
  EXPECT_THAT(change.upload.message, testing::HasSubstr("more than 100 webhooks"));
}

TEST_P(Webhooks, OfOneHostStandInTheWayOfNoOther) {
  build(
      "notify: [{webhook: \"http://a/1\"}, {webhook: \"http://u@A.:80/2\"}, "
      "{webhook: \"https://a:8443/3\"}, {webhook: \"http://[::1]:80/4\"}]\n"
      "steps: [{command: a}]");
  house_.pass(std::chrono::seconds(1));
  build("notify: [{webhook: \"http://b/1\"}]\nsteps: [{command: a}]");
  std::vector<std::string> hosts;
  for (const DueDelivery& one : due_in_short(2)) hosts.push_back(one.host);
  ASSERT_EQ(hosts.size(), 4u);
  EXPECT_EQ(hosts.back(), "b");
  std::ranges::sort(hosts);
  EXPECT_THAT(hosts, ElementsAre("[::1]", "a", "a", "b"));
}

TEST_P(Webhooks, AreNoLongerDueOnceTheyAreToldOrPostponed) {
  const BuildId id = build(kOneJob);
  const auto first = due_in_short(2).at(0).id;
  const auto is_due = [&](DeliveryId delivery) {
    return house_.get(house_.store().due_delivery(delivery, house_.now())).has_value();
  };
  EXPECT_TRUE(is_due(first));
  house_.get(house_.store().postpone_delivery({first, house_.now() + std::chrono::seconds(5)}));
  EXPECT_FALSE(is_due(first));
  house_.get(house_.store().cancel_build({.build = id, .now = house_.now()}));
  const auto second = due_in_short(2).at(0).id;
  house_.get(house_.store().end_delivery(second));
  EXPECT_FALSE(is_due(second));
}

TEST_P(Webhooks, WaitForOneHostInABoundedNumber) {
  std::string yaml = "notify: [{webhook: \"http://b\"}";
  for (int count = 0; count < 99; ++count) {
    yaml += ", {webhook: \"http://a/" + std::to_string(count) + "\"}";
  }
  for (int count = 0; count < 21; ++count) build(yaml + "]\nsteps: [{command: a}]");
  const auto there = house_.get(house_.store().due_deliveries(
      house_.now(), {.all = kMostDeliveries, .of_host = kMostDeliveries}));
  EXPECT_EQ(std::ranges::count(there, "a", &DueDelivery::host), kMostDeliveriesOfHost);
  EXPECT_EQ(std::ranges::count(there, "b", &DueDelivery::host), 21);
}

TEST_P(Webhooks, GoWithTheirBuild) {
  const BuildId id = build(kOneJob);
  house_.run_job(agent_, house_.job_of(id, "a").id);
  EXPECT_EQ(due().size(), 3u);
  house_.pass(std::chrono::hours(48));
  const RemoveExpired removal{.expired = {id, Expiry::Build}, .now = house_.now()};
  while (house_.get(house_.store().remove_expired(removal)).more) {
  }
  EXPECT_THAT(due(), IsEmpty());
}

}  // namespace
}  // namespace ostler::store
