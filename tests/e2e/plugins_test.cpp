// SPDX-License-Identifier: Apache-2.0
// The way of a plugin's author: only the installed package, the commands of sdk/README.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "crypto/digest.hpp"
#include "e2e/plugin_author.hpp"
#include "e2e/python_plugin.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

fs::path source_root() { return std::getenv("OSTLER_SOURCE_DIR"); }

/// The blocks of a Markdown text in `language`, one after the other.
std::string blocks_of(const std::string& text, const std::string& language) {
  const std::string begin = "```" + language + "\n";
  std::string blocks;
  for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at)) {
    at += begin.size();
    blocks += text.substr(at, text.find("```", at) - at);
  }
  return blocks;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const auto at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return at == text.npos ? text : text.replace(at, what.size(), by);
}

ProgramResult ostler(std::vector<std::string> words) {
  words.insert(words.begin(), ostler_program());
  return run_program(words);
}

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

/// Makes a plugin in an empty directory and runs the commands that this has told.
ProgramResult new_and_next(const Author& author, const std::string& language) {
  const fs::path place = author / ("place-" + language);
  fs::create_directories(place);
  const std::string bin = fs::path(ostler_program()).parent_path();
  const ProgramOptions options{
      {{"PATH", bin + ":" + std::getenv("PATH")}, {"CMAKE_PREFIX_PATH", author.prefix()}}, place};
  const auto made =
      run_program({ostler_program(), "plugin", "new", "my-step", "--lang", language}, options);
  EXPECT_EQ(made.code, 0) << made.err;
  std::string next = "set -euo pipefail\n";
  std::istringstream lines(made.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ")) next += line + "\n";
  }
  std::ofstream(place / "next.sh") << next;
  return run_program({"/bin/bash", place / "next.sh"}, options);
}

class NewPlugin : public testing::TestWithParam<const char*> {};

TEST_P(NewPlugin, PassesTheCheckAndRunsByTheCommandsThatAreTold) {
  const Author author;
  const auto ran = new_and_next(author, GetParam());
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("my-step#1.0.0: no faults"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!\npassed: greeted one\n"));
}
INSTANTIATE_TEST_SUITE_P(Languages, NewPlugin, testing::Values("c", "cpp"));

TEST_P(NewPlugin, HasRoomForTheLongestNameThatItsSchemaAllows) {
  const Author author;
  ASSERT_EQ(new_and_next(author, GetParam()).code, 0);
  std::string name;
  for (int i = 0; i < 100; ++i) name += "\U0001F600";
  const fs::path place = author / ("place-" + std::string(GetParam()));
  std::ofstream(place / "config.json") << R"({"name": ")" << name << R"("})";
  const auto ran =
      ostler({"plugin", "run", place / "my-step/build/my-step", "--config", place / "config.json"});
  EXPECT_THAT(ran.out, HasSubstr("Hello, " + name + "!\n"));
}

TEST(NewPluginInRust, PassesTheCheckAndRunsByTheCommandsThatAreTold) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const Author author;
  const auto ran = new_and_next(author, "rust");
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("my-step#1.0.0: no faults"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!\npassed: greeted one\n"));
}

TEST(NewPluginInRust, SaysWhyACallDidNotWork) {
  if (run_program({"/bin/sh", "-c", "rustc --version"}).code != 0) GTEST_SKIP() << "no rustc here";
  const Author author;
  ASSERT_EQ(new_and_next(author, "rust").code, 0);
  const fs::path place = author / "place-rust/my-step";
  const std::string source = files::read_file(place / "plugin.rs").value();
  std::ofstream(place / "plugin.rs")
      << std::regex_replace(source, std::regex("\"/name\""), "\"/nothing\"");
  const auto ran = ostler({"plugin", "run", author.build(place, "my-step")});
  EXPECT_THAT(ran.out, HasSubstr("error (not_found): "));
}

TEST(NewPluginInPython, PassesTheCheckAndRunsByTheCommandsThatAreTold) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const Author author;
  const auto ran = new_and_next(author, "python");
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("my-step#1.0.0: no faults; run by python3"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!\npassed: greeted one\n"));
}

/// Of a new plugin whose step is `body`.
ProgramResult run_in_python(const Author& author, const std::string& body) {
  const ProgramOptions options{{}, author / ""};
  const auto made =
      run_program({ostler_program(), "plugin", "new", "my-step", "--lang", "python"}, options);
  EXPECT_EQ(made.code, 0) << made.err;
  std::ofstream(author / "my-step/__main__.py")
      << "import ostler_step\n\n\ndef greet(step):\n    " << body
      << "\n\n\nostler_step.run(\"my-step\", \"1.0.0\", greet)\n";
  return ostler({"plugin", "run", author.build(author / "my-step", "my-step")});
}

TEST(NewPluginInPython, IsToldWhatToReturn) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const Author author;
  EXPECT_THAT(run_in_python(author, "return None").out,
              HasSubstr("greet() returned NoneType: return passed(), failed(), skipped() or"));
}

TEST(NewPluginInPython, EndsInEveryWay) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const Author skips;
  const auto skipped = run_in_python(skips, "return ostler_step.skipped('nothing to do')");
  EXPECT_EQ(skipped.code, 0);
  EXPECT_THAT(skipped.out, HasSubstr("skipped: nothing to do\n"));
  const Author errs;
  const auto error = run_in_python(errs, "return ostler_step.error('gone', 'm' * 300000)");
  EXPECT_EQ(error.code, 1);
  EXPECT_THAT(error.out, HasSubstr("error (gone): mmm"));
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

TEST(NewPlugins, OverwriteNothingAndHaveNamesThatPluginsMayHave) {
  const TempDirectory directory;
  const ProgramOptions options{{}, directory.path()};
  const auto make = [&](const std::string& name) {
    return run_program({ostler_program(), "plugin", "new", name}, options);
  };
  std::ofstream(directory / "mine") << "mine";
  EXPECT_THAT(make("mine").err, HasSubstr("mine is there already"));
  EXPECT_EQ(files::read_file(directory / "mine").value(), "mine");
  EXPECT_EQ(make("My_Step").code, 2);
  EXPECT_EQ(make("../other").code, 2);
}

TEST(PluginCheck, SaysAllFaultsOfManifestAndLibraryAtOnce) {
  const TempDirectory directory;
  std::ofstream(directory / "plugin.json") << R"({"id": "Greet", "kind": "step", "abi": "9.9"})";
  std::ofstream(directory / "greet.so") << "some notes";
  const auto said = ostler({"plugin", "check", directory.path()}).err;
  for (const char* part :
       {"id: must be", "version: is missing", "abi: must be", "greet.so: no shared"}) {
    EXPECT_THAT(said, HasSubstr(part));
  }
  std::ofstream(directory / "plugin.json") << R"({"configuration": {"type": )";
  const auto torn = ostler({"plugin", "check", directory.path()});
  EXPECT_EQ(torn.code, 2);
  EXPECT_THAT(torn.err, HasSubstr("plugin.json"));
  EXPECT_THAT(torn.err, HasSubstr("greet.so: no shared object"));
}

TEST(PluginCheck, TakesALibraryThatHasNoManifestYet) {
  const TempDirectory directory;
  std::ofstream(directory / "greet.so") << "some notes";
  const auto said = ostler({"plugin", "check", directory / "greet.so"});
  EXPECT_NE(said.code, 0);
  EXPECT_THAT(said.err, HasSubstr("plugin.json"));
  EXPECT_THAT(said.err, HasSubstr("greet.so: no shared object"));
}

TEST(PluginCheck, LooksAtNoOtherLibraryThanTheOneThatIsNamed) {
  const TempDirectory directory;
  const std::string library = "another text";
  std::ofstream(directory / "greet.so") << library;
  std::ofstream(directory / "other.so") << "some notes";
  std::ofstream(directory / "plugin.json")
      << R"({"id": "greet", "version": "1.0.0", "kind": "step", "abi": "0.2", "description": "d",
             "library": "greet.so", "files": {"greet.so": ")"
      << crypto::sha256_hex(library) << "\"}}";
  const ProgramOptions here{{}, directory.path()};
  for (const char* command : {"check", "run"}) {
    const auto said = run_program({ostler_program(), "plugin", command, "other.so"}, here);
    EXPECT_EQ(said.code, 2) << command;
    EXPECT_THAT(said.err,
                HasSubstr("other.so is not of the plugin whose plugin.json lies beside it: "
                          "the library of greet is greet.so"));
    EXPECT_THAT(said.err, testing::Not(HasSubstr("greet.so: no shared object")));
  }
  const auto own = run_program({ostler_program(), "plugin", "check", "greet.so"}, here);
  EXPECT_THAT(own.err, HasSubstr("greet.so: no shared object"));
  EXPECT_THAT(own.err, testing::Not(HasSubstr("other.so")));
}

/// A shared object of the zoo of bad plugins, perhaps with the manifest of the whole zoo.
class CheckedFile : public testing::Test {
 protected:
  ProgramResult check(const std::string& name, std::vector<std::string> more = {}) {
    fs::copy_file(fs::path(ZOO_DIRECTORY) / name, directory_ / name,
                  fs::copy_options::overwrite_existing);
    more.insert(more.begin(), {"plugin", "check", directory_ / name});
    return ostler(more);
  }
  void copy_manifest() {
    fs::copy_file(fs::path(ZOO_DIRECTORY) / "plugin.json", directory_ / "plugin.json");
  }

  TempDirectory directory_;
};

TEST_F(CheckedFile, IsLookedAtAloneWithoutAManifest) {
  std::ofstream(directory_ / "other.so") << "some notes";
  const auto half = check("half_none.so");
  EXPECT_EQ(half.code, 2);
  EXPECT_THAT(half.err, HasSubstr("half_none.so has faults\nthere is no plugin.json beside it"));
  EXPECT_THAT(
      half.err,
      HasSubstr("half_none.so: create() gave half a step, of 48 bytes: it lacks init() run()"));
  EXPECT_THAT(half.err, testing::Not(HasSubstr("other.so")));
  EXPECT_THAT(check("misfit_two_symbols.so").err, HasSubstr("another_symbol"));
}

TEST_F(CheckedFile, IsNotTheOneThatTheManifestBesideItNames) {
  copy_manifest();
  fs::copy_file(fs::path(ZOO_DIRECTORY) / "zoo.so", directory_ / "zoo.so");
  const auto other = check("misfit_two_symbols.so");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, HasSubstr("the library of zoo is zoo.so"));
  EXPECT_THAT(other.err, HasSubstr("misfit_two_symbols.so: exports more than one symbol"));
  const auto run = ostler({"plugin", "run", directory_ / "misfit_two_symbols.so"});
  EXPECT_EQ(run.code, 2);
  EXPECT_THAT(run.err, HasSubstr("is not of the plugin whose plugin.json"));
  const auto named = check("zoo.so");
  EXPECT_EQ(named.code, 0) << named.err;
  EXPECT_THAT(named.out, HasSubstr("zoo#1.0.0: no faults"));
}

TEST_F(CheckedFile, NeedsNoSlash) {
  ProgramOptions options;
  options.directory = directory_.path();
  check("half_garbage.so");
  const auto said =
      run_program({ostler_program(), "plugin", "check", "half_garbage.so", "--json"}, options);
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr("create() gave a step that cannot be read"));
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

TEST(PluginDev, BuildsAndRunsAgainOnEveryChange) {
  const Author author;
  const ProgramOptions options{{{"CMAKE_PREFIX_PATH", author.prefix()}}, author / ""};
  ASSERT_EQ(run_program({ostler_program(), "plugin", "new", "mine", "--lang", "c"}, options).code,
            0);
  const fs::path source = author / "mine/plugin.c";
  const ProgramOptions inside{options.environment, author / "mine"};
  ChildProgram dev({ostler_program(), "plugin", "dev", ".", "--watch"}, author / "", inside);
  const auto awaits = [&](const std::string& text) {
    return wait_until(std::chrono::seconds(60),
                      [&] { return dev.out().find(text) != std::string::npos; });
  };
  ASSERT_TRUE(awaits("Hello, world!\n")) << dev.out() << dev.err();
  ASSERT_TRUE(awaits("waiting for a change in .; Ctrl-C ends\n"));
  std::string text = files::read_file(source).value();
  std::ofstream(source) << "this is no C\n" + text;
  ASSERT_TRUE(wait_until(std::chrono::seconds(60), [&] {
    return (dev.out() + dev.err()).find("this is no C") != std::string::npos;
  })) << dev.out();
  ASSERT_NE(text.find("Hello, "), std::string::npos);
  text.replace(text.find("Hello, "), 7, "Good day, ");
  std::ofstream(source) << text;
  EXPECT_TRUE(awaits("Good day, world!\n")) << dev.out() << dev.err();
  dev.signal(SIGINT);
  EXPECT_EQ(dev.wait(std::chrono::seconds(20)), 130);
}

TEST(NewPluginInPython, OutlivesAProgramThatReadsNoMore) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const Author author;
  const fs::path place = author / "writer";
  fs::create_directories(place / "cases");
  write_plugin(place, {.id = "writer",
                       .source = R"py(
def write(step):
    script = 'exec <&-; echo closed; sleep 60'
    with step.start(['sh', '-c', script], open_input=True, read_output=True) as command:
        command.read()
        try:
            command.write('x')
        except CallFailed as failure:
            return passed(f'{failure.status} {failure}')
run('writer', '1.0.0', write)
)py",
                       .permissions = R"({"commands": "host"})"});
  std::ofstream(place / "cases/closed.json") << "{}";
  const std::string end = "passed: 5 the command reads no more; 0 of 1 bytes went to it";
  EXPECT_THAT(ostler({"plugin", "run", place}).out, HasSubstr(end));
  EXPECT_THAT(ostler({"plugin", "test", place, place / "cases"}).out, HasSubstr(end));
}

TEST(NewPluginInPython, AsksServersOutsideAnyBuild) {
  if (!fs::exists("/usr/bin/python3")) GTEST_SKIP() << "no python3 here";
  const Author author;
  ScriptedServer server([](ServerRequest request) -> boost::asio::awaitable<ServerAnswer> {
    co_return ServerReply{200, "hello from " + request.target};
  });
  const fs::path place = author / "asker";
  write_plugin(place, {.id = "asker",
                       .source = R"py(
def ask(step):
    with step.http(step.config('/url') + '/here') as answer:
        step.log(f'{answer.status} {answer.read().decode()}')
    try:
        step.http(step.config('/url'), headers={'A': '{secret:B}'})
    except CallFailed as failure:
        return passed(str(failure))
run('asker', '1.0.0', ask)
)py",
                       .permissions = R"({"http": [{"config": "/url"}]})",
                       .configuration = R"({"type": "object"})"});
  std::ofstream(author / "c.json") << R"({"url": ")" << server.url() << "\"}";
  const auto ran = ostler({"plugin", "run", place, "--config", author / "c.json"});
  EXPECT_EQ(ran.code, 0) << ran.err << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("200 hello from /here\n"));
  EXPECT_THAT(ran.out, HasSubstr("passed: outside a build there are no secrets"));
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

TEST(SdkReadme, IsInstalledWithAllThatItLinksTo) {
  const Author author;
  const fs::path place = fs::path(author.prefix()) / "share/doc/ostler/sdk";
  const std::string page = files::read_file(place / "README.md").value();
  int links = 0;
  for (std::size_t at = 0; (at = page.find("](", at)) != page.npos; ++links) {
    at += 2;
    const std::string target = page.substr(at, page.find_first_of(")#", at) - at);
    if (!target.starts_with("http")) EXPECT_TRUE(fs::exists(place / target)) << target;
  }
  EXPECT_GT(links, 5);
}

TEST(SdkReadme, LeadsFromNothingToARunningPlugin) {
  const Author author;
  const fs::path documents = fs::path(author.prefix()) / "share/doc/ostler";
  const std::string page = files::read_file(documents / "sdk/README.md").value();
  const fs::path place = author / "place";
  fs::create_directories(place);
  fs::copy(documents / "examples/plugins/greet-c/greet.c", place / "greet.c");
  std::ofstream(place / "plugin.json") << blocks_of(page, "json");
  std::ofstream(place / "CMakeLists.txt") << blocks_of(page, "cmake");
  // Other tests have the port that `ostler up` takes by itself.
  std::ofstream(place / "commands.sh")
      << "set -euo pipefail\ntrap 'ostler down || true' EXIT\n"
      << replaced(blocks_of(page, "sh"), "ostler up ", "ostler up --listen 127.0.0.1:0 ");
  const std::string bin = fs::path(ostler_program()).parent_path();
  const fs::path home = author / "home";
  fs::create_directories(home);
  std::ofstream(home / ".gitconfig") << "[user]\nname = Ada\nemail = ada@example.com\n";
  const ProgramOptions options{{{"PATH", bin + ":" + std::getenv("PATH")},
                                {"PREFIX", author.prefix()},
                                {"HOME", home},
                                {"XDG_STATE_HOME", ""},
                                {"XDG_CONFIG_HOME", ""},
                                {"XDG_CACHE_HOME", ""},
                                {"OSTLER_URL", ""},
                                {"OSTLER_API_TOKEN", ""},
                                {"OSTLER_PLUGIN_STORE", ""}},
                               place};
  const auto ran = run_program({"/bin/bash", place / "commands.sh"}, options);
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("greet#1.0.0: no faults"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!"));
  EXPECT_THAT(ran.out, HasSubstr("Hello, Ada!"));
  EXPECT_THAT(ran.out, HasSubstr("site/1  passed in "));
  EXPECT_THAT(ran.out, HasSubstr("site/2  passed in "));
  EXPECT_THAT(ran.out, HasSubstr("signed with ed25519:"));
  EXPECT_TRUE(fs::exists(home / "strict/state/plugins/greet/1.0.0/greet.so"))
      << "the second agent had it from the hub";
}

TEST(SdkReadme, ShowsAPluginInCppThatWorks) {
  const Author author;
  const fs::path place = author / "place";
  fs::create_directories(place);
  const std::string page = files::read_file(source_root() / "sdk/README.md").value();
  std::ofstream(place / "plugin.json") << blocks_of(page, "json");
  std::ofstream(place / "greet.cpp") << blocks_of(page, "cpp");
  std::ofstream(place / "CMakeLists.txt") << R"(cmake_minimum_required(VERSION 3.25)
project(greet LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
find_package(ostler-sdk 0.2 REQUIRED)
ostler_step_plugin(greet SOURCES greet.cpp MANIFEST plugin.json)
)";
  const auto ran = ostler({"plugin", "run", author.build(place, "greet")});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Hello, world!\npassed: greeted one\n"));
}

}  // namespace
}  // namespace ostler::support
