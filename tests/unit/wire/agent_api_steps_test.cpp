// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_api_steps.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "wire/step_attributes.hpp"

namespace ostler::wire {
namespace {

using nlohmann::json;

template <auto decode>
void expect_round_trip(const char* text) {
  const auto read = decode(text);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(json::parse(encode(read.value())), json::parse(text));
}

TEST(StepCalls, GoThereAndBack) {
  expect_round_trip<decode_step_export_request>(
      R"({"attribute":"label","build_id":"b","format":"json"})");
  expect_round_trip<decode_step_export_request>("{}");
  expect_round_trip<decode_step_update_request>(
      R"({"idempotency_uuid":"u","build_id":"b","attribute":"label","value":"v","append":true})");
  expect_round_trip<decode_step_cancel_request>(
      R"({"build_id":"b","force":true,"force_grace_period":0})");
  expect_round_trip<decode_job_update_request>(R"({"timeout":"20"})");
  expect_round_trip<decode_promise_failure_request>(R"({"exit_status":2,"reason":"r"})");
  expect_round_trip<decode_promise_failure_answer>(
      R"({"outcome":"debounced","accepted":false,"upstream_status":409,"error":"e"})");
  expect_round_trip<decode_promise_failure_answer>(R"({"outcome":"declared","accepted":true})");
  EXPECT_EQ(decode_step_output(encode_step_output("a\n\"b\"")).value(), "a\n\"b\"");
}

TEST(StepCalls, RefuseWhatIsNone) {
  EXPECT_FALSE(decode_step_update_request(R"({"value":"v"})"));
  EXPECT_FALSE(decode_step_cancel_request(R"({"force_grace_period":-1})"));
  EXPECT_FALSE(decode_step_cancel_request(R"({"force":"yes"})"));
  EXPECT_FALSE(decode_job_update_request(R"({"timeout":20})"));
  EXPECT_FALSE(decode_job_update_request(R"({"a":"1","b":"2"})"));
  EXPECT_FALSE(decode_job_update_request("{}"));
  EXPECT_FALSE(decode_job_update_request(R"(["timeout","20"])"));
  for (const char* wrong : {R"({"exit_status":0})", R"({"exit_status":"1"})", "{}", "[]", "x"}) {
    EXPECT_FALSE(decode_promise_failure_request(wrong)) << wrong;
  }
}

model::StepView sample() {
  model::StepView view;
  model::Step& step = view.job.step;
  step.key = "build";
  step.command = "make";
  step.env = {{"A", "1"}};
  step.agent_query_rules = {"queue=big", "gpu"};
  view.job.state = model::JobState::Scheduled;
  view.job.priority = 4;
  view.jobs = {view.job};
  view.depends_on = {{StepId{}, "first", false}, {StepId{}, "", true}};
  return view;
}

TEST(StepAttribute, IsPlainTextUnlessJsonIsWanted) {
  EXPECT_EQ(step_attribute(sample(), "command", "").value(), "make");
  EXPECT_EQ(step_attribute(sample(), "command", "json").value(), "\"make\"");
  EXPECT_EQ(step_attribute(sample(), "priority", "").value(), "4");
  EXPECT_EQ(step_attribute(sample(), "label", "").value(), "");
  EXPECT_EQ(step_attribute(sample(), "label", "json").value(), "null");
  EXPECT_EQ(step_attribute(sample(), "state", "").value(), "ready");
}

TEST(StepAttribute, MayBeAListOrAnObject) {
  EXPECT_EQ(step_attribute(sample(), "env", "json").value(), R"({"A":"1"})");
  EXPECT_EQ(step_attribute(sample(), "agents", "json").value(), R"({"gpu":"true","queue":"big"})");
  const json dependencies = json::parse(step_attribute(sample(), "depends_on", "json").value());
  EXPECT_EQ(dependencies[0]["step"], "first");
  EXPECT_EQ(dependencies[1]["step"], StepId{}.str()) << "a step without a key";
  EXPECT_EQ(dependencies[1]["allow_failure"], true);
  EXPECT_EQ(step_attribute(sample(), "env", "").error().code(), Errc::UserFault);
  EXPECT_EQ(json::parse(step_attribute(sample(), "", "json").value())["key"], "build");
  EXPECT_EQ(step_attribute(sample(), "", "").value(), step_attribute(sample(), "", "json").value());
}

TEST(StepAttribute, OfAWaitIsWhatAWaitHas) {
  model::StepView wait = sample();
  wait.job.step.kind = model::StepKind::Wait;
  EXPECT_EQ(step_attribute(wait, "type", "").value(), "wait");
  const auto refused = step_attribute(wait, "command", "");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("depends_on, id, key"), std::string::npos)
      << refused.error().message();
}

}  // namespace
}  // namespace ostler::wire
