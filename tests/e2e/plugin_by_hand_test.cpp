// SPDX-License-Identifier: Apache-2.0
// Plugins outside any build: "plugin run", and "plugin test" of what runs programs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

/// The plugin of the zoo, which may run programs.
class PluginByHand : public testing::Test {
 protected:
  PluginByHand() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::copy(built / "tests/integration/plugin_host/zoo", plugin());
    permit({{"workspace", "write"}, {"commands", "host"}});
    for (const char* name : {"cases", "workspace", "temporary"}) {
      fs::create_directory(directory_ / name);
    }
    const json config = {{"do", "handle write to nobody"},
                         {"path", "exec <&-; touch begun; exec sleep 60"}};
    std::ofstream(directory_ / "cases/writes.json") << config;
  }

  void permit(const json& permissions) const {
    json manifest = json::parse(files::read_file(plugin() / "plugin.json").value());
    manifest["permissions"] = permissions;
    std::ofstream(plugin() / "plugin.json") << manifest;
  }
  fs::path plugin() const { return directory_ / "zoo"; }
  ProgramResult ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), ostler_program());
    return run_program(words, options());
  }
  ProgramOptions options() const {
    return {{{"TMPDIR", directory_ / "temporary"}, {"XDG_STATE_HOME", directory_ / "state"}},
            directory_ / "workspace"};
  }
  /// The words of a run that makes these calls, one a line.
  std::vector<std::string> run_of(const std::string& name, const std::string& calls) const {
    const fs::path config = directory_ / (name + ".json");
    std::ofstream(config) << json{{"do", "call"}, {"path", calls}};
    return {"plugin", "run", plugin(), "--config", config};
  }
  ChildProgram start(const std::string& name, const std::string& calls) const {
    auto words = run_of(name, calls);
    words.insert(words.begin(), ostler_program());
    fs::create_directory(directory_ / name);
    return {words, directory_ / name, options()};
  }
  static bool says(const ChildProgram& one, const std::string& text) {
    return wait_until(std::chrono::seconds(20),
                      [&] { return one.out().find(text) != std::string::npos; });
  }
  bool is_left_nothing() const { return fs::is_empty(directory_ / "temporary"); }

  const TempDirectory directory_;
};

TEST_F(PluginByHand, IsToldThatItsProgramReadsNoMore) {
  const auto ran =
      ostler({"plugin", "run", plugin(), "--config", directory_ / "cases/writes.json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("passed: 5\n"));
  EXPECT_TRUE(is_left_nothing());
}

TEST_F(PluginByHand, IsNotRunWithAConfigurationThatIsNotThere) {
  const auto ran = ostler({"plugin", "run", plugin(), "--config", directory_ / "none.json"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("none.json"));
}

TEST_F(PluginByHand, IsToldThatItsProgramReadsNoMoreInATest) {
  const auto tested = ostler({"plugin", "test", plugin(), directory_ / "cases", "--accept"});
  EXPECT_EQ(tested.code, 0) << tested.err;
  const auto expected = files::read_file(directory_ / "cases/writes.expected");
  ASSERT_TRUE(expected) << expected.error().message();
  EXPECT_THAT(expected.value(), HasSubstr("passed: 5\n"));
  EXPECT_TRUE(is_left_nothing());
}

TEST_F(PluginByHand, PrintsFiguresAndNamesWhatNeedsAJob) {
  permit({{"services", {"metric", "service", "annotation"}}, {"secrets", {"KEY"}}});
  const auto ran = ostler(run_of("metric",
                                 "ostler.metric/1/count|tests|214\n"
                                 "ostler.metric/1/cost|model|0.25|USD\n"
                                 "ostler.metric/1/count|Tests|1\n"
                                 "ostler.service/1/stop|web\n"));
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("~~~ metric tests = 214\n~~~ metric model = 0.25 USD\n"));
  EXPECT_THAT(ran.out, HasSubstr("~~~ outside a job there is no service, no annotation, no secret; "
                                 "calls of it fail\n"));
  EXPECT_THAT(ran.out, HasSubstr("passed: 0 ; 0 ; 7 the name of a metric is "));
  EXPECT_THAT(ran.out,
              HasSubstr("; 6 a service outlives the job of an agent, and here is none: run "
                        "the step in a pipeline, on `ostler up --plugin-services zoo`"));
}

TEST_F(PluginByHand, PrintsReportsInShort) {
  permit({{"services", {"report"}}, {"workspace", "read"}});
  std::ofstream(directory_ / "workspace/unit.xml")
      << R"(<testsuite name="s"><testcase name="a"/><testcase name="b"><failure/></testcase>)"
      << "</testsuite>";
  std::ofstream(directory_ / "outside.xml") << "<testsuite/>";
  const std::string outside = directory_ / "outside.xml";
  const auto ran =
      ostler(run_of("report",
                    "ostler.report/1/junit|unit|unit.xml\n"
                    "ostler.report/1/table|sizes|{\"columns\": [\"a\"], \"rows\": []}\n"
                    "ostler.report/1/junit|unit|" +
                        outside + "\nostler.report/1/sarif|lint|unit.xml\n"));
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("~~~ report junit unit: 1 of 2 failed: b\n"));
  EXPECT_THAT(ran.out, HasSubstr("~~~ report table sizes: "));
  EXPECT_THAT(ran.out, HasSubstr("; 7 " + outside + " is neither in the workspace"));
  EXPECT_THAT(ran.out, HasSubstr("; 7 no sarif report: "));
}

TEST_F(PluginByHand, HasListenersForItsCommands) {
  permit({{"services", {"listener"}}, {"commands", "host"}});
  const auto ran = ostler(run_of(
      "listener",
      "ostler.listener/1/open|web|0\nostler.command/1/run|o|0||sh|-c|"
      "echo $LISTEN_FDS $LISTEN_FDNAMES $OSTLER_LISTENER_WEB; readlink /proc/$$/fd/3\n"
      "ostler.listener/1/close|web\nostler.command/1/run|o|0||sh|-c|echo none: $LISTEN_FDS\n"));
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, testing::ContainsRegex("passed: 0 (127\\.0\\.0\\.1:[0-9]+); 0 0 0 0 0 1 web "
                                              "127\\.0\\.0\\.1:[0-9]+ socket:\\[[0-9]+\\] ; 0 ; "
                                              "0 0 0 0 0 none: "));
}

TEST_F(PluginByHand, HoldsLocksThatOtherRunsWaitFor) {
  permit({{"services", {"lock"}}});
  const std::string take = "ostler.lock/1/acquire|prod/web|";
  ChildProgram holder = start("holder", take + "0\n" + take + "0\nwait\nhibernate\n");
  ASSERT_TRUE(says(holder, "waiting"));
  EXPECT_THAT(ostler(run_of("late", take + "0\nostler.lock/1/release|prod/web\n")).out,
              HasSubstr("passed: 2 did not get the lock prod/web, held by another run; "
                        "3 this run does not hold the lock prod/web"));
  ChildProgram cancelled = start("cancelled", take + "-1\n");
  ChildProgram heir = start("heir", take + "-1\nostler.lock/1/acquire|prod/db|0\n");
  const std::string told = "~~~ waits for the lock prod/web, held by another run\n";
  for (const ChildProgram* one : {&cancelled, &heir}) {
    ASSERT_TRUE(says(*one, told));
  }
  cancelled.signal(SIGINT);
  EXPECT_TRUE(cancelled.wait(std::chrono::seconds(9))) << "its grace is 10 s";
  EXPECT_THAT(cancelled.out(), HasSubstr("passed: 1 the job was cancelled"));
  holder.kill();
  EXPECT_EQ(heir.wait(std::chrono::seconds(20)), 0) << heir.out();
  EXPECT_THAT(heir.out(), HasSubstr("passed: 0 2; 0 1\n"));
}

}  // namespace
}  // namespace ostler::support
