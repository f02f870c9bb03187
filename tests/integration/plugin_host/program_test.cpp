// SPDX-License-Identifier: Apache-2.0
// Plugins that an interpreter runs: they speak the wire themselves, as confined as shared objects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "files/file.hpp"
#include "plugin_host/bundle.hpp"
#include "plugin_host/interpreter.hpp"
#include "plugin_host/library_file.hpp"
#include "plugin_host/sealed_copy.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kPython = {"python3", "-I", "-S"};

class Program : public testing::Test {
 protected:
  Program() {
    const std::filesystem::path root = std::getenv("OSTLER_SOURCE_DIR");
    std::ofstream(script())
        << files::read_file(root / "sdk/templates/python/ostler_step.py").value()
        << files::read_file(root / "tests/integration/plugin_host/zoo/program.py").value();
  }
  void SetUp() override {
    if (!find_interpreter(kPython)) GTEST_SKIP() << "no python3 here";
  }

  std::string script() const { return directory_.path() / "program.py"; }
  ZooRun& make(ZooRun& zoo) const {
    zoo.with_library(script());
    zoo.spec.is_program = true;
    zoo.spec.interpreter = kPython;
    return zoo;
  }
  BoxVerdict run(const std::string& what, const std::string& path = "") const {
    ZooRun zoo(what, path);
    return make(zoo).run();
  }

 private:
  support::TempDirectory directory_;
};

TEST_F(Program, UsesServicesAsASharedObjectDoes) {
  ZooRun zoo("services");
  const auto verdict = make(zoo).run();
  EXPECT_EQ(verdict.result.message, "here 4 main");
  EXPECT_EQ(zoo.services.outputs().at("made"), "[1,2]");
  EXPECT_EQ(zoo.log.confinement->system_calls, true);
}

TEST_F(Program, StartsNoOtherProgramAndTouchesNothingElse) {
  const support::TempDirectory outside;
  std::ofstream(outside.path() / "file") << "theirs";
  ZooRun zoo("escape", outside.path() / "file");
  const auto verdict = make(zoo).run();
  if (!zoo.log.confinement->files) GTEST_SKIP() << "this kernel has no Landlock";
  EXPECT_EQ(verdict.result.message, zoo.log.confinement->signals ? "worked: " : "worked: signal");
}

TEST_F(Program, HasNoMoreCapabilitiesThanABox) {
  EXPECT_EQ(run("capabilities").result.message, "above files: 0");
}

TEST_F(Program, WritesToItsScratchDirectory) { EXPECT_EQ(run("scratch").result.message, "x"); }

TEST_F(Program, EndsAsAnErrorByAnException) {
  const auto verdict = run("throw");
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.outcome, Outcome::Error);
  EXPECT_EQ(verdict.result.message, "ValueError: out of act");
}

TEST_F(Program, HasSecretsOfSeveralLinesHiddenInItsException) {
  ZooRun zoo("throw lines");
  zoo.log.secret = "first part\nsecond part";
  EXPECT_EQ(make(zoo).run().result.message, "ValueError: ***");
  EXPECT_EQ(run("throw lines").result.message, "ValueError: first part");
}

TEST_F(Program, IsToldOfACallThatIsTooLong) {
  EXPECT_EQ(run("too much").result.message, "7: more than 256 KiB in one call");
  const auto verdict = run("throw long");
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.message.substr(0, 14), "ValueError: xx");
}

TEST_F(Program, HasLongTextsOfItsResultCut) {
  const auto verdict = run("long");
  EXPECT_EQ(verdict.result.outcome, Outcome::Failed);
  EXPECT_EQ(verdict.result.message, std::string(4093, 'm') + "\u2026");
  EXPECT_EQ(verdict.result.hint, std::string(4093, 'h') + "\u2026");
}

TEST_F(Program, TellsItsProgressInOneLine) {
  ZooRun zoo("progress");
  zoo.log.secret = "first part\nsecond part";
  EXPECT_EQ(make(zoo).run().result.message, "told");
  EXPECT_EQ(zoo.log.last.phase, "build");
  EXPECT_EQ(zoo.log.last.message, "half of it: ***");
}

TEST_F(Program, IsToldFromOneThatExits) {
  const auto verdict = run("exit");
  EXPECT_EQ(verdict.end, BoxEnd::Left);
  EXPECT_THAT(verdict.result.message, HasSubstr("exit status 3"));
}

TEST_F(Program, KeepsMessagesOfThreadsApart) {
  ZooRun zoo("threads");
  EXPECT_EQ(make(zoo).run().result.message, "logged");
  ASSERT_EQ(zoo.log.messages.size(), 4u);
  for (const auto& [severity, text] : zoo.log.messages) {
    EXPECT_EQ(text, std::string(200'000, text.front()));
  }
}

/// It speaks the wire itself: nothing but the host refuses.
TEST_F(Program, HasProgramsRunWhenItMay) {
  EXPECT_EQ(run("command").result.message, "4");
  ZooRun zoo("command");
  zoo.spec.commands = CommandPlace{.directory = "/"};
  EXPECT_EQ(make(zoo).run().result.message, "(3, 'ran\\n')");
  ZooRun cancelled("command in a cancel");
  cancelled.spec.commands = CommandPlace{.directory = "/"};
  EXPECT_EQ(make(cancelled).run_and_cancel(std::chrono::seconds(20)).result.message, "1 (5, '')");
}

TEST_F(Program, GoesOnWithAProgramThatItHasStarted) {
  ZooRun zoo("handle");
  zoo.spec.commands = CommandPlace{.directory = "/"};
  EXPECT_EQ(make(zoo).run().result.message, R"(None b'got one\nwrong\n' 6)");
}

TEST_F(Program, NamesPathsByTextsBytesAndWhatStandsForThem) {
  EXPECT_EQ(run("paths").result.message,
            R"([b'a\nb', b'c\n\xfe\nmade in \xff']; )"
            R"([b'a', b'1', b'made in \xff']; )"
            R"(TypeError: a list, please: ['target']; )"
            R"(TypeError: a list, please: ['ab']; )"
            R"(ValueError: a text of one line, please: b'one\ntwo'; )"
            R"([b'made in \xff', b'name', b'']; )"
            R"(CallFailed: there is no resource words; )"
            R"([b'web', b'', b'', b'', b'1000', b'3', b'on-failure', b'2', b'A=\xfd', b'B=1', )"
            R"(b'made in \xff'])");
}

TEST_F(Program, IsToldOfACancel) {
  ZooRun zoo("stop");
  const auto verdict = make(zoo).run_and_cancel(std::chrono::seconds(20));
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.outcome, Outcome::Cancelled);
  EXPECT_EQ(verdict.result.message, "reason 2");
}

TEST_F(Program, SleepsAfterACancelUntilTheDeadlineCame) {
  ZooRun zoo("sleep in a cancel");
  const auto verdict = make(zoo).run_and_cancel(std::chrono::seconds(20));
  EXPECT_EQ(verdict.result.message, "[False, False] True True");
}

TEST_F(Program, IsRefusedWhenItSaysAnotherNameThanItsManifest) {
  ZooRun zoo("services");
  make(zoo).spec.version = "2.0.0";
  const auto verdict = zoo.run();
  EXPECT_EQ(verdict.end, BoxEnd::Refused);
  EXPECT_THAT(verdict.result.message, HasSubstr("zoo#1.0.0"));
}

/// A program of its own, static or not.
class OwnProgram : public testing::TestWithParam<const char*> {
 protected:
  static ZooRun& make(ZooRun& zoo) {
    const std::string path = ZooRun::directory() + "/" + GetParam();
    zoo.spec.code.front() = {GetParam(), std::move(sealed_copy(path, true).value().fd)};
    zoo.spec.is_program = true;
    return zoo;
  }
};
INSTANTIATE_TEST_SUITE_P(Linked, OwnProgram, testing::Values("own_static", "own_dynamic"));

TEST_P(OwnProgram, RunsWithoutAnInterpreter) {
  ZooRun zoo("");
  const auto verdict = make(zoo).run();
  EXPECT_EQ(verdict.end, BoxEnd::Finished);
  EXPECT_EQ(verdict.result.message, "said by a program; started nothing, read nothing");
  EXPECT_TRUE(zoo.log.confinement->system_calls);
}

TEST_P(OwnProgram, HasNoFaults) {
  const std::string path = ZooRun::directory() + "/" + GetParam();
  std::vector<std::string> faults;
  const LibraryFile read = read_program(files::read_file(path).value(), faults);
  EXPECT_THAT(faults, testing::IsEmpty());
  EXPECT_EQ(read.needed.empty(), GetParam() == std::string("own_static"));
  EXPECT_THAT(faults_of_library(path), testing::Not(testing::IsEmpty()));
}

TEST(OwnProgram, IsAProgramOfThisMachine) {
  const auto faults_of = [](const std::string& bytes) {
    std::vector<std::string> faults;
    read_program(bytes, faults);
    return faults;
  };
  EXPECT_THAT(faults_of("#!/bin/sh\n"),
              testing::ElementsAre(HasSubstr("needs an \"interpreter\"")));
  std::string static_program = files::read_file(ZooRun::directory() + "/own_static").value();
  static_program[4] = 1;  // EI_CLASS
  EXPECT_THAT(faults_of(static_program), testing::ElementsAre(HasSubstr("32-bit")));
  EXPECT_THAT(faults_of(files::read_file(ZooRun::directory() + "/zoo.so").value()),
              testing::ElementsAre(HasSubstr("no program")));
}

/// What is no program is not executable, whoever has its descriptor.
TEST(OwnProgram, IsTheOnlyCopyThatCanBeExecuted) {
  const std::string path = ZooRun::directory() + "/own_static";
  for (const bool is_program : {false, true}) {
    auto file = memory_file_for_plugin().value();
    ASSERT_TRUE(copy_and_seal(path, file.get(), is_program));
    const std::string link = "/proc/self/fd/" + std::to_string(file.get());
    EXPECT_EQ(::access(link.c_str(), X_OK) == 0, is_program);
  }
}

/// The paths that a plugin of that interpreter may read.
std::vector<std::string> readable_with(const std::string& program) {
  const auto found = find_interpreter({program});
  EXPECT_TRUE(found) << found.error().message();
  std::vector<std::string> readable;
  for (const auto& [path, access] : found.value().paths) {
    if (access == "read") readable.push_back(path);
  }
  return readable;
}

TEST(Interpreter, ReadsTheLibrariesBesideItsBinAndNoOthers) {
  const support::TempDirectory directory;
  for (const char* place : {"prefix/bin", "home/tools"}) {
    std::filesystem::create_directories(directory.path() / place);
    std::ofstream(directory.path() / place / "snake") << "#!/bin/sh\n";
    std::filesystem::permissions(directory.path() / place / "snake",
                                 std::filesystem::perms::owner_all);
  }
  EXPECT_THAT(
      readable_with(directory.path() / "prefix/bin/snake"),
      testing::ElementsAre(testing::EndsWith("prefix/lib"), testing::EndsWith("prefix/lib64")));
  EXPECT_THAT(readable_with(directory.path() / "home/tools/snake"), testing::IsEmpty());
}

TEST(Interpreter, IsAFile) {
  const support::TempDirectory directory;
  const auto refused = find_interpreter({directory.path()});
  ASSERT_FALSE(refused);
}

TEST(Interpreter, IsFoundOnTheSystemsPathAlone) {
  const support::TempDirectory directory;
  const auto path = directory.path() / "own-python";
  std::ofstream(path) << "#!/bin/sh\n";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  EXPECT_EQ(find_interpreter({path, "-x"}).value().command.back(), "-x");
  ::setenv("PATH", (directory.path().string() + ":" + std::getenv("PATH")).c_str(), 1);
  const auto missing = find_interpreter({"own-python"});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message(), HasSubstr("own-python"));
}

}  // namespace
}  // namespace ostler::plugin_host
