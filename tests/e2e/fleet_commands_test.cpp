// SPDX-License-Identifier: Apache-2.0
// Jobs, agents, secrets and annotations as a person meets them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/uuid_prefix.hpp"
#include "e2e/help_pages.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class FleetCommands : public testing::Test {
 protected:
  std::filesystem::path folder(const std::string& name) const {
    std::filesystem::create_directories(directory_ / name);
    return directory_ / name;
  }
  /// Makes a pipeline "app" and build 1 of it.
  void build_app(const std::string& steps) {
    hub_.make_pipeline("app", "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps:\n" + steps);
    hub_.make_build("app");
  }

  const support::TempDirectory directory_;
  const support::HubProcess hub_{directory_.path()};
  const support::Person person_{hub_, directory_.path()};
};

TEST_F(FleetCommands, SayWhyJobsWait) {
  build_app(
      "  - {command: a, key: first, agents: {gpu: 'true'}}\n  - wait\n"
      "  - {command: b, key: second}\n");
  EXPECT_THAT(person_.said({"job", "why", "app/1"}),
              AllOf(HasSubstr("no agent of queue default is connected"),
                    HasSubstr("it waits for step \"first\", which waits for an agent")));
  const support::AgentProcess agent(hub_, folder("agent"), {"--name", "box-7"});
  ASSERT_TRUE(support::wait_until(30s, [&] {
    return person_.said({"job", "why", "app/1", "--step", "first"})
               .find("the nearest is box-7, which lacks gpu=true") != std::string::npos;
  }));
  const json why = json::parse(person_.said({"job", "why", "app/1", "--step", "first", "--json"}));
  EXPECT_EQ(why["reasons"][0]["type"], "tag");
  EXPECT_EQ(person_.ostler({"job", "why", "app/2"}).code, 2);
}

TEST_F(FleetCommands, PrintAScriptThatRunsTheCommandOfAJob) {
  build_app(
      "  - {command: 'echo \"<$$LEVEL>\"; exit 3', key: one, env: {LEVEL: \"it's `x` $$y\"}}\n"
      "  - wait\n");
  const std::string script = person_.said({"job", "shell-command", "app/1", "--step", "one"});
  EXPECT_THAT(script, testing::StartsWith("#!/bin/sh\n# one of app/1\n"));
  std::ofstream(directory_ / "script") << script;
  const std::string run =
      "sh '" + (directory_ / "script").string() + "' > '" + (directory_ / "said").string() + "'";
  EXPECT_EQ(WEXITSTATUS(std::system(run.c_str())), 3);
  std::ifstream said(directory_ / "said");
  std::string line;
  std::getline(said, line);
  EXPECT_EQ(line, "<it's `x` $y>");
}

TEST_F(FleetCommands, CancelOneJobAndShowItsEnvironment) {
  build_app("  - {command: a, key: one, env: {LEVEL: 3}}\n  - {command: b, key: two}\n");
  EXPECT_THAT(person_.said({"job", "env", "app/1", "--step", "one"}), HasSubstr("\nLEVEL=3\n"));
  EXPECT_THAT(person_.ostler({"job", "cancel", "app/1"}).err, HasSubstr("several jobs"));
  EXPECT_THAT(person_.said({"job", "cancel", "app/1", "--step", "one"}), HasSubstr("is canceled"));
  const json build = hub_.build("app", 1);
  EXPECT_EQ(build["jobs"][0]["state"], "canceled");
  EXPECT_EQ(build["jobs"][1]["state"], "scheduled");
  const auto again = person_.ostler({"job", "cancel", "app/1", "--step", "one"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("it is canceled; \"ostler build show app/1\" shows"));
  EXPECT_EQ(person_.said({"job", "cancel", "app/1"}), "two is canceled\n");
}

TEST_F(FleetCommands, FindEachOfManyJobsMadeAtOnceByTheShortFormOfItsId) {
  build_app("  - {command: a, key: many, parallelism: 300, agents: {os: none}}\n");
  const json build = hub_.build("app", 1);
  ASSERT_EQ(build["jobs"].size(), 300u);
  for (const std::size_t place : {0u, 1u, 2u, 150u, 298u, 299u}) {
    const json& job = build["jobs"][place];
    const std::string id = job["id"];
    const json env =
        json::parse(person_.said({"job", "env", std::string(short_form(id)), "--json"}));
    EXPECT_EQ(env["env"]["BUILDKITE_JOB_ID"], id);
  }
}

TEST_F(FleetCommands, ListAndShowTheAgentsOfTheHub) {
  EXPECT_THAT(person_.ostler({"agent", "show", "box-7"}).err, HasSubstr("agent list --hub"));
  const support::AgentProcess agent(hub_, folder("agent"),
                                    {"--name", "box-7", "--tags", "gpu=true"});
  ASSERT_TRUE(support::wait_until(30s, [&] {
    return person_.said({"agent", "list", "--hub"}).find("box-7") != std::string::npos;
  }));
  EXPECT_THAT(person_.said({"agent", "list", "--hub"}),
              AllOf(HasSubstr("idle"), HasSubstr("default"), HasSubstr("gpu=true")));
  EXPECT_EQ(json::parse(person_.said({"agent", "list", "--hub", "--name", "x", "--json"})).size(),
            0u);
  EXPECT_THAT(person_.said({"agent", "show", "box-7"}), HasSubstr("gpu=true"));
  const json shown = json::parse(person_.said({"agent", "show", "box-7", "--json"}));
  EXPECT_EQ(shown["connection_state"], "connected");
  EXPECT_THAT(person_.said({"agent", "show", shown["id"].get<std::string>()}), HasSubstr("box-7"));
  EXPECT_EQ(person_.ostler({"agent", "list", "--name", "box-7"}).code, 2) << "it needs --hub";
}

TEST_F(FleetCommands, KeepSecretsThatJobsRead) {
  const auto made = person_.shell(
      "printf 'first\\nsecond\\n' | ostler secret set DEPLOY_KEY "
      "--description 'for the shop'");
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("made secret DEPLOY_KEY"));
  build_app("  - command: 'ostler secret get DEPLOY_KEY | wc -l'\n");
  const support::AgentProcess agent(hub_, folder("agent"));
  const auto build = hub_.finished_build("app", 1, 60s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "passed") << hub_.log("app", 1);
  const auto changed = person_.shell("echo other | ostler secret set DEPLOY_KEY");
  EXPECT_THAT(changed.out, HasSubstr("changed secret DEPLOY_KEY"));
  const auto opened =
      person_.ostler({"secret", "set", "DEPLOY_KEY", "--writable-by-jobs", "--keep-value"});
  EXPECT_EQ(opened.code, 0) << opened.err;
  EXPECT_THAT(person_.said({"secret", "list"}), HasSubstr("a person, or jobs"));
  EXPECT_EQ(person_.shell("echo a-third | ostler secret set DEPLOY_KEY").code, 0);
  EXPECT_THAT(person_.said({"secret", "list"}), HasSubstr("a person, or jobs")) << "as it was";
  EXPECT_EQ(person_.ostler({"secret", "set", "NONE", "--writable-by-jobs", "--keep-value"}).code,
            2);
  const auto same = person_.ostler({"secret", "set", "DEPLOY_KEY", "--keep-value"});
  EXPECT_EQ(same.code, 2) << same.out;
  EXPECT_THAT(same.err, HasSubstr("nothing to change"));
  for (const auto& shown :
       {person_.said({"secret", "list"}), person_.said({"secret", "list", "--json"})}) {
    EXPECT_THAT(shown,
                AllOf(HasSubstr("DEPLOY_KEY"), HasSubstr("for the shop"), Not(HasSubstr("other"))));
  }
  EXPECT_THAT(person_.said({"secret", "delete", "DEPLOY_KEY"}), HasSubstr("deleted"));
  EXPECT_EQ(person_.ostler({"secret", "delete", "DEPLOY_KEY"}).code, 2);
  EXPECT_EQ(person_.shell("ostler secret set EMPTY < /dev/null").code, 2);
  EXPECT_EQ(person_.ostler({"secret", "set", "KEY", "value"}).code, 2) << "never an argument";
}

TEST_F(FleetCommands, PrintAnnotationsWithoutMarkupAndEscapeCodes) {
  build_app("  - command: a\n");
  const std::string path = "/organizations/ostler/pipelines/app/builds/1/annotations";
  const json body = {{"body", "2 < 3 \x1b[31m\nsecond"}, {"context", "junit"}, {"style", "error"}};
  ASSERT_EQ(hub_.rest("POST", path, body).status, 201);
  EXPECT_EQ(person_.said({"annotation", "list", "app/1"}),
            "junit  error\n  2 < 3 [31m\n  second\n");
  EXPECT_EQ(json::parse(person_.said({"annotation", "list", "app/1", "--json"}))[0]["style"],
            "error");
}

TEST_F(FleetCommands, ExamineThisMachine) {
  const auto examined = person_.ostler({"doctor"});
  EXPECT_THAT(examined.out,
              AllOf(HasSubstr("hub"), HasSubstr("answers, to"),
                    HasSubstr("the hub's clock and this one agree"), Not(HasSubstr("\x1b"))));
  const json findings = json::parse(person_.ostler({"doctor", "--json"}).out);
  const auto health = [&](const std::string& subject) {
    for (const json& finding : findings) {
      if (finding["subject"] == subject) return finding["health"].get<std::string>();
    }
    return std::string("none");
  };
  EXPECT_EQ(health("hub"), "ok");
  EXPECT_EQ(health("state directory"), "ok");
  const std::string state = directory_ / "state";
  std::filesystem::create_directories(state + "/ostler");
  std::filesystem::permissions(state + "/ostler", std::filesystem::perms(0755));
  const auto open = person_.shell("XDG_STATE_HOME=" + state + " ostler doctor");
  EXPECT_THAT(open.out, HasSubstr("chmod 700 " + state));
  const auto lost = person_.shell("OSTLER_URL=http://127.0.0.1:1 ostler doctor");
  EXPECT_EQ(lost.code, 1);
  EXPECT_THAT(lost.out, HasSubstr("bad"));
}

TEST_F(FleetCommands, CompleteWordsInTheShell) {
  EXPECT_THAT(person_.said({"complete", "--", "bu"}), HasSubstr("build\n"));
  EXPECT_THAT(person_.said({"complete", "--", "build", ""}), HasSubstr("cancel\n"));
  EXPECT_THAT(person_.said({"complete", "--", "build", "list", "--"}), HasSubstr("--branch\n"));
  EXPECT_THAT(person_.said({"complete", "--", "agent", "start", "--"}), HasSubstr("--spawn\n"));
  EXPECT_EQ(person_.said({"complete", "--", "build", "list", "x"}), "");
  const auto bash = person_.shell(
      "source <(ostler completion bash); COMP_WORDS=(ostler pipeline li); COMP_CWORD=2; _ostler; "
      "printf '%s\\n' \"${COMPREPLY[@]}\"");
  EXPECT_EQ(bash.out, "lint\nlist\n") << bash.err;
  EXPECT_EQ(person_.ostler({"completion", "tcsh"}).code, 2);
  for (const auto* shell : {"zsh", "fish"}) {
    EXPECT_THAT(person_.said({"completion", shell}), HasSubstr("ostler complete --"));
  }
}

TEST_F(FleetCommands, CompleteTheValuesOfOptionsAsTheirHelpHasThem) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"build list", "--state"},
      {"build retry", "--state"},
      {"plugin new", "--lang"},
      {"pipeline upload", "--format"},
      {"hub", "--log-level"},
      {"hub", "--log-format"},
      {"agent start", "--log-level"},
      {"agent start", "--log-format"},
      {"queue create", "--retry-agent-affinity"},
      {"queue update", "--retry-agent-affinity"},
      {"annotate", "--style"},
      {"env get", "--format"},
      {"env dump", "--format"},
      {"oidc request-token", "--format"},
      {"redactor add", "--format"},
      {"secret get", "--format"},
      {"step get", "--format"},
      {"completion", ""}};
  for (const auto& [command, option] : rows) {
    const std::string asked = command + " " + option;
    const auto said = person_.shell("ostler complete -- " + asked + " ''");
    const std::string help = person_.shell("ostler " + command + " --help").out;
    std::istringstream values(said.out);
    int count = 0;
    for (std::string value; std::getline(values, value); ++count) {
      EXPECT_THAT(help, testing::ContainsRegex("[^a-z-]" + value + "[^a-z-]")) << asked;
    }
    EXPECT_GT(count, 0) << asked << said.err;
  }
}

TEST_F(FleetCommands, CompleteValuesInBash) {
  const auto completed = [&](const std::string& words, int at) {
    const auto bash = person_.shell("source <(ostler completion bash); COMP_WORDS=(" + words +
                                    "); COMP_CWORD=" + std::to_string(at) +
                                    "; _ostler; printf '%s ' \"${COMPREPLY[@]}\"");
    return bash.out + bash.err;
  };
  EXPECT_EQ(completed("ostler build list --state fa", 4), "failed failing ");
  EXPECT_EQ(completed("ostler build list --state = fa", 5), "failed failing ");
  EXPECT_EQ(completed("ostler build retry --state =", 4),
            "canceled expired failed soft_failed timed_out ");
  EXPECT_EQ(completed("ostler completion z", 2), "zsh ");
  EXPECT_EQ(person_.said({"complete", "--", "env", "dump", "--format=j"}),
            "--format=json\n--format=json-pretty\n")
      << "other shells take it for one word";
}

TEST_F(FleetCommands, CompleteWhatTheHubHas) {
  hub_.make_pipeline("app", "steps: [{command: a}]");
  hub_.make_pipeline("tool", "steps: [{command: a}]");
  EXPECT_EQ(person_.said({"complete", "--", "build", "list", "--pipeline", ""}), "app\ntool\n");
  EXPECT_EQ(person_.said({"complete", "--", "pipeline", "show", "t"}), "app\ntool\n");
  EXPECT_EQ(person_.said({"complete", "--", "queue", "pause", ""}), "default\n");
  EXPECT_EQ(person_.said({"complete", "--", "agent", "start", "--queue", ""}), "default\n");
  EXPECT_EQ(person_.said({"complete", "--", "build", "list", "--url", "http://127.0.0.1:1",
                          "--pipeline", ""}),
            "");
  const auto nobody = person_.shell("OSTLER_API_TOKEN=no ostler complete -- queue pause ''");
  EXPECT_EQ(nobody.code, 0);
  EXPECT_EQ(nobody.out + nobody.err, "");
}

/// A command that did not read its options by the common way would run here.
TEST_F(FleetCommands, KnowTheOptionsOfEveryCommand) {
  const auto commands = support::listed_commands(person_.said({"help"}));
  EXPECT_GT(commands.size(), 60u);
  for (const auto& command : commands) {
    const auto said = person_.shell("ostler complete -- " + command.name + " --");
    EXPECT_THAT(said.out, HasSubstr("--help\n")) << command.name;
    const auto values = person_.shell("ostler complete -- " + command.name + " x ''");
    EXPECT_EQ(values.err, "") << command.name;
    EXPECT_EQ(values.code, 0) << command.name;
  }
}

}  // namespace
}  // namespace ostler
