// SPDX-License-Identifier: Apache-2.0
// The way of a plugin's author: only the installed package, the commands of sdk/README.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "e2e/author_commands.hpp"
#include "e2e/plugin_author.hpp"
#include "e2e/python_plugin.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(Plugins, AreBuiltAgainstTheInstalledPackageAndRun) {
  const Author author;
  const std::string greet = author.build(source_root() / "examples/plugins/greet-c", "greet");
  const auto checked = ostler({"plugin", "check", greet});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("greet#1.0.0: no faults"));
  EXPECT_THAT(ostler({"plugin", "show", greet}).out, HasSubstr("Whom to greet"));
  std::ofstream(author / "ada.json") << R"({"name": "Ada"})";
  const auto ran = ostler({"plugin", "run", greet, "--config", author / "ada.json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("confined by"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, Ada!\npassed: greeted one\nused 0."));
}

TEST(Plugins, AreBuiltWithoutCMakeByWhatPkgConfigSays) {
  const Author author;
  const fs::path source = source_root() / "examples/plugins/greet-c";
  fs::create_directories(author / "greet");
  const std::string script =
      "set -e; export PKG_CONFIG_PATH=$(dirname $(find \"$0\" -name ostler-sdk.pc))\n"
      "clang-19 -Wall -Werror greet.c $(pkg-config --cflags --libs ostler-sdk) -o \"$1/greet.so\"\n"
      "cmake -DMANIFEST=plugin.json -DLIBRARY=\"$1/greet.so\" -DOUTPUT=\"$1/plugin.json\" "
      "-P \"$(pkg-config --variable=write_manifest ostler-sdk)\"\n";
  ProgramOptions options;
  options.directory = source;
  const auto built = run_program({"sh", "-c", script, author.prefix(), author / "greet"}, options);
  ASSERT_EQ(built.code, 0) << built.out << built.err;
  const auto checked = ostler({"plugin", "check", author / "greet"});
  EXPECT_EQ(checked.code, 0) << checked.err;
  EXPECT_THAT(ostler({"plugin", "run", author / "greet"}).out, HasSubstr("passed: greeted one"));
}

TEST(Plugins, AreShownWithWhatTheyMayTouchAndWhatTheirConfigurationMustBe) {
  const TempDirectory directory;
  write_plugin(directory / "shown", {.id = "shown",
                                     .source = "",
                                     .permissions = R"({"network": "direct"})",
                                     .configuration = R"j({
      "type": "object", "minProperties": 1,
      "properties": {
        "port": {"type": "integer", "minimum": 1, "maximum": 65535, "description": "Its port"},
        "name": {"type": "string", "pattern": "^[a-z]+$"},
        "size": {"oneOf": [{"type": "integer"}, {"enum": ["all"]}]}}})j"});
  const std::string shown = ostler({"plugin", "show", directory / "shown"}).out;
  for (const char* pattern :
       {"permissions: .*any host of the network", "PROPERTY +TYPE +RULES +DEFAULT +MEANING\n",
        "port +integer +at least 1, at most 65535 +Its port",
        "name +string +must match the pattern \\^\\[a-z\\]\\+\\$",
        "size +any +only one of: a whole number or \"all\"", "\nconfiguration: at least 1 key\n"}) {
    EXPECT_THAT(shown, testing::ContainsRegex(pattern));
  }
}

TEST(Plugins, AreFoundInAStore) {
  const Author author;
  const std::string greet = author.build(source_root() / "examples/plugins/greet-c", "greet");
  const std::string store = author / "store";
  fs::create_directories(author / "store/greet");
  fs::copy(greet, author / "store/greet/1.0.0", fs::copy_options::recursive);
  EXPECT_EQ(ostler({"plugin", "run", "greet#1.0.0", "--store", store}).code, 0);
  const auto near = ostler({"plugin", "run", "great#1.0.0", "--store", store});
  EXPECT_EQ(near.code, 1);
  EXPECT_THAT(near.err, HasSubstr("did you mean \"greet\""));
}

TEST(Plugins, AreRefusedAWrongConfigurationAndAChangedFile) {
  const Author author;
  const std::string greet = author.build(source_root() / "examples/plugins/greet-c", "greet");
  std::ofstream(author / "twice.json") << R"({"name": "a", "name": "b"})";
  const auto twice = ostler({"plugin", "run", greet, "--config", author / "twice.json"});
  EXPECT_EQ(twice.code, 2);
  EXPECT_THAT(twice.err, HasSubstr("twice"));
  std::ofstream(greet + "/greet.so", std::ios::app) << "x";
  const auto changed = ostler({"plugin", "run", greet});
  EXPECT_EQ(changed.code, 2);
  EXPECT_THAT(changed.err, HasSubstr("SHA-256"));
  EXPECT_EQ(ostler({"plugin", "check", greet}).code, 2);
}

TEST(Plugins, AreAStructAndAFunctionInCpp) {
  const Author author;
  const std::string greet = author.build(source_root() / "examples/plugins/greet-cpp", "greet-cpp");
  EXPECT_EQ(ostler({"plugin", "check", greet}).code, 0);
  const auto ran = ostler({"plugin", "run", greet});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!\npassed: greeted one\n"));
}

TEST(Plugins, EndAsTheStepSays) {
  const Author author;
  const std::string count = author.build(source_root() / "examples/plugins/countdown", "countdown");
  std::ofstream(author / "fails.json") << R"({"fails": true, "step_ms": 1})";
  const auto ran = ostler({"plugin", "run", count, "--config", author / "fails.json"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_THAT(ran.out, HasSubstr("output counted = 3\n"));
  EXPECT_THAT(ran.out, HasSubstr("detail {\"engine\": 1}\n"));
  EXPECT_THAT(ran.out,
              HasSubstr("failed (no_ignition): the engine did not start; look at the fuel\n"));
}

TEST(Plugins, CleanUpWhenTheyAreStopped) {
  const Author author;
  const std::string count = author.build(source_root() / "examples/plugins/countdown", "countdown");
  std::ofstream(author / "slow.json") << R"({"from": 1000, "step_ms": 60000})";
  ChildProgram run({ostler_program(), "plugin", "run", count, "--config", author / "slow.json"},
                   author / "");
  ASSERT_TRUE(wait_until(std::chrono::seconds(20),
                         [&] { return run.out().find("1000\n") != std::string::npos; }));
  run.signal(SIGINT);
  EXPECT_EQ(run.wait(std::chrono::seconds(20)), 130);
  EXPECT_THAT(run.out(), HasSubstr("cleaned up\ncancelled: stopped at 1000\n"));
}

TEST(Plugins, LetNoExceptionCross) {
  const Author author;
  const fs::path place = author / "thrower";
  fs::copy(source_root() / "examples/plugins/greet-cpp", place, fs::copy_options::recursive);
  std::ofstream(place / "greet.cpp") << R"(#include <ostler/cpp/step_plugin.hpp>
struct Nothing {
  static Nothing read(const ostler::ConfigReader&) { return {}; }
};
static ostler::StepEnd run(const ostler::Services& services, const Nothing&) {
  services.config().integer("/name");
  return ostler::passed("");
}
OSTLER_STEP_PLUGIN("greet-cpp", "1.0.0", Nothing, run);
)";
  const auto ran = ostler({"plugin", "run", author.build(place, "greet-cpp")});
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("error (invalid): /name is no whole number of 64 bits\n"));
}

TEST(PluginSignature, IsRemovedByABuildThatChangesTheManifest) {
  const Author author;
  const std::string source = author / "source";
  fs::copy(source_root() / "examples/plugins/greet-c", source, fs::copy_options::recursive);
  const std::string greet = author.build(source, "greet");
  std::ofstream(greet + "/plugin.json.sig") << "a signature";
  EXPECT_EQ(author.build(source, "greet"), greet);
  EXPECT_TRUE(fs::exists(greet + "/plugin.json.sig")) << "nothing has changed";
  std::ofstream(source + "/plugin.json", std::ios::app) << "\n";
  std::ofstream(source + "/greet.c", std::ios::app) << "OSTLER_EXPORT int more;\n";
  author.build(source, "greet");
  EXPECT_FALSE(fs::exists(greet + "/plugin.json.sig"));
}

TEST(PluginTest, ComparesEachCaseWithWhatWasAccepted) {
  const Author author;
  const std::string count = author.build(source_root() / "examples/plugins/countdown", "countdown");
  const std::string cases = author / "cases";
  fs::create_directories(cases);
  EXPECT_THAT(ostler({"plugin", "test", count, cases}).err, HasSubstr("has no cases"));
  std::ofstream(cases + "/fails.json") << R"({"fails": true, "step_ms": 1})";
  std::ofstream(cases + "/refused.json") << R"({"from": "three"})";
  const auto first = ostler({"plugin", "test", count, cases});
  EXPECT_EQ(first.code, 1);
  EXPECT_THAT(first.out, HasSubstr("failed fails: nothing is expected yet"));
  EXPECT_EQ(ostler({"plugin", "test", count, cases, "--accept"}).code, 0);
  const std::string kept = files::read_file(cases + "/fails.expected").value();
  EXPECT_THAT(kept,
              HasSubstr("output counted = 3\ndetail {\"engine\": 1}\nfailed (no_ignition): "));
  EXPECT_THAT(kept, testing::EndsWith("\nexit status 3\n"));
  EXPECT_THAT(files::read_file(cases + "/refused.expected").value(),
              testing::StartsWith("refused: configuration: /from: "));
  const auto again = ostler({"plugin", "test", count, cases});
  EXPECT_EQ(again.code, 0) << again.out;
  EXPECT_EQ(again.out, "passed fails\npassed refused\n2 of 2 passed\n");
  std::ofstream(cases + "/fails.json") << R"({"fails": true, "step_ms": 1, "from": 2})";
  const auto other = ostler({"plugin", "test", count, cases});
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.out, HasSubstr("failed fails\n"));
  EXPECT_THAT(other.out, HasSubstr("- output counted = 3\n"));
  EXPECT_THAT(other.out, HasSubstr("+ output counted = 2\n"));
  EXPECT_THAT(other.out, HasSubstr("1 of 2 passed"));
}

TEST(PluginTest, EndsACaseThatTakesTooLong) {
  const Author author;
  const std::string count = author.build(source_root() / "examples/plugins/countdown", "countdown");
  const std::string cases = author / "cases";
  fs::create_directories(cases);
  std::ofstream(cases + "/slow.json") << R"({"from": 1000, "step_ms": 60000})";
  EXPECT_THAT(ostler({"plugin", "test", count, cases, "--time-limit", "1", "--real-time"}).out,
              HasSubstr("it was ended after 1 s"));
}

TEST(PluginDev, SaysWhatTheMachineLacksInPlaceOfWhatCMakeSays) {
  const TempDirectory directory;
  const ProgramOptions here{{}, directory / ""};
  ASSERT_EQ(run_program({ostler_program(), "plugin", "new", "mine", "--lang", "c"}, here).code, 0);
  const std::string path = directory / "bin";
  fs::create_directories(path);
  const auto cmake_says = [&](const std::string& words) {
    std::ofstream(path + "/cmake") << "#!/bin/sh\necho '" + words + "' >&2; exit 1\n";
    fs::permissions(path + "/cmake", fs::perms::owner_all);
    return run_program({ostler_program(), "plugin", "dev", "mine"},
                       {{{"PATH", path}}, here.directory});
  };
  const auto lacking = cmake_says("Could not find\nostler-sdk-config.cmake\n");
  EXPECT_EQ(lacking.code, 1);
  EXPECT_EQ(lacking.out, "");
  EXPECT_THAT(lacking.err, testing::StartsWith("ostler: plugin dev: the SDK of Ostler"));
  EXPECT_THAT(lacking.err, HasSubstr("(what CMake said: mine/build/configure.log)\n"));
  EXPECT_THAT(lacking.err, testing::Not(HasSubstr("Could not find")));
  EXPECT_THAT(files::read_file(directory / "mine/build/configure.log").value(),
              HasSubstr("Could not find"));
  const auto wrong = cmake_says("Parse error.");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_EQ(wrong.err, "Parse error.\n");
}

/// A new plugin that `plugin dev --watch` builds and runs.
class WatchedPlugin : public testing::Test {
 protected:
  void make(const std::string& language) const {
    const ProgramOptions options{environment_, author_ / ""};
    const auto made =
        run_program({ostler_program(), "plugin", "new", "mine", "--lang", language}, options);
    ASSERT_EQ(made.code, 0) << made.err;
  }
  void watch() {
    const ProgramOptions inside{environment_, author_ / "mine"};
    const std::vector<std::string> words = {ostler_program(), "plugin", "dev", ".", "--watch"};
    dev_.emplace(words, author_ / "", inside);
  }
  std::string said() const { return dev_->out() + dev_->err(); }
  bool says(const std::string& text) const {
    return wait_until(std::chrono::seconds(60),
                      [&] { return said().find(text) != std::string::npos; });
  }
  void end() {
    dev_->signal(SIGINT);
    EXPECT_EQ(dev_->wait(std::chrono::seconds(20)), 130);
  }

  const Author author_;
  const std::map<std::string, std::string> environment_{{"CMAKE_PREFIX_PATH", author_.prefix()}};
  std::optional<ChildProgram> dev_;
};

TEST_F(WatchedPlugin, IsBuiltAndRunAgainOnEveryChange) {
  make("c");
  const fs::path source = author_ / "mine/plugin.c";
  watch();
  ASSERT_TRUE(says("Hello, world!\n")) << said();
  ASSERT_TRUE(says("waiting for a change in .; Ctrl-C ends\n"));
  std::string text = files::read_file(source).value();
  std::ofstream(source) << "this is no C\n" + text;
  ASSERT_TRUE(says("this is no C")) << said();
  ASSERT_NE(text.find("Hello, "), std::string::npos);
  text.replace(text.find("Hello, "), 7, "Good day, ");
  std::ofstream(source) << text;
  EXPECT_TRUE(says("Good day, world!\n")) << said();
  end();
}

constexpr const char* kRunsOn = R"py(from ostler_step import passed, run

def main(step):
    step.log("runs on")
    step.log(f"told to stop: {step.sleep(600)}")
    return passed("over")

run("mine", "1.0.0", main)
)py";

TEST_F(WatchedPlugin, IsReplacedWhileItStillRuns) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  make("python");
  const fs::path source = author_ / "mine/__main__.py";
  std::ofstream(source) << kRunsOn;
  watch();
  ASSERT_TRUE(says("runs on\n")) << said();
  std::ofstream(source) << "from ostler_step import passed, run\n"
                           "run('mine', '1.0.0', lambda step: passed('took its place'))\n";
  EXPECT_TRUE(says("passed: took its place\n")) << said();
  EXPECT_THAT(said(), HasSubstr("told to stop: True\n"));
  end();
}

TEST(Plugins, KeepValuesBetweenRunsOutsideAnyBuild) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const Author author;
  const fs::path place = author / "counter";
  write_plugin(place, {.id = "counter",
                       .source = R"py(
def count(step):
    value, revision = step.get_state('runs', scope='host')
    new = step.set_state('runs', int(value or 0) + 1, expected=revision, scope='host')
    lost = step.set_state('runs', 'stale', expected=revision, scope='host')
    keys = step.state_keys(scope='host'), step.state_keys()
    if value == '2': step.delete_state('runs', scope='host')
    return passed(f'{value}, {new > revision}, {lost}, {keys}')
run('counter', '1.0.0', count)
)py",
                       .permissions = R"({"services": ["state"]})",
                       .configuration = R"({"type": "object"})"});
  const ProgramOptions options{{{"XDG_STATE_HOME", author / "home"}}, place};
  for (const char* before : {"None", "1", "2", "None"}) {
    const auto ran = run_program({ostler_program(), "plugin", "run", place}, options);
    EXPECT_EQ(ran.code, 0) << ran.err << ran.out;
    EXPECT_THAT(ran.out,
                HasSubstr("passed: " + std::string(before) + ", True, None, (['runs'], [])\n"));
  }
}

}  // namespace
}  // namespace ostler::support
