// SPDX-License-Identifier: Apache-2.0
// What a step plugin finds and leaves on its host: a real hub, agent and boxes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/digest.hpp"
#include "e2e/python_plugin.hpp"
#include "files/file.hpp"
#include "plugin_host/call_filter.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

class PluginFiles : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
    if (plugin_host::landlock_version() == 0) GTEST_SKIP() << "this kernel has no Landlock";
  }

  /// A plugin in Python, whose step is `body`, with a resource words.txt.
  void install(const std::string& permissions, const std::string& body) const {
    install_plugin(directory_ / "state",
                   {.id = "holder",
                    .source = "\ndef work(step):\n" + body + "\n\nrun('holder', '1.0.0', work)\n",
                    .permissions = permissions,
                    .files = {{"words.txt", kWords}}});
  }
  fs::path place() const { return directory_ / "state/plugins/holder/1.0.0"; }

  json build_of(const std::string& pipeline) {
    if (numbers_[pipeline]++ == 0) {
      hub_.make_pipeline(pipeline,
                         "env: {BUILDKITE_SKIP_CHECKOUT: \"true\"}\n"
                         "steps:\n  - plugins: [\"ostler://holder#1\"]\n");
    }
    hub_.make_build(pipeline);
    return hub_.finished_build(pipeline, numbers_[pipeline], 120s).value();
  }
  std::string log(const std::string& pipeline = "app") {
    return plain_log(hub_.log(pipeline, numbers_[pipeline], 0));
  }

  static constexpr const char* kWords = "one two three\n";

  const TempDirectory directory_;
  std::map<std::string, int> numbers_;  ///< of the newest build of each pipeline
  HubProcess hub_{directory_.path()};
  AgentProcess agent_{hub_, directory_.path(), {}};
  Person person_{hub_, directory_.path()};
};

TEST_F(PluginFiles, AreResourcesThatAStepAndItsCommandsReadAndCannotChange) {
  install(R"({"commands": "workspace"})", R"py(
    path = step.resource("words.txt")
    step.log("read " + open(path).read())
    for name, change in (("write", lambda: open(path, "a")), ("remove", lambda: os.remove(path)),
                         ("add", lambda: open(step.resource("more"), "w")),
                         ("rename", lambda: os.rename(path, path + "2"))):
        try:
            change()
            step.log(name + " has worked")
        except PermissionError:
            step.log(name + " is refused")
    status, said = step.run(["sh", "-c", "cat $0; echo x 2>&- > $0 || echo refused", path],
                            capture=True)
    step.log("command: " + said)
    step.output("place", path)
    return passed("read"))py");
  const json build = build_of("app");
  ASSERT_EQ(build["state"], "passed") << log();
  for (const char* said : {"read one two three", "write is refused", "remove is refused",
                           "add is refused", "rename is refused", "command: one two three"}) {
    EXPECT_THAT(log(), HasSubstr(said));
  }
  EXPECT_THAT(log(), testing::ContainsRegex("command: one two three[^a-z]*refused"));
  const json events = hub_.rest("GET", "/organizations/ostler/jobs/" +
                                           build["jobs"][0]["id"].get<std::string>() + "/events")
                          .json();
  const fs::path copy = events[0]["data"]["value"].get<std::string>();
  EXPECT_EQ(copy.filename(), "words.txt");
  EXPECT_FALSE(fs::exists(copy.parent_path())) << "it goes with the run";
}

TEST_F(PluginFiles, AreRefusedByNameWhenTheyAreNotThoseOfTheManifest) {
  install("{}", "    return passed('ran')");
  std::ofstream(place() / "words.txt") << "other words\n";
  EXPECT_EQ(build_of("app")["state"], "failed");
  EXPECT_THAT(log(), HasSubstr("its resource words.txt is not the file that its manifest names"));
  EXPECT_THAT(log(), testing::Not(HasSubstr("ran")));
  fs::remove(place() / "words.txt");
  std::ofstream(directory_ / "elsewhere") << kWords;
  fs::create_symlink(directory_ / "elsewhere", place() / "words.txt");
  EXPECT_EQ(build_of("app")["state"], "failed");
  EXPECT_THAT(log(), HasSubstr("words.txt is a symbolic link"));
  const auto checked = person_.ostler({"plugin", "check", place()});
  EXPECT_NE(checked.code, 0);
  EXPECT_THAT(checked.err, HasSubstr("words.txt: is a symbolic link"));
}

TEST_F(PluginFiles, FailAStepWhenSomebodyChangesThemMeanwhile) {
  install(R"({"commands": "host"})", R"py(
    path = step.resource("words.txt")
    if step.get_variable("BUILDKITE_PIPELINE_SLUG") == "changes":
        step.run(["sh", "-c", "chmod u+w $0 && cp $0 $0.old; echo other > $0", path])
    return passed("read " + open(path).read().strip()))py");
  EXPECT_EQ(build_of("reads")["state"], "passed") << log("reads");
  const json build = build_of("changes");
  EXPECT_EQ(build["state"], "failed") << log("changes");
  EXPECT_THAT(log("changes"),
              HasSubstr("error (resource_changed): its resource words.txt was changed"));
}

TEST_F(PluginFiles, AreThereOutsideABuildToo) {
  install("{}", "    return passed(open(step.resource('words.txt')).read().strip())");
  EXPECT_THAT(person_.said({"plugin", "show", place()}),
              HasSubstr("\nresource: words.txt sha256:"));
  EXPECT_THAT(person_.said({"plugin", "run", place()}), HasSubstr("passed: one two three"));
  std::ofstream(place() / "words.txt") << "other words\n";
  const auto refused = person_.ostler({"plugin", "run", place()});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("its resource words.txt"));
}

TEST_F(PluginFiles, AreTheSameInEachRunOfACase) {
  install(R"({"host_directory": "write"})", R"py(
    kept = os.path.join(step.host_directory(), "kept")
    step.log(f"{step.resource('words.txt')} {kept} {os.path.exists(kept)}")
    with open(kept, "w") as file:
        file.write("x")
    return passed("noted"))py");
  fs::create_directories(directory_ / "cases");
  std::ofstream(directory_ / "cases/one.json") << "{}";
  const std::string cases = directory_ / "cases";
  person_.ostler({"plugin", "test", place(), cases, "--accept"});
  const std::string said = files::read_file(directory_ / "cases/one.expected").value();
  EXPECT_THAT(said, HasSubstr("RESOURCES/words.txt HOST_DIRECTORY/kept False\n"));
  EXPECT_THAT(person_.said({"plugin", "test", place(), cases}), HasSubstr("one"));
}

/// Counts how often it has run in that directory.
constexpr const char* kCounts = R"py(
    path = os.path.join(step.host_directory(), "count")
    count = 1 + (int(open(path).read()) if os.path.exists(path) else 0)
    with open(path, "w") as file:
        file.write(str(count))
    return passed(f"run {count} in {step.host_directory()}"))py";

TEST_F(PluginFiles, StayForLaterJobsOfTheirPipelineAlone) {
  install(R"({"host_directory": "write"})", kCounts);
  for (int run = 1; run <= 2; ++run) {
    ASSERT_EQ(build_of("app")["state"], "passed") << log();
    EXPECT_THAT(log(), HasSubstr("passed: run " + std::to_string(run) + " in "));
  }
  EXPECT_THAT(log(), HasSubstr("keeps files on this host for later jobs of its pipeline"));
  EXPECT_EQ(build_of("other")["state"], "passed") << log("other");
  EXPECT_THAT(log("other"), HasSubstr("passed: run 1 in "));
  agent_.kill();
  agent_.start_again();
  EXPECT_EQ(build_of("app")["state"], "passed") << log();
  EXPECT_THAT(log(), HasSubstr("passed: run 3 in ")) << "an agent that was killed";
}

TEST_F(PluginFiles, StayForOneBundleAndForOneRepositoryOutsideABuild) {
  install(R"({"host_directory": "write"})", kCounts);
  EXPECT_THAT(person_.said({"plugin", "run", place()}), HasSubstr("passed: run 1 in "));
  EXPECT_THAT(person_.said({"plugin", "run", place()}), HasSubstr("passed: run 2 in "));
  fs::copy(place(), directory_ / "of-a-stranger");
  EXPECT_THAT(person_.said({"plugin", "run", directory_ / "of-a-stranger"}),
              HasSubstr("passed: run 1 in "));
  ASSERT_EQ(person_
                .shell("for name in one two; do git init -q $name && git -C $name -c user.name=t "
                       "-c user.email=t@example.org commit -q --allow-empty -m first; done")
                .code,
            0);
  std::ofstream(directory_ / "p.yml") << "steps:\n  - plugins: [\"ostler://holder#1\"]\n";
  const std::string run = "ostler run p.yml --repo ";
  const std::string store = "OSTLER_PLUGIN_STORE=" + (directory_ / "state/plugins").string() + " ";
  EXPECT_THAT(person_.shell(store + run + "one").out, HasSubstr("passed: run 1 in "));
  EXPECT_THAT(person_.shell(store + run + "one").out, HasSubstr("passed: run 2 in "));
  EXPECT_THAT(person_.shell(store + run + "two").out, HasSubstr("passed: run 1 in "));
}

TEST_F(PluginFiles, GoWhenNobodyHasUsedThemForAMonth) {
  install(R"({"host_directory": "write"})", kCounts);
  const auto place_of = [this](const std::string& pipeline) {
    for (const auto& kept : fs::directory_iterator(directory_ / "state/plugin-files")) {
      if (!kept.is_directory()) continue;
      const std::string use = files::read_file(kept.path() / "use").value();
      if (use.find("/" + pipeline + "\n") != use.npos) return kept.path();
    }
    return fs::path("none");
  };
  const auto make_old = [](const fs::path& kept) {
    fs::last_write_time(kept / "use", fs::file_time_type::clock::now() - 24h * 31);
  };
  const fs::path mark = directory_ / "state/plugin-files/.cleared";
  const auto pass_an_hour = [&mark] {
    fs::last_write_time(mark, fs::file_time_type::clock::now() - 61min);
  };
  ASSERT_EQ(build_of("app")["state"], "passed") << log();
  ASSERT_EQ(build_of("other")["state"], "passed") << log("other");
  const fs::path app = place_of("app");
  const fs::path other = place_of("other");
  make_old(app);
  pass_an_hour();
  agent_.kill();
  agent_.start_again();
  EXPECT_TRUE(wait_until(60s, [&] { return !fs::exists(app); })) << "when an agent starts";
  EXPECT_TRUE(fs::exists(other));
  const auto is_marked = [&mark] {
    return fs::last_write_time(mark) > fs::file_time_type::clock::now() - 30min;
  };
  ASSERT_TRUE(wait_until(60s, is_marked)) << "it is done";
  make_old(other);
  ASSERT_EQ(build_of("app")["state"], "passed") << log();
  EXPECT_THAT(log(), HasSubstr("passed: run 1 in "));
  EXPECT_TRUE(fs::exists(other)) << "within the hour";
  pass_an_hour();
  ASSERT_EQ(build_of("app")["state"], "passed") << log();
  EXPECT_FALSE(fs::exists(other)) << "when a job with such a plugin ends";
}

TEST_F(PluginFiles, AreTheCachesOfConfinedCommands) {
  install(R"({"host_directory": "write", "commands": "workspace"})", R"py(
    status, said = step.run(["sh", "-c", "echo kept >> $XDG_CACHE_HOME/list && "
                             "cat $XDG_CACHE_HOME/list; echo x 2>&- > $XDG_CACHE_HOME/../use || "
                             "echo refused"], capture=True)
    step.log("command: " + said)
    return passed(" ".join(os.listdir(step.host_directory()))))py");
  ASSERT_EQ(build_of("app")["state"], "passed") << log();
  EXPECT_THAT(log(), testing::ContainsRegex("command: kept[^a-z]*refused"));
  EXPECT_THAT(log(), HasSubstr("passed: list"));
}

TEST_F(PluginFiles, DoNotStayUnlessTheManifestSaysSo) {
  install("{}", "    return passed('it is in ' + step.host_directory())");
  EXPECT_EQ(build_of("app")["state"], "failed");
  EXPECT_THAT(log(), HasSubstr(R"("permissions": {"host_directory": "write"})"));
  EXPECT_FALSE(fs::exists(directory_ / "state/plugin-files"));
  EXPECT_THAT(person_.said({"plugin", "show", place()}),
              testing::Not(HasSubstr("keeps files on this host")));
  install(R"({"host_directory": "write"})", kCounts);
  EXPECT_THAT(person_.said({"plugin", "show", place()}),
              HasSubstr("keeps files on this host for later jobs of its pipeline"));
  for (const char* run : {"run 1 in ", "run 2 in "}) {
    EXPECT_THAT(person_.said({"plugin", "run", place()}), HasSubstr(run));
  }
}

}  // namespace
}  // namespace ostler::support
