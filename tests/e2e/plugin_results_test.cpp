// SPDX-License-Identifier: Apache-2.0
// What a step has come to, as the hub and its people see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "e2e/plugin_pipeline.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST_F(PluginPipeline, TellsTheHubWhatAStepHasComeToAlsoWhenItsAgentIsKilled) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake("{}", "work(step)", R"(
def work(step):
    step.progress(0.5, "half of it")
    step.output("url", {"host": "example.com"})
    step.log("is at it")
    step.sleep(5)
    return failed("not_healthy", "it does not answer", hint="see its log", retryable=True)
)");
  build_of("  - plugins: [\"ostler://snake#1\"]\n");
  ASSERT_TRUE(
      support::wait_until(60s, [&] { return log(0).find("is at it") != std::string::npos; }));
  agent_.kill();
  agent_.start_again();
  const json build = hub_.finished_build("app", 1, 60s).value();
  const std::string job = build["jobs"][0]["id"];
  json events = hub_.rest("GET", "/organizations/ostler/jobs/" + job + "/events").json();
  ASSERT_EQ(events.size(), 3u) << events.dump(1);
  EXPECT_EQ(events[0]["kind"], "progress");
  EXPECT_EQ(events[0]["data"], (json{{"done", 5000}, {"message", "half of it"}}));
  EXPECT_EQ(events[1]["kind"], "output");
  EXPECT_EQ(events[1]["data"]["value"]["host"], "example.com");
  EXPECT_EQ(events[2]["kind"], "result");
  const json usage = events[2]["data"]["usage"];
  EXPECT_GT(usage.value("processor_ms", 0), 0) << usage;
  EXPECT_GT(usage.value("memory_bytes", 0), 4 << 20) << usage << " is less than an interpreter has";
  events[2]["data"].erase("usage");
  EXPECT_EQ(events[2]["data"], (json{{"plugin", "snake#1.0.0"},
                                     {"outcome", "failed"},
                                     {"exit_status", 1},
                                     {"retryable", true},
                                     {"reason", "not_healthy"},
                                     {"message", "it does not answer"},
                                     {"hint", "see its log"}}));
}

TEST_F(PluginPipeline, ShowsWhatAStepHasComeTo) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"services": ["metric"]})", "work(step)", R"(
def work(step):
    step.output("url", "https://example.com")
    step.count("tests", 214)
    step.duration("suite", 9)
    step.cost("model", "0.25", "USD")
    return failed("not_healthy", "it does not \\x1b[31manswer", hint="see its log")
)");
  finished("  - {key: deploy, plugins: [\"ostler://snake#1\"]}\n");
  const auto shown = person_.ostler({"job", "events", "app/1", "--step", "deploy"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("metric   tests = 214\n"
                                   "metric   suite = 9000 ms\n"
                                   "metric   model = 0.25 USD\n"
                                   "output   url = \"https://example.com\"\n"
                                   "result   snake#1.0.0 failed (not_healthy): it does not "));
  EXPECT_THAT(shown.out, HasSubstr("; see its log ["));
  EXPECT_THAT(log(0), HasSubstr("snake#1.0.0 used "));
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(log(0), Not(HasSubstr("metric tests")));
}

TEST_F(PluginPipeline, TellsWhichTestsFailedAlsoWhenItsAgentIsKilled) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"services": ["report"], "secrets": ["KEY"]})", "work(step)", R"(
JUNIT = "<testsuite name='u'><testcase name='a'/>" + "".join(
    f"<testcase classname='net' name='{n}'><failure message='not hush-hush'/></testcase>"
    for n in ("connects", "waits", "reads", "writes")) + "</testsuite>"
def work(step):
    step.protect("hush-hush")
    path = step.facts["scratch"] + "/unit.xml"
    with open(path, "w") as file:
        file.write(JUNIT)
    told = step.junit("unit", path)
    step.table("sizes", ["name", "bytes"], [["app", 7], ["hush-hush", None]])
    step.log("is at it")
    step.sleep(5)
    return failed("tests_failed", f'{told["failures"]} of {told["tests"]}')
)");
  build_of("  - {key: test, plugins: [\"ostler://snake#1\"]}\n");
  ASSERT_TRUE(
      support::wait_until(60s, [&] { return log(0).find("is at it") != std::string::npos; }));
  agent_.kill();
  agent_.start_again();
  const json build = hub_.finished_build("app", 1, 60s).value();
  const std::string job = build["jobs"][0]["id"];
  const json events = hub_.rest("GET", "/organizations/ostler/jobs/" + job + "/events").json();
  ASSERT_EQ(events.size(), 3u) << events.dump(1) << log(0);
  EXPECT_EQ(events[0]["kind"], "report");
  EXPECT_EQ(events[0]["data"]["kind"], "junit");
  EXPECT_EQ(events[0]["data"]["plugin"], "snake");
  const json& summary = events[0]["data"]["summary"];
  EXPECT_EQ(summary["failures"], 4);
  EXPECT_EQ(summary["failed"][0]["message"], "not [REDACTED]");
  EXPECT_EQ(events[1]["data"]["summary"]["rows"],
            json::parse(R"([["app", 7], ["[REDACTED]", null]])"));
  const std::string shown = person_.said({"job", "events", "app/1", "--step", "test"});
  EXPECT_THAT(shown, HasSubstr("report   junit unit: 4 of 5 failed: net.connects, net.waits, "
                               "net.reads and 1 more\n"
                               "report   table sizes: 2 rows of 2 columns\n"
                               "result   snake#1.0.0 failed (tests_failed): 4 of 5 ["));
  EXPECT_THAT(shown, Not(HasSubstr("1 command"))) << "what reads reports is ours";
  EXPECT_THAT(person_.said({"build", "show", "app/1"}),
              HasSubstr("tests  4 of 5 failed: net.connects, net.waits, net.reads and 1 more\n"));
  EXPECT_THAT(log(0), Not(HasSubstr("report junit")));
}

TEST_F(PluginPipeline, TellsWhichTestsFailedBehindManyOtherEvents) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"services": ["metric", "report"]})", "work(step)", R"(
def work(step):
    for number in range(500):
        step.count("files", 1)
    path = step.facts["scratch"] + "/unit.xml"
    with open(path, "w") as file:
        file.write("<testsuite><testcase name='waits'><failure/></testcase></testsuite>")
    step.junit("unit", path)
    return failed("tests_failed", "one")
)");
  build_of("  - {key: test, plugins: [\"ostler://snake#1\"]}\n");
  ASSERT_TRUE(hub_.finished_build("app", 1, 60s));
  const std::string shown = person_.said({"build", "show", "app/1"});
  EXPECT_THAT(shown, HasSubstr("tests  1 of 1 failed: waits\n"));
  EXPECT_THAT(shown, HasSubstr("\ntest failed: snake#1.0.0 failed (tests_failed): one"));
  EXPECT_THAT(shown, testing::ContainsRegex("test +failed +[0-9.a-z ]+ +snake#1.0.0 failed "
                                            "[(]tests_failed[)]: one [(]exit status 1[)]"));
}

}  // namespace
}  // namespace ostler
