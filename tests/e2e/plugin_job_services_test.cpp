// SPDX-License-Identifier: Apache-2.0
// What a step plugin may do for its job, its build and its pipeline, on a real hub.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>

#include "e2e/plugin_pipeline.hpp"
#include "files/file.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

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

}  // namespace
}  // namespace ostler
