// SPDX-License-Identifier: Apache-2.0
// What `ostler plugin new` makes, in every language, and what its steps may do outside a build.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "e2e/author_commands.hpp"
#include "e2e/plugin_author.hpp"
#include "e2e/python_plugin.hpp"
#include "files/file.hpp"
#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"

namespace ostler::support {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

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

}  // namespace
}  // namespace ostler::support
