// SPDX-License-Identifier: Apache-2.0
// What users get wrong, and what they are told: what, where, and what to do, once.
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::ostler_program;
using support::run_program;

/// Expects one error, with every one of `parts`. Below it may stand where it is.
void expect_one_error(const support::ProgramResult& result, int code,
                      const std::vector<std::string>& parts) {
  EXPECT_EQ(result.code, code) << result.err;
  EXPECT_TRUE(result.err.starts_with("ostler: ")) << result.err;
  EXPECT_EQ(result.err.find("\nostler: "), std::string::npos) << result.err;
  for (const auto& part : parts) {
    EXPECT_NE(result.err.find(part), std::string::npos) << part << " in: " << result.err;
  }
}

class BadInput : public testing::Test {
 protected:
  support::ProgramResult run_pipeline(const std::string& yaml) {
    const auto file = directory_ / "pipeline.yml";
    EXPECT_TRUE(files::write_file_atomically(file, yaml));
    EXPECT_EQ(run_program({"git", "init", "-q", directory_.path().string()}).code, 0);
    return run_program({ostler_program(), "run", file.string(), "--repo", directory_.path()});
  }

  std::vector<std::string> agent_flags(const std::string& endpoint, const std::string& token) {
    return {ostler_program(),
            "agent",
            "start",
            "--endpoint",
            endpoint,
            "--token",
            token,
            "--state-path",
            (directory_ / "state").string(),
            "--build-path",
            (directory_ / "builds").string()};
  }

  const support::TempDirectory directory_;
};

TEST_F(BadInput, UnreadableYamlNamesFileLineAndColumn) {
  expect_one_error(run_pipeline("steps:\n  - command: \"unclosed\n"), 2,
                   {"pipeline.yml:2:14:", "\n      - command: \"unclosed\n                 ^\n"});
}

TEST_F(BadInput, UnknownKeysAreRefused) {
  expect_one_error(run_pipeline("steps:\n  - comand: make\n"), 2,
                   {"pipeline.yml:2:", "comand", "command"});
}

TEST_F(BadInput, FaultsOfASecondDocumentHaveItsLines) {
  expect_one_error(run_pipeline("steps: []\n---\nsteps:\n  - comand: make\n"), 2,
                   {"pipeline.yml:4:", "comand", "command"});
}

TEST_F(BadInput, FaultsOfASecondDocumentAreAnsweredBy422OverRest) {
  support::HubProcess hub(directory_.path());
  const auto refused = hub.rest("POST", "/organizations/ostler/pipelines",
                                {{"name", "two"},
                                 {"repository", "x"},
                                 {"configuration", "steps: []\n---\nsteps:\n  - comand: make\n"}});
  EXPECT_EQ(refused.status, 422);
  EXPECT_NE(refused.body.find("comand"), std::string::npos) << refused.body;
  EXPECT_NE(refused.body.find("\"line\":4"), std::string::npos) << refused.body;
}

TEST_F(BadInput, AnEmptyTextNamesNothing) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> refusals = {
      {{"build", "cancel", ""}, "build cancel: BUILD"},
      {{"build", "show", ""}, "build show: BUILD"},
      {{"job", "retry", ""}, "job retry: "},
      {{"pipeline", "delete", "", "--yes"}, "pipeline delete: SLUG"},
      {{"pipeline", "show", ""}, "pipeline show: SLUG"},
      {{"pipeline", "lint", "p.yml", ""}, "pipeline lint: FILES"},
      {{"hub", "check", ""}, "hub check: DIRECTORY"},
      {{"hub", "restore", "", "--data-path", "d"}, "hub restore: BACKUP"},
      {{"run", ""}, "run: PIPELINE"},
      {{"service", "stop", ""}, "service stop: "},
      {{"build", "list", "--pipeline", ""}, "build list: --pipeline"},
      {{"build", "list", "--branch="}, "build list: --branch"},
      {{"job", "cancel", "app/1", "--step", ""}, "job cancel: --step"},
      {{"artifact", "download", "dist/*", "out", "--build", ""}, "artifact download: --build"},
      {{"queue", "list", "--cluster", ""}, "queue list: --cluster"}};
  for (const auto& [words, name] : refusals) {
    auto all = words;
    all.insert(all.begin(), ostler_program());
    expect_one_error(run_program(all, {.environment = {}, .directory = directory_.path()}), 2,
                     {name, " must not be empty"});
  }
  expect_one_error(run_program({ostler_program(), "annotate", ""}), 1, {"no job"});
}

TEST_F(BadInput, WrongTokenEndsTheAgentWithAdvice) {
  support::HubProcess hub(directory_.path());
  expect_one_error(run_program(agent_flags(hub.endpoint(), "wrong")), 1, {"token"});
}

TEST_F(BadInput, SettingsThatCannotBeReadAreRefusedBeforeAnythingIsDone) {
  auto words = agent_flags("http://127.0.0.1:9/v3", "");
  expect_one_error(run_program(words), 2, {"no token; give --token"});
  words.emplace_back("--spwan");
  expect_one_error(run_program(words), 2, {"did you mean --spawn?"});
  for (const char* command : {"up", "hub"}) {
    expect_one_error(run_program({ostler_program(), command, "--listen", "nowhere"}), 2,
                     {std::string(command) + ": --listen: \"nowhere\" is no address"});
  }
}

TEST_F(BadInput, FilesThatAreNotThereAreRefused) {
  const std::string none = directory_ / "none";
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"pipeline", "lint", none},
        {"pipeline", "create", "app", "--repository", "/r", "--file", none}}) {
    std::vector<std::string> all{ostler_program()};
    all.insert(all.end(), words.begin(), words.end());
    const auto refused = run_program(all, {.environment = {{"OSTLER_URL", "http://127.0.0.1:9"},
                                                           {"OSTLER_API_TOKEN", "t"},
                                                           {"OSTLER_ORGANIZATION", "o"}},
                                           .directory = directory_.path()});
    expect_one_error(refused, 2, {none});
  }
}

TEST_F(BadInput, PortInUseIsNamed) {
  support::HubProcess hub(directory_.path());
  const std::string address = hub.url().substr(7);
  expect_one_error(run_program({ostler_program(), "hub", "--listen", address, "--data-path",
                                (directory_ / "second").string()}),
                   1, {address.substr(address.find(':') + 1), "in use", "--listen"});
}

TEST_F(BadInput, SecondHubOnTheSameDataIsRefused) {
  support::HubProcess hub(directory_.path());
  expect_one_error(run_program({ostler_program(), "hub", "--listen", "127.0.0.1:0", "--data-path",
                                hub.data().string()}),
                   1, {hub.data().string()});
}

TEST_F(BadInput, SecondAgentOnTheSameStateNamesTheFirst) {
  support::HubProcess hub(directory_.path());
  support::AgentProcess agent(hub, directory_.path());
  ASSERT_TRUE(support::wait_until(
      10s, [&] { return std::filesystem::exists(agent.state() / "sessions"); }));
  expect_one_error(
      run_program(agent_flags(hub.endpoint(), "file://" + hub.agent_token_file().string())), 1,
      {std::to_string(agent.program().pid()), (directory_ / "state").string()});
}

TEST_F(BadInput, StateOfANewerVersionIsLeftUntouched) {
  support::HubProcess hub(directory_.path());
  const auto lock = directory_ / "state/lock";
  std::filesystem::create_directory(directory_ / "state");
  ::chmod((directory_ / "state").c_str(), 0700);
  const std::string newer = R"({"format":{"major":99,"minor":0},"epoch":4})";
  ASSERT_TRUE(files::write_file_atomically(lock, newer));
  expect_one_error(
      run_program(agent_flags(hub.endpoint(), "file://" + hub.agent_token_file().string())), 1,
      {"99", (directory_ / "state").string()});
  EXPECT_EQ(files::read_file(lock).value(), newer);
}

TEST_F(BadInput, MissingRepositoryFailsTheJobWithTheReason) {
  support::HubProcess hub(directory_.path());
  support::AgentProcess agent(hub, directory_.path());
  const auto slug = hub.make_pipeline("gone", "steps:\n  - command: make\n",
                                      (directory_ / "no-such-repository").string());
  const int number = hub.make_build(slug);
  const auto build = hub.finished_build(slug, number, 60s);
  ASSERT_TRUE(build) << agent.program().err();
  EXPECT_EQ((*build)["state"], "failed");
  EXPECT_NE(hub.log(slug, number).find("no-such-repository"), std::string::npos)
      << hub.log(slug, number);
}

TEST_F(BadInput, SmallDiskCarriesALogLargerThanItself) {
  if (::geteuid() != 0) GTEST_SKIP() << "mounting a small tmpfs needs root";
  const auto small = directory_ / "state";
  std::filesystem::create_directory(small);
  ASSERT_EQ(::mount("tmpfs", small.c_str(), "tmpfs", 0, "size=48m,mode=0700"), 0);
  {
    support::HubProcess hub(directory_.path());
    support::AgentProcess agent(hub, directory_.path());
    const auto slug = hub.make_pipeline("big", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - command: "head -c 120000000 /dev/zero | tr '\\0' 'x' | fold -w 99; echo; echo the end"
)yaml");
    const int number = hub.make_build(slug);
    const auto build = hub.finished_build(slug, number, 120s);
    EXPECT_TRUE(build) << agent.program().err();
    if (build) {
      EXPECT_EQ((*build)["state"], "passed") << "the journal is shipped and dropped as it grows";
      EXPECT_NE(hub.log(slug, number).find("the end"), std::string::npos);
    }
    EXPECT_EQ(agent.stop(), 0);
  }
  EXPECT_EQ(::umount2(small.c_str(), MNT_DETACH), 0);
}

}  // namespace
}  // namespace ostler
