// SPDX-License-Identifier: Apache-2.0
// Step plugins in pipelines: a real hub, agents and boxes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "crypto/digest.hpp"
#include "e2e/python_plugin.hpp"
#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// A hub, an agent that knows the plugin of the zoo, and a person.
class PluginPipeline : public testing::Test {
 protected:
  PluginPipeline() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::create_directories(directory_ / "state/plugins/zoo/1.0.0");
    fs::permissions(directory_ / "state", fs::perms::owner_all);
    fs::copy(built / "tests/integration/plugin_host/zoo", directory_ / "state/plugins/zoo/1.0.0");
  }

  int build_of(const std::string& steps) const {
    const std::string skip = "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\n";
    hub_.make_pipeline("app", skip + "steps:\n" + steps);
    return hub_.make_build("app");
  }
  json finished(const std::string& steps) const {
    return hub_.finished_build("app", build_of(steps), 60s).value();
  }
  /// A plugin in Python whose result is that expression.
  void install_snake(const std::string& permissions, const std::string& expression,
                     const std::string& definitions = "") const {
    support::install_plugin(
        directory_ / "state",
        {.id = "snake",
         .source = definitions + "run('snake', '1.0.0', lambda step: " + expression + ")\n",
         .permissions = permissions,
         .configuration = R"({"type": "object"})"});
  }
  std::string log(std::size_t job) const { return support::plain_log(hub_.log("app", 1, job)); }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{
      hub_, directory_.path(), {"--plugin-names", "zoo", "--plugin-secrets-put", "snake"}};
  support::Person person_{hub_, directory_.path()};
};

TEST_F(PluginPipeline, RunsAPluginForEachJobOfAMatrix) {
  const json build = finished(R"yaml(
  - matrix: [one, two]
    env: {WHICH: "number {{matrix}}"}
    plugins:
      - ostler://zoo#1: {do: variable, path: WHICH}
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  ASSERT_EQ(build["jobs"].size(), 2u);
  EXPECT_THAT(log(0), HasSubstr("zoo#1.0.0 passed: number one"));
  EXPECT_THAT(log(1), HasSubstr("zoo#1.0.0 passed: number two"));
}

TEST_F(PluginPipeline, RunsAPluginInPython) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake("{}", R"(passed(f'{step.facts["step_label"]} {step.config("/length")}'))");
  const json build = finished(R"yaml(
  - label: "how long"
    plugins: ["ostler://snake#1": {length: 7}]
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1) << log(0);
  EXPECT_THAT(log(0), HasSubstr("snake#1.0.0 passed: how long 7"));
}

TEST_F(PluginPipeline, LetsAPluginSpeakForItsJob) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"services": ["annotation", "meta-data"], "secrets": [{"config": "/key"}],
                     "http": [{"config": "/url"}]})",
                R"([step.set_meta_data("release", "1.2 by " + step.secret("DEPLOY_KEY")),
                    step.annotate("notes", "**all** good", style="success", priority=9),
                    step.log(step.http(step.config("/url")).read()),
                    passed(f'{step.get_meta_data("release")}, {step.get_meta_data("none")}, '
                           f'{"release" in step.meta_data_keys()}')][-1])");
  person_.shell("echo a-thing-to-hide | ostler secret set DEPLOY_KEY");
  const json build = finished(R"yaml(
  - plugins: ["ostler://snake#1": {key: DEPLOY_KEY, url: ")yaml" +
                              hub_.url() + R"yaml("}]
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1) << log(0);
  EXPECT_THAT(log(0), HasSubstr("in the name of the job: annotation, meta-data, secret"));
  EXPECT_THAT(log(0), HasSubstr("may ask by HTTP: 127.0.0.1:"));
  EXPECT_THAT(log(0), HasSubstr("\"message\"")) << "what the hub says to everybody";
  EXPECT_THAT(log(0), HasSubstr("passed: 1.2 by [REDACTED], None, True"));
  EXPECT_EQ(build["meta_data"]["release"], "1.2 by [REDACTED]");
  const json notes =
      hub_.rest("GET", "/organizations/ostler/pipelines/app/builds/1/annotations").json();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0]["context"], "notes");
  EXPECT_EQ(notes[0]["priority"], 9);
  EXPECT_THAT(notes[0]["body_html"].get<std::string>(), HasSubstr("<strong>all</strong> good"));
}

TEST_F(PluginPipeline, LetsAPluginSetASecretForLaterJobs) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"secrets": ["DEPLOY_KEY"], "secrets_put": ["DEPLOY_KEY", "TOKEN"]})",
                "rotate(step)", R"(
def rotate(step):
    value = "-".join(["rotated", step.secret("DEPLOY_KEY"), "credential"])
    step.put_secret("TOKEN", value)
    try:
        step.put_secret("DEPLOY_KEY", value)
    except CallFailed as failure:
        step.log(str(failure))
    return passed("it is " + value)
)");
  person_.shell("echo a-thing-to-hide | ostler secret set DEPLOY_KEY");
  const json build = finished(R"yaml(
  - plugins: ["ostler://snake#1"]
  - wait
  - command: 'test "$(ostler secret get TOKEN)" = rotated-a-thing-to-hide-"$(echo credential)"'
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1) << log(0);
  EXPECT_THAT(log(0), HasSubstr("may set the secrets DEPLOY_KEY, TOKEN"));
  EXPECT_THAT(log(0), HasSubstr("ostler secret set DEPLOY_KEY --writable-by-jobs"));
  EXPECT_THAT(log(0), HasSubstr("passed: it is [REDACTED]"));
  const std::string list = person_.shell("ostler secret list").out;
  const std::string setter = "snake#1.0.0, job ";
  ASSERT_THAT(list, HasSubstr(setter + "0"));
  const std::string job = list.substr(list.find(setter) + setter.size(), 18);
  EXPECT_THAT(person_.said({"job", "log", job}), HasSubstr("it is [REDACTED]"));
  person_.shell("echo another-thing | ostler secret set DEPLOY_KEY --writable-by-jobs");
  EXPECT_THAT(person_.shell("ostler secret list").out, HasSubstr("a person, or jobs"));
  person_.shell("echo another-thing | ostler secret set DEPLOY_KEY --writable-by-jobs=false");
  EXPECT_THAT(person_.shell("ostler secret list").out, Not(HasSubstr("a person, or jobs")));
  agent_.stop();
  hub_.kill();
  for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
    if (!entry.is_regular_file()) continue;
    const std::string text = files::read_file(entry.path()).value();
    EXPECT_EQ(text.find("rotated-a-thing-to-hide-credential"), text.npos) << entry.path();
  }
}

TEST_F(PluginPipeline, KeepsValuesOfAPluginForLaterBuilds) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"services": ["state"]})", "count(step)", R"(
def count(step):
    value, revision = step.get_state("runs")
    number = int(value or 0) + 1
    if step.set_state("runs", number, expected=revision) is None:
        return failed("lost", "another run was faster")
    stale = step.set_state("runs", "stale", expected=revision)
    step.set_state("seen", "here", scope="host")
    step.delete_state("seen", scope="host")
    return passed(f'run {number}, {stale}, {step.state_keys()}, {step.state_keys(scope="host")}')
)");
  hub_.make_pipeline("app", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - plugins: ["ostler://snake#1"]
)yaml");
  for (const int number : {1, 2}) {
    const json build = hub_.finished_build("app", hub_.make_build("app"), 60s).value();
    const std::string text = support::plain_log(hub_.log("app", number, 0));
    EXPECT_EQ(build["state"], "passed") << build.dump(1) << text;
    EXPECT_THAT(text, HasSubstr("in the name of the job: state"));
    EXPECT_THAT(text, HasSubstr("passed: run " + std::to_string(number) + ", None, ['runs'], []"));
  }
}

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

/// Two builds, on two agents, that want one lock: the first holds it when the second begins.
class LockedPipeline : public PluginPipeline {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
    install_snake(R"({"services": ["lock"]})", "hold(step)", R"(
def hold(step):
    with step.lock("deploy-prod") as lock:
        name = step.config("/as")
        step.log(f'{name} holds it, {lock.fence > 0}, child of {os.getppid()}.')
        if name == "first":
            step.sleep(600)
            step.begin_cleanup()
    return passed(name + " is done")
)");
    fs::create_directories(directory_ / "other/state");
    fs::permissions(directory_ / "other/state", fs::perms::owner_all);
    fs::copy(directory_ / "state/plugins", directory_ / "other/state/plugins",
             fs::copy_options::recursive);
    other_.emplace(hub_, directory_ / "other");
    begin("first");
    await("first", "first holds it, True");
    begin("second");
    await("second", "waits for the lock deploy-prod, held by job " + hub_.url());
    EXPECT_THAT(text("second"), HasSubstr("/first/builds/1#" + job("first")));
  }
  void begin(const std::string& name) const {
    hub_.make_pipeline(name,
                       "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\nsteps:\n"
                       "  - plugins: [\"ostler://snake#1\": {as: " +
                           name + "}]\n");
    hub_.make_build(name);
  }
  void await(const std::string& build, const std::string& line) const {
    ASSERT_TRUE(support::wait_until(60s, [&] {
      return text(build).find(line) != std::string::npos;
    })) << text(build);
  }
  std::string text(const std::string& build) const {
    return support::plain_log(hub_.log(build, 1, 0));
  }
  std::string job(const std::string& build) const { return hub_.build(build, 1)["jobs"][0]["id"]; }
  void expect_handed_on() const {
    EXPECT_EQ(hub_.finished_build("second", 1, 60s).value()["state"], "passed") << text("second");
    EXPECT_THAT(text("second"), HasSubstr("second holds it, True"));
    EXPECT_NE(hub_.finished_build("first", 1, 60s).value()["state"], "passed") << text("first");
  }

  std::optional<support::AgentProcess> other_;
};

TEST_F(LockedPipeline, HandsALockOnWhenTheJobThatHoldsItIsCancelled) {
  person_.shell("ostler job cancel " + job("first"));
  expect_handed_on();
}

TEST_F(LockedPipeline, HandsALockOnWhenTheWorkerThatHoldsItIsKilled) {
  const std::string said = text("first");
  const std::size_t at = said.find("child of ") + 9;
  ASSERT_EQ(::kill(std::stoi(said.substr(at)), SIGKILL), 0);
  expect_handed_on();
}

TEST_F(LockedPipeline, KeepsTheQueueWhenHubAndAgentsAreKilled) {
  hub_.kill();
  other_->kill();
  hub_.start_again();
  other_->start_again();
  person_.shell("ostler job cancel " + job("first"));
  expect_handed_on();
}

TEST_F(LockedPipeline, EndsTheWaitOfAJobThatIsCancelled) {
  const auto begun = std::chrono::steady_clock::now();
  person_.shell("ostler job cancel " + job("second"));
  EXPECT_EQ(hub_.finished_build("second", 1, 60s).value()["state"], "failed");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 20s) << "a poll lasts longer";
  EXPECT_THAT(text("second"), Not(HasSubstr("second holds it")));
  person_.shell("ostler job cancel " + job("first"));
  EXPECT_EQ(hub_.finished_build("first", 1, 60s).value()["state"], "failed");
}

TEST_F(PluginPipeline, LetsAPluginAddFilesAndStepsToItsBuild) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"services": ["artifact", "pipeline"]})", "add(step)", R"(
def add(step):
    def refused(path, name="x"):
        try:
            step.upload_artifact(path, name)
            return f"{path} was taken"
        except CallFailed as failure:
            return f"{failure.status} {failure}"
    scratch = step.facts["scratch"]
    open(scratch + "/made", "w").write("by a plugin")
    os.symlink("/etc/passwd", scratch + "/link")
    os.symlink("made", scratch + "/near")
    os.mkfifo(scratch + "/fifo")
    for path, name in [("/etc/passwd", "x"), (scratch + "/link", "x"), (scratch + "/fifo", "x"),
                       (scratch, "x"), (scratch + "/none", "x"), ("made", "../x"), ("made", "")]:
        step.log(refused(path, name))
    step.upload_artifact("near", "made/by plugin.txt", "text/plain")
    step.upload_steps('{"steps": [{"command": "echo $X the added step", "key": "added"}]}')
    try:
        step.upload_steps("steps: [{")
    except CallFailed as failure:
        step.log(f"{failure.status} {failure}")
    return passed("added")
)");
  const json build = finished("  - plugins: [\"ostler://snake#1\"]\n");
  EXPECT_EQ(build["state"], "passed") << build.dump(1) << log(0);
  for (const char* said :
       {"7 /etc/passwd is neither in the workspace of the plugin nor its scratch",
        "7 link leads out of", "7 fifo is no regular file", "7 . is no regular file", "3 open ",
        "7 no name of an artifact, such as \"logs/a.txt\": ../x",
        "8 ostler.pipeline/1/upload did not work; the log of the job says why"}) {
    EXPECT_THAT(log(0), HasSubstr(said));
  }
  ASSERT_EQ(build["jobs"].size(), 2u);
  EXPECT_THAT(log(1), HasSubstr("the added step"));
  EXPECT_THAT(person_.said({"artifact", "list", "app/1"}), HasSubstr("made/by plugin.txt"));
  person_.said({"artifact", "download", "made/*", directory_.path(), "--build", "app/1"});
  EXPECT_EQ(files::read_file(directory_ / "made/by plugin.txt").value(), "by a plugin");
}

TEST_F(PluginPipeline, LetsAPluginFindAndDownloadArtifacts) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const fs::path outside = directory_ / "outside";
  fs::create_directory(outside);
  install_snake(R"({"services": ["artifact"], "workspace": "read"})", "fetch(step)", R"(
def fetch(step):
    def refused(*arguments):
        try:
            return f"{step.download_artifacts(*arguments)} came"
        except CallFailed as failure:
            return f"{failure.status} {failure}"
    scratch = step.facts["scratch"]
    os.symlink(step.config("/url"), scratch + "/dist")
    for found in step.find_artifacts("**/*", step="make"):
        step.log(f"found {found['path']} {found['size']} {found['sha256'][:8]} {len(found['job_id'])}")
    step.log(f"{step.find_artifacts('none*')} {step.find_artifacts('*', build='none')}")
    for arguments in [("dist/*", scratch), ("none*", scratch), ("top", scratch + "/dist"),
                      ("top", scratch + "/none"), ("top", "."), ("top", "/tmp")]:
        step.log("refused: " + refused(*arguments))
    os.remove(scratch + "/dist")
    came = step.download_artifacts("**/*", scratch, step="make")
    return passed(f"{came}: {open(scratch + '/dist/a').read()} {open(scratch + '/top').read()} "
                  f"{sorted(os.listdir(scratch))}")
)");
  const json build = finished(R"yaml(
  - key: make
    artifact_paths: "dist/*;top"
    command: "mkdir dist && printf made > dist/a && printf up > top"
  - wait
  - plugins: ["ostler://snake#1": {url: ")yaml" +
                              outside.string() + R"yaml("}]
)yaml");
  const std::string said = log(build["jobs"].size() - 1);
  EXPECT_EQ(build["state"], "passed") << build.dump(1) << said;
  for (const char* text :
       {"found dist/a 4 ", "found top 2 ", " 36", "[] []", "refused: 8 ostler.artifact/1/download",
        "is a symbolic link or no directory",
        "refused: 3 ostler.artifact/1/download: nothing matches", "refused: 7 dist leads out of",
        "refused: 3 open ", "refused: 4 the plugin may not write to ", "refused: 7 /tmp is neither",
        "Successfully downloaded \"dist/a\"", "passed: 2: made up ['dist', 'top']"}) {
    EXPECT_THAT(said, HasSubstr(text));
  }
  EXPECT_TRUE(fs::is_empty(outside));
}

TEST_F(PluginPipeline, LetsAPluginKeepFilesForLaterJobs) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  install_snake(R"({"services": ["cache"], "workspace": "write"})", "passed(use(step))", R"(
def use(step):
    def refused(call, *arguments):
        try:
            return str(call(*arguments))
        except CallFailed as failure:
            return f"{failure.status} {failure}"
    found = step.restore_cache(["deps", step.config("/key")], ["deps", "more"], 1)
    had = open("deps/a").read() if os.path.exists("deps/a") else "nothing"
    os.makedirs("deps", exist_ok=True)
    open("deps/a", "w").write("made with " + step.config("/key"))
    saved = step.save_cache(["deps", step.config("/key")], ["deps", "more"])
    for arguments in [(["a"], ["../x"]), (["a"], ["/etc"]), ([], ["deps"]), (["a"], []),
                      (["a"], ["none"])]:
        step.log("refused: " + refused(step.save_cache, *arguments))
    os.remove("deps/a")
    return f"{found['hit']} {found['key']}, had {had}, saved {saved['saved']}"
)");
  const fs::path place = directory_ / "caches";
  const auto step = [&](const std::string& key) {
    return "  - env: {BUILDKITE_AGENT_CACHE_STORE_URL: \"file://" + place.string() +
           "\"}\n    plugins: [\"ostler://snake#1\": {key: " + key + "}]\n  - wait\n";
  };
  const json build = finished(step("one") + step("one") + step("two") + "  - command: \"rm " +
                              place.string() + "/*\"\n  - wait\n" + step("two"));
  EXPECT_EQ(build["state"], "passed") << build.dump(1) << log(0);
  EXPECT_THAT(log(0), HasSubstr("passed: none [], had nothing, saved True"));
  for (const char* text :
       {"7 no path within the workspace: ../x", "7 no path within", "7 the key of a cache has",
        "7 a cache has 1 to 64 paths", "3 ostler.cache/1/save: nothing"}) {
    EXPECT_THAT(log(0), HasSubstr(text));
  }
  EXPECT_THAT(log(2), HasSubstr("passed: exact ['deps', 'one'], had made with one, saved False"));
  EXPECT_THAT(log(4), HasSubstr("passed: fallback ['deps', 'one'], had made with one, saved True"));
  EXPECT_THAT(log(8), HasSubstr("gone or changed; forgetting the entry"));
  EXPECT_THAT(log(8), HasSubstr("passed: none"));
}

TEST_F(PluginPipeline, RetriesACrashBySignalAndForgivesIt) {
  const json build = finished(R"yaml(
  - soft_fail: true
    retry: {automatic: [{signal: SIGSEGV, limit: 1}]}
    plugins: ["ostler://zoo#1": {do: segv}]
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  const json& job = build["jobs"].back();
  EXPECT_EQ(job["state"], "failed");
  EXPECT_EQ(job["exit_status"], -1);
  EXPECT_EQ(job["retries_count"], 1) << job.dump(1);
  EXPECT_EQ(job["end_cause"], "plugin_crashed");
  EXPECT_THAT(log(build["jobs"].size() - 1), HasSubstr("the plugin crashed: SIGSEGV at zoo.so+"));
  const auto row = [&] { return person_.said({"build", "show", "app/1"}); };
  const std::string told = "zoo#1.0.0 error (plugin_crashed): the plugin crashed: SIGSEGV at";
  EXPECT_TRUE(support::wait_until(10s, [&] { return row().find(told) != std::string::npos; }))
      << row();
}

TEST_F(PluginPipeline, ShowsWhereAPluginCrashedAndNotTheArtifactsUploadedSince) {
  const fs::path many = directory_ / "many";
  fs::create_directory(many);
  for (int i = 0; i < 40; ++i) std::ofstream(many / ("file-" + std::to_string(i))) << i;
  const json build = finished("  - label: greet\n    artifact_paths: \"" + many.string() +
                              "/*\"\n    plugins: [\"ostler://zoo#1\": {do: segv}]\n");
  EXPECT_EQ(build["state"], "failed") << build.dump(1) << log(0);
  EXPECT_THAT(log(0), HasSubstr("file-39"));
  const std::string shown = person_.said({"build", "show", "app/1"});
  EXPECT_THAT(shown, testing::ContainsRegex("\nphase +Running [^\n]*zoo"));
  EXPECT_THAT(shown, HasSubstr("the plugin crashed: SIGSEGV at zoo.so+"));
  EXPECT_THAT(shown, Not(HasSubstr("file-")));
}

TEST_F(PluginPipeline, NamesARefusedConfigurationWhereABuildIsShown) {
  const json build = finished(R"yaml(
  - label: "greet"
    plugins: ["ostler://zoo#1": {do: 7}]
)yaml");
  EXPECT_EQ(build["state"], "failed") << build.dump(1) << log(0);
  const auto shown = [&] { return person_.said({"build", "show", "app/1"}); };
  const std::string line =
      "greet failed: zoo#1.0.0 error (refused): configuration: /do: must be a string, is the "
      "number 7 (exit status 1)";
  EXPECT_TRUE(support::wait_until(10s, [&] { return shown().find(line) != std::string::npos; }))
      << shown();
}

TEST_F(PluginPipeline, ACancelReachesThePluginWithItsReason) {
  build_of("  - plugins: [\"ostler://zoo#1\": {do: stop}]\n");
  ASSERT_TRUE(
      support::wait_until(30s, [&] { return log(0).find("waiting") != std::string::npos; }));
  person_.said({"build", "cancel", "app/1"});
  const auto build = hub_.finished_build("app", 1, 60s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "canceled");
  EXPECT_THAT(log(0), HasSubstr("zoo#1.0.0 cancelled: reason 1"));
}

TEST_F(PluginPipeline, OutlivesTheAgent) {
  build_of("  - plugins: [\"ostler://zoo#1\": {do: stop}]\n");
  ASSERT_TRUE(
      support::wait_until(30s, [&] { return log(0).find("waiting") != std::string::npos; }));
  agent_.kill();
  agent_.start_again();
  person_.said({"build", "cancel", "app/1"});
  const auto build = hub_.finished_build("app", 1, 60s);
  ASSERT_TRUE(build);
  EXPECT_THAT(log(0), HasSubstr("zoo#1.0.0 cancelled: reason 1"));
}

TEST_F(PluginPipeline, KnowsABareNameInAnUploadedStep) {
  const json build = finished(R"yaml(
  - command: |
      echo 'steps: [{plugins: [{"zoo#1": {do: pass}}]}]' | buildkite-agent pipeline upload
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  ASSERT_EQ(build["jobs"].size(), 2u);
  EXPECT_THAT(log(1), HasSubstr("zoo#1.0.0 passed: done"));
}

TEST_F(PluginPipeline, HandsOutputsToLaterSteps) {
  const json build = finished(R"yaml(
  - key: zoo
    plugins: ["ostler://zoo#1": {do: services}]
  - wait
  - command: |
      echo "made $$(buildkite-agent meta-data get ostler:zoo:made)"
      buildkite-agent meta-data get ostler:zoo:result
)yaml");
  EXPECT_EQ(build["state"], "passed") << build.dump(1);
  const std::string said = log(build["jobs"].size() - 1);
  EXPECT_THAT(said, HasSubstr("made [1,2]"));
  EXPECT_THAT(said, HasSubstr(R"("outcome":"passed")"));
}

TEST_F(PluginPipeline, FailsByNameWhatIsNotInstalledAndRunsNoCommand) {
  const json build = finished(R"yaml(
  - command: echo the shell ran
    plugins: ["ostler://zou#1"]
)yaml");
  EXPECT_EQ(build["state"], "failed");
  EXPECT_EQ(build["jobs"][0]["exit_status"], 1);
  EXPECT_THAT(log(0), HasSubstr("no plugin zou in"));
  EXPECT_THAT(log(0), HasSubstr("did you mean \"zoo\"?"));
  EXPECT_THAT(log(0), testing::Not(HasSubstr("the shell ran")));
}

/// A person who publishes the plugin of the zoo, and a checkout whose lock names it.
class PublishedPlugin : public testing::Test {
 protected:
  PublishedPlugin() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::create_directories(zoo_);
    for (const char* name : {"plugin.json", "zoo.so"}) {
      fs::copy(built / "tests/integration/plugin_host/zoo" / name, zoo_ / name);
    }
  }

  std::string git(std::vector<std::string> words) const {
    words.insert(words.begin(),
                 {"git", "-C", repository_.string(), "-c", "user.name=a", "-c", "user.email=a@b"});
    const auto result = support::run_program(words);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
  /// A repository with that plugins.lock, and a pipeline of it.
  void commit(const std::string& lock) const {
    fs::create_directories(repository_);
    git({"init", "-q", "-b", "main"});
    std::ofstream(repository_ / "plugins.lock") << lock;
    git({"add", "."});
    git({"commit", "-q", "-m", "lock"});
    hub_.make_pipeline("app", "steps: [{plugins: [{\"ostler://zoo#1\": {do: pass}}]}]\n",
                       "file://" + repository_.string());
  }
  std::string log() const { return support::plain_log(hub_.log("app", 1, 0)); }

  const support::TempDirectory directory_;
  const fs::path zoo_ = directory_ / "zoo";
  const fs::path repository_ = directory_ / "repository";
  support::HubProcess hub_{directory_.path()};
  support::Person person_{hub_, directory_.path()};
};

TEST_F(PublishedPlugin, RunsOnAnAgentThatNobodyGaveIt) {
  const std::string said = person_.said({"plugin", "publish", zoo_});
  EXPECT_THAT(said, HasSubstr("zoo#1.0.0 is published for linux-"));
  const std::string line = said.substr(said.find("zoo 1.0.0 "));
  EXPECT_THAT(person_.said({"plugin", "publish", zoo_}), HasSubstr("zoo#1.0.0 was published"));
  commit(line);
  const support::AgentProcess agent(hub_, directory_.path());
  hub_.make_build("app");
  const json build = hub_.finished_build("app", 1, 60s).value();
  EXPECT_EQ(build["state"], "passed") << log();
  EXPECT_THAT(log(), HasSubstr("fetched zoo#1.0.0 from the hub"));
  EXPECT_TRUE(fs::exists(agent.state() / "plugins/zoo/1.0.0/zoo.so"));
}

TEST_F(PublishedPlugin, IsOneForEverAndOutlivesTheHub) {
  person_.said({"plugin", "publish", zoo_});
  hub_.kill();
  hub_.start_again();
  EXPECT_THAT(person_.said({"plugin", "publish", zoo_}), HasSubstr("was published"));
  std::string text = files::read_file(zoo_ / "plugin.json").value();
  text.replace(text.find("mostly wrong"), 12, "otherwise");
  std::ofstream(zoo_ / "plugin.json") << text;
  const auto refused = person_.ostler({"plugin", "publish", zoo_});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("another zoo#1.0.0 for linux-"));
  EXPECT_THAT(refused.err, HasSubstr("give this one a new version"));
}

TEST_F(PublishedPlugin, IsSaidToBeTakenOffWhereALockNamesIt) {
  const std::string said = person_.said({"plugin", "publish", zoo_});
  EXPECT_THAT(person_.said({"plugin", "unpublish", "zoo@1.0.0"}),
              HasSubstr("zoo#1.0.0 is taken off"));
  commit(said.substr(said.find("zoo 1.0.0 ")));
  const support::AgentProcess agent(hub_, directory_.path());
  hub_.make_build("app");
  EXPECT_EQ(hub_.finished_build("app", 1, 60s).value()["state"], "failed");
  EXPECT_THAT(log(), HasSubstr("fetch zoo#1.0.0"));
  EXPECT_THAT(log(), HasSubstr("it was taken off the hub"));
  EXPECT_THAT(person_.ostler({"plugin", "unpublish", "zoo"}).err, HasSubstr("its whole version"));
}

TEST_F(PublishedPlugin, IsNotFetchedWithoutALockOrAgainstTheOperator) {
  const std::string said = person_.said({"plugin", "publish", zoo_});
  commit("# nothing is locked\n");
  const support::AgentProcess agent(hub_, directory_.path());
  hub_.make_build("app");
  ASSERT_TRUE(hub_.finished_build("app", 1, 60s));
  EXPECT_THAT(log(), HasSubstr("no plugin zoo in"));
  EXPECT_FALSE(fs::exists(agent.state() / "plugins/zoo"));
}

}  // namespace
}  // namespace ostler
