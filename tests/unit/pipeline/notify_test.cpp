// SPDX-License-Identifier: Apache-2.0
// Source: reference/pipeline-yaml.md 16.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/notify_reader.hpp"
#include "pipeline/parse.hpp"
#include "pipeline/plan.hpp"
#include "pipeline/print.hpp"

namespace ostler::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kEveryKind = R"(
notify:
  - github_check
  - github_commit_status
  - email: "dev@acmeinc.com"
  - basecamp_campfire: "https://3.basecamp.com/1/integrations/x"
  - slack: "#channel"
  - slack: {channels: ["a#b", "@c"], message: "done by $V"}
    if: build.state == "failed"
  - webhook: "https://hooks.example.com/$V?x=1"
    if: build.state == "passed" || pipeline.started_failing
  - pagerduty_change_event: "636d22Yourc0418Key3b49eee3e8"
  - github_commit_status: {context: "my-context", blocked_builds_as_pending: true}
  - github_check: {name: n, output: {title: t, summary: s, annotations: [{path: p}]}}
    if: build.branch == "main"
steps: []
)";

std::vector<model::Notification> notifications(std::string_view yaml) {
  const auto read = parse(yaml, {{"V", "me"}});
  if (read) return read.value().notifications;
  ADD_FAILURE() << read.error().message();
  return {};
}
std::string notify_fault(std::string_view yaml) {
  const auto read = parse(yaml, {});
  return read ? "none" : read.error().message();
}
std::string fault_in(const std::string& entry) {
  return notify_fault("notify: [" + entry + "]\nsteps: []");
}
std::string step_fault(const std::string& entry) {
  return notify_fault("[{command: a, notify: [" + entry + "]}]");
}

TEST(Notify, IsKeptWhateverItsKind) {
  const auto read = notifications(kEveryKind);
  ASSERT_EQ(read.size(), 10u);
  EXPECT_EQ(read[0].text, R"("github_check")");
  EXPECT_EQ(read[5].text, R"({"slack":{"channels":["a#b","@c"],"message":"done by me"},)"
                          R"("if":"build.state == \"failed\""})");
  EXPECT_EQ(read[5].condition, R"(build.state == "failed")");
  EXPECT_EQ(read[5].webhook, "");
  EXPECT_EQ(read[6].webhook, "https://hooks.example.com/me?x=1");
  EXPECT_EQ(read[6].condition, R"(build.state == "passed" || pipeline.started_failing)");
  EXPECT_EQ(notification_kind(read[0]), "github_check");
  EXPECT_EQ(notification_kind(read[9]), "github_check");
  EXPECT_EQ(notification_kind(read[7]), "pagerduty_change_event");
}

TEST(Notify, TakesAddressesOf2048BytesAtMost) {
  const std::string address = "http://a/" + std::string(2039, 'x');
  EXPECT_EQ(fault_in("{webhook: \"" + address + "\"}"), "none");
  EXPECT_THAT(fault_in("{webhook: \"" + address + "x\"}"), HasSubstr("at most 2048 bytes"));
}

TEST(Notify, SurvivesPlanAndPrint) {
  const auto definition = parse(kEveryKind, {{"V", "me"}}).value();
  EXPECT_EQ(plan(definition).value().notifications, definition.notifications);
  const auto again = parse(print(definition), {});
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again.value().notifications, definition.notifications);
}

TEST(Notify, OfStepsAndGroupsIsKeptToo) {
  const auto definition = parse(R"(
- {command: a, notify: [github_check, {slack: "#a", if: step.outcome == "passed"}]}
- {group: g, notify: [{basecamp_campfire: "https://b"}, {email: "a@b"}], steps: [wait]}
)",
                                {})
                              .value();
  EXPECT_EQ(definition.steps[0].carried.notify,
            R"(["github_check",{"slack":"#a","if":"step.outcome == \"passed\""}])");
  EXPECT_EQ(definition.groups[0].notify, R"([{"basecamp_campfire":"https://b"},{"email":"a@b"}])");
  const auto again = parse(print(definition), {}).value();
  EXPECT_EQ(again.steps[0].carried.notify, definition.steps[0].carried.notify);
  EXPECT_EQ(again.groups[0].notify, definition.groups[0].notify);
}

TEST(Notify, OfNothingIsNone) {
  EXPECT_THAT(notifications("notify: ~\nsteps: []"), IsEmpty());
  EXPECT_THAT(notifications("notify: []\nsteps: []"), IsEmpty());
  EXPECT_EQ(parse("[{command: a, notify: []}]", {}).value().steps[0].carried.notify, "");
}

TEST(Notify, NamesItsFaults) {
  EXPECT_THAT(fault_in("gihub_check"), HasSubstr("did you mean \"github_check\"?"));
  EXPECT_THAT(fault_in("pigeon: x"), HasSubstr("notify has no \"pigeon\"; it takes basecamp"));
  EXPECT_THAT(fault_in("slack"), HasSubstr("notify slack needs to know whom"));
  EXPECT_THAT(fault_in("[a]"), HasSubstr("notify takes a word, or a mapping"));
  EXPECT_THAT(fault_in("{if: \"true\"}"), HasSubstr("says whom nothing"));
  EXPECT_THAT(fault_in("{email: a@b, slack: \"#c\"}"), HasSubstr("is for one kind"));
  EXPECT_THAT(fault_in("{email: [a@b]}"), HasSubstr("notify email takes a text"));
  EXPECT_THAT(fault_in("{webhook: ~}"), HasSubstr("begins with https:// or http://"));
  EXPECT_THAT(fault_in("{webhook: \"file:///etc/passwd\"}"), HasSubstr("begins with https://"));
  EXPECT_THAT(fault_in("{webhook: \"http://a b\"}"), HasSubstr("begins with https://"));
  EXPECT_THAT(fault_in("{slack: {message: m}}"), HasSubstr("notify slack needs channels"));
  EXPECT_THAT(fault_in("{slack: {channels: [a], text: m}}"), HasSubstr("slack has no \"text\""));
  EXPECT_THAT(fault_in("{github_check: x}"), HasSubstr("takes a mapping, or stands alone"));
  EXPECT_THAT(fault_in("{webhook: \"http://a\", if: build.nope}"), HasSubstr("\"build.nope\""));
}

TEST(Notify, OfAStepHasFewerKinds) {
  for (const char* entry : {"email: a", "webhook: \"http://a\"", "pagerduty_change_event: k"}) {
    EXPECT_THAT(step_fault(entry), HasSubstr("is for whole builds; move it")) << entry;
  }
}

TEST(Notify, IsBounded) {
  std::string entries = "github_check";
  for (int count = 0; count < 100; ++count) entries += ", github_check";
  EXPECT_THAT(fault_in(entries), HasSubstr("more than 100 entries in notify"));
}

}  // namespace
}  // namespace ostler::pipeline
