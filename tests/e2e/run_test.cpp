// SPDX-License-Identifier: Apache-2.0
// `ostler run` as a person uses it: on a repository of theirs, from a shell.
#include <dirent.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <map>

#include "files/file.hpp"
#include "supervise/job_lock.hpp"
#include "support/child_program.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::ostler_program;
using support::ProgramResult;
using testing::HasSubstr;
using testing::Not;

class Run : public testing::Test {
 protected:
  Run() {
    fs::create_directory(tree_);
    fs::create_directory(temporary_);
    git({"init", "-q", "-b", "main"});
    write("committed.txt", "committed\n");
    write(".gitignore", "ignored.txt\n");
    git({"add", "."});
    git({"-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "-qm", "First"});
  }

  /// Nothing of a run is left: no file where it keeps its own, no process that carries its mark.
  void TearDown() override {
    EXPECT_TRUE(fs::is_empty(temporary_)) << "files are left in " << temporary_;
    EXPECT_EQ(processes_of_runs(), 0) << "processes are left";
  }

  support::ProgramOptions options() const {
    support::ProgramOptions options;
    options.directory = tree_;
    options.environment["TMPDIR"] = temporary_.string();
    options.environment["BUILDKITE_AGENT_TOKEN"] = "of another agent";
    options.environment["GIT_INDEX_FILE"] = "/nonexistent/index";
    options.environment["MAKEFLAGS"] = "w --jobserver-auth=103,104";
    return options;
  }

  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "git");
    support::ProgramOptions here;
    here.directory = tree_;
    ASSERT_EQ(support::run_program(arguments, here).code, 0);
  }

  void write(const fs::path& name, const std::string& content) const {
    std::ofstream(tree_ / name) << content;
  }

  ProgramResult run(const std::string& yaml, std::vector<std::string> flags = {}) const {
    std::ofstream(directory_ / "pipeline.yml") << yaml;
    std::vector<std::string> words{ostler_program(), "run", (directory_ / "pipeline.yml").string()};
    words.insert(words.end(), flags.begin(), flags.end());
    return support::run_program(words, options());
  }

  int processes_of_runs() const {
    const std::string mark = "OSTLER_RUN_DIRECTORY=" + temporary_.string();
    int count = 0;
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const auto environment = files::read_file(entry.path() / "environ");
      if (environment && environment.value().find(mark) != std::string::npos) ++count;
    }
    return count;
  }

  support::TempDirectory directory_;
  fs::path tree_ = directory_ / "tree";
  fs::path temporary_ = directory_ / "tmp";
};

std::map<fs::path, std::string> files_in(const fs::path& directory) {
  std::map<fs::path, std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) all[entry.path()] = files::read_file(entry.path()).value();
  }
  return all;
}

TEST_F(Run, RunsOnTheWorkTreeAsItIsAndLeavesItsGitUntouched) {
  write("committed.txt", "changed\n");
  write("untracked.txt", "untracked\n");
  write("ignored.txt", "ignored\n");
  const auto before = files_in(tree_ / ".git");
  const auto result =
      run("steps:\n  - command: cat committed.txt untracked.txt; ls ignored.txt || echo absent\n");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("    changed\n    untracked\n"));
  EXPECT_THAT(result.out, HasSubstr("    absent\n"));
  EXPECT_THAT(result.out, HasSubstr("with 2 files not committed"));
  EXPECT_EQ(files_in(tree_ / ".git"), before);
}

TEST_F(Run, FindsThePipelineItself) {
  fs::create_directory(tree_ / ".buildkite");
  write(".buildkite/pipeline.yml", "steps:\n  - command: echo found\n");
  const auto result = support::run_program({ostler_program(), "run"}, options());
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("Running .buildkite/pipeline.yml on main"));
  EXPECT_THAT(result.out, HasSubstr("    found\n"));
  write("buildkite.yml", "steps: []\n");
  const auto several = support::run_program({ostler_program(), "run"}, options());
  EXPECT_EQ(several.code, 2);
  EXPECT_THAT(several.err, HasSubstr("name one of buildkite.yml, .buildkite/pipeline.yml"));
}

TEST_F(Run, IsPlainTextInAPipe) {
  const auto result = run("steps:\n  - command: printf '\\033[31mred\\033[0m\\n'\n");
  EXPECT_THAT(result.out, HasSubstr("    red\n"));
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b")));
}

TEST_F(Run, SaysWhatFailedAndExitsWithOne) {
  const auto result =
      run("steps:\n  - {label: Bad, command: \"echo last words; exit 3\"}\n  - wait\n"
          "  - {label: Later, command: echo later}\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.out, HasSubstr("Bad failed: exit status 3\n"));
  EXPECT_THAT(result.out, HasSubstr("    last words\n\nBuild failed"));
  EXPECT_THAT(result.out, HasSubstr("Later  did not run"));
}

TEST_F(Run, SaysThatAFailureIsSoftAndExitsWithZero) {
  const auto result =
      run("steps:\n  - {label: Soft, command: \"echo last words; exit 3\", soft_fail: true}\n");
  EXPECT_EQ(result.code, 0);
  EXPECT_THAT(result.out, HasSubstr("<== failed (soft) in "));
  EXPECT_THAT(result.out, HasSubstr("\nSoft  failed (soft)  "));
  EXPECT_THAT(result.out, Not(HasSubstr("Soft failed: ")));
}

TEST_F(Run, EndsWhenItsHubDoes) {
  const auto result =
      run("steps:\n  - command: |\n"
          "      for name in /proc/[0-9]*; do\n"
          "        tr '\\0' ' ' < $$name/cmdline | grep -q \"^ostler hub "
          ".*$$OSTLER_RUN_DIRECTORY\" &&\n"
          "          kill -9 $${name#/proc/}\n"
          "      done 2>/dev/null\n"
          "      sleep 60\n");
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("the hub ended (signal 9 (SIGKILL))"));
}

TEST_F(Run, IgnoresAgentsAndSaysSo) {
  const auto result =
      run("agents: {queue: gpu}\nsteps:\n  - {command: echo ran here, agents: {os: plan9}}\n");
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"agents\" is ignored"));
  EXPECT_THAT(result.out, HasSubstr("    ran here\n"));
}

TEST_F(Run, KeepsWhatSurroundsItFromItsJobs) {
  const auto result =
      run("steps: [{command: '! (printenv MAKEFLAGS || printenv GIT_INDEX_FILE)'}]\n");
  EXPECT_EQ(result.code, 0) << result.out << result.err;
}

TEST_F(Run, ExpandsVariablesOnceAndLeavesTheRestToTheShell) {
  const auto result =
      run("env: {WHO: me}\nsteps:\n"
          "  - command: 'X=shell; echo $WHO $$X \\\\$$X $BUILDKITE_BRANCH'\n");
  EXPECT_THAT(result.out, HasSubstr("    me shell \\shell main\n")) << result.err;
}

TEST_F(Run, KnowsTheNumberOfItsBuildWhereverAVariableMayStand) {
  const auto result =
      run("env: {RELEASE: \"r-$BUILDKITE_BUILD_NUMBER\"}\nsteps:\n"
          "  - {label: \"build $BUILDKITE_BUILD_NUMBER\", command: \"echo $$RELEASE\"}\n");
  EXPECT_THAT(result.out, HasSubstr("==> build 1\n")) << result.err;
  EXPECT_THAT(result.out, HasSubstr("    r-1\n"));
}

TEST_F(Run, SavesArtifactsUnderTheirPaths) {
  const auto saved = directory_ / "saved";
  const auto result = run(
      "steps:\n  - {command: \"mkdir -p a; echo one > a/one; head -c 3000000 /dev/zero > two\", "
      "artifact_paths: \"a/*;two\"}\n",
      {"--artifacts", saved.string()});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(files::read_file(saved / "a/one").value(), "one\n");
  EXPECT_EQ(fs::file_size(saved / "two"), 3'000'000u);
}

TEST_F(Run, SavesNoArtifactThroughALinkThatLeavesTheDirectory) {
  const auto saved = directory_ / "saved";
  fs::create_directories(saved);
  fs::create_directories(directory_ / "outside");
  fs::create_directory_symlink(directory_ / "outside", saved / "a");
  const auto result = run("steps:\n  - {command: \"mkdir a; echo x > a/x\", artifact_paths: a/x}\n",
                          {"--artifacts", saved.string()});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("artifact a/x"));
  EXPECT_TRUE(fs::is_empty(directory_ / "outside"));
}

TEST_F(Run, ShowsALongLogWholeAndInOrder) {
  const auto result = run("steps:\n  - command: seq 1 30000\n");
  ASSERT_EQ(result.code, 0);
  std::string expected;
  for (int i = 1; i <= 30'000; ++i) expected += "    " + std::to_string(i) + "\n";
  EXPECT_NE(result.out.find(expected), std::string::npos);
}

TEST_F(Run, RefusesWhatItCannotRun) {
  const auto bad = run("steps:\n  - comand: x\n  - {command: y, secrets: [1a]}\n");
  EXPECT_EQ(bad.code, 2);
  EXPECT_THAT(bad.err, HasSubstr("pipeline.yml:2:5: unknown key \"comand\""));
  EXPECT_THAT(bad.err, HasSubstr("is no key of a secret"));
  EXPECT_EQ(run("steps: []\n").code, 2);
  EXPECT_EQ(run("steps:\n  - command: x\n", {"--repo", temporary_.string()}).code, 2);
  EXPECT_EQ(run("steps:\n  - command: x\n", {"--keep"}).code, 2);
  EXPECT_EQ(support::run_program({ostler_program(), "run", "missing.yml"}, options()).code, 2);
}

class StoppedRun : public Run {
 protected:
  support::ChildProgram start(const std::string& command) const {
    std::ofstream(directory_ / "pipeline.yml") << "steps:\n  - command: \"" << command << "\"\n";
    support::ChildProgram program({ostler_program(), "run", (directory_ / "pipeline.yml").string()},
                                  directory_.path(), options());
    EXPECT_TRUE(support::wait_until(
        60s, [&] { return program.out().find("\n    ready\n") != std::string::npos; }))
        << program.out() << program.err();
    return program;
  }

  /// The control group of the job that runs; empty where jobs have none.
  fs::path group_of_job() const {
    for (const auto& entry : fs::recursive_directory_iterator(temporary_)) {
      const auto job = entry.path().parent_path();
      if (entry.path().filename() != "lock" || job.parent_path().filename() != "jobs") continue;
      return supervise::read_job_lock(job).value().cgroup;
    }
    ADD_FAILURE() << "no job has a lock";
    return {};
  }
};

TEST_F(StoppedRun, CancelsTheBuildAndExitsWithTheSignal) {
  auto program = start("setsid sleep 1000 & echo ready; sleep 1000");
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(20s), 130);
  EXPECT_THAT(program.out(), HasSubstr("Build canceled"));
}

TEST_F(StoppedRun, EndsAtOnceWhenAskedTwice) {
  auto program = start("trap '' TERM; echo ready; sleep 1000; sleep 1000");
  const fs::path group = group_of_job();
  EXPECT_TRUE(group.empty() || fs::exists(group));
  program.signal(SIGTERM);
  ASSERT_TRUE(support::wait_until(
      20s, [&] { return program.out().find("canceling") != std::string::npos; }));
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(8s), 143);
  EXPECT_FALSE(fs::exists(group));
}

TEST_F(StoppedRun, LeavesNothingForLongWhenKilled) {
  auto program = start("echo ready; sleep 1000");
  program.kill();
  EXPECT_TRUE(support::wait_until(40s, [&] { return processes_of_runs() == 0; }));
  EXPECT_FALSE(fs::is_empty(temporary_));
  EXPECT_EQ(run("steps:\n  - command: echo next\n").code, 0);
}

}  // namespace
}  // namespace ostler
