// SPDX-License-Identifier: Apache-2.0
// Queues and tokens as a person makes and uses them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class QueueCommands : public testing::Test {
 protected:
  support::ProgramResult ostler(std::vector<std::string> words) const {
    words.insert(words.begin(), support::ostler_program());
    return run(words);
  }
  support::ProgramResult run(const std::vector<std::string>& words) const {
    return support::run_program(words, {.environment = {{"OSTLER_URL", hub_.url()},
                                                        {"OSTLER_ORGANIZATION", "ostler"},
                                                        {"OSTLER_API_TOKEN", api_token()},
                                                        {"HOME", directory_.path().string()},
                                                        {"XDG_CONFIG_HOME", ""}},
                                        .directory = directory_.path()});
  }
  /// Types what a command printed, with a token where it says TOKEN.
  support::ProgramResult type(std::string command) const {
    const auto text = files::read_file(hub_.data() / "agent-token").value();
    command.replace(command.find("TOKEN"), 5, text.substr(0, text.find('\n')));
    command.replace(0, std::string("ostler").size(), support::ostler_program());
    return run({"/bin/sh", "-c", command});
  }
  /// What a command that must succeed prints.
  std::string said(std::vector<std::string> words) const {
    const auto result = ostler(std::move(words));
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
  std::string api_token() const {
    const auto text = files::read_file(hub_.data() / "api-token").value();
    return text.substr(0, text.find('\n'));
  }
  /// An empty one for an agent.
  std::filesystem::path folder(const std::string& name) const {
    std::filesystem::create_directories(directory_ / name);
    return directory_ / name;
  }
  /// Makes a build whose job is for a queue.
  int build_for(const std::string& queue) {
    if (pipeline_.empty()) {
      pipeline_ = hub_.make_pipeline(
          "app",
          "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps:\n"
          "  - command: 'echo ran on $$BUILDKITE_AGENT_META_DATA_QUEUE'\n    agents: {queue: " +
              queue + "}\n");
    }
    return hub_.make_build(pipeline_);
  }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  std::string pipeline_;
};

TEST_F(QueueCommands, MakeAQueueWhoseJobsRunOnItsAgents) {
  const std::string made = said({"queue", "create", "linux", "--description", "the big machines"});
  const std::string start = "ostler agent start --endpoint " + hub_.url() +
                            "/v3 --build-path ~/builds --token TOKEN --queue linux";
  EXPECT_THAT(made, HasSubstr('"' + start + '"'));
  const auto typed = type(start + " --disconnect-after-idle-timeout 1");
  EXPECT_EQ(typed.code, 0) << typed.err;
  const support::AgentProcess other(hub_, folder("other"));
  const support::AgentProcess linux(hub_, folder("linux"), {"--queue", "linux"});
  const int number = build_for("linux");
  const auto build = hub_.finished_build(pipeline_, number, 60s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "passed");
  EXPECT_THAT(support::plain_log(hub_.log(pipeline_, number)), HasSubstr("ran on linux"));
}

TEST_F(QueueCommands, HoldAQueueBackUntilItIsResumed) {
  said({"queue", "create", "linux"});
  const support::AgentProcess linux(hub_, folder("linux"), {"--queue", "linux"});
  EXPECT_THAT(said({"queue", "pause", "linux", "--note", "new disks"}),
              HasSubstr("ostler queue resume linux"));
  EXPECT_THAT(said({"queue", "list"}), testing::ContainsRegex("linux +paused +new disks"));
  EXPECT_EQ(said({"queue", "pause", "linux"}), "queue linux is paused already\n");
  EXPECT_EQ(said({"queue", "pause", "linux", "--note", "new disks"}),
            "queue linux is paused already\n");
  EXPECT_EQ(ostler({"queue", "pause", "linux", "--note", "do not resume"}).code, 2);
  EXPECT_EQ(json::parse(said({"queue", "pause", "linux", "--json"}))["dispatch_paused"], true);
  const int number = build_for("linux");
  EXPECT_FALSE(hub_.finished_build(pipeline_, number, 2s));
  said({"queue", "resume", "linux"});
  EXPECT_EQ(said({"queue", "resume", "linux"}), "queue linux is open already\n");
  EXPECT_TRUE(hub_.finished_build(pipeline_, number, 60s));
  const auto refused = ostler({"queue", "delete", "linux"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("agents are connected to the queue (1)"));
}

TEST_F(QueueCommands, ShowChangeAndDeleteQueues) {
  const json made = json::parse(said({"queue", "create", "mac", "--lease", "300", "--json"}));
  EXPECT_EQ(made["lease_seconds"], 300);
  said({"queue", "update", "mac", "--description", "one machine", "--lease", "0",
        "--retry-agent-affinity", "prefer-different"});
  const json all = json::parse(said({"queue", "list", "--json"}));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1]["key"], "mac");
  EXPECT_EQ(all[1]["lease_seconds"], nullptr);
  EXPECT_EQ(all[1]["retry_agent_affinity"], "prefer-different");
  said({"queue", "update", "mac", "--default"});
  const std::string table = said({"queue", "list"});
  EXPECT_THAT(table, HasSubstr("mac      open   default"));
  EXPECT_THAT(table, HasSubstr("one machine"));
  EXPECT_THAT(table, Not(HasSubstr("\x1b"))) << "it went to a pipe";
  EXPECT_THAT(said({"queue", "delete", "default"}), HasSubstr("deleted queue default"));
}

TEST_F(QueueCommands, SayWhatIsWrong) {
  EXPECT_THAT(ostler({"queue", "create", "a b"}).err, HasSubstr("must hold only letters"));
  EXPECT_EQ(ostler({"queue", "create"}).code, 2);
  EXPECT_THAT(ostler({"queue", "create", "default"}).err, HasSubstr("already been taken"));
  EXPECT_THAT(ostler({"queue", "create", "x", "--lease", "5"}).err, HasSubstr("from 120"));
  EXPECT_THAT(ostler({"queue", "pause", "nowhere"}).err, HasSubstr("it has default"));
  EXPECT_THAT(ostler({"queue", "list", "--cluster", "Robots"}).err, HasSubstr("it has Default"));
  EXPECT_THAT(ostler({"queue", "create", "x", "--retry-agent-affinity", "any"}).err,
              HasSubstr("say prefer-warmest"));
  EXPECT_THAT(ostler({"queue"}).err, HasSubstr("say list, create"));
  EXPECT_THAT(said({"queue", "create", "--help"}), HasSubstr("agents: {queue: linux}"));
}

TEST_F(QueueCommands, MakeATokenThatLetsAgentsIn) {
  const std::string token = said({"token", "create", "box 7", "--ttl", "720h"});
  ASSERT_TRUE(token.starts_with("osta_")) << token;
  const auto file = directory_ / "token";
  std::ofstream(file) << token;
  const std::string text = token.substr(0, token.find('\n'));
  EXPECT_EQ(token, text + "\n") << "and nothing else";
  for (const auto& shown : {said({"token", "list"}), said({"token", "list", "--json"})}) {
    EXPECT_THAT(shown, HasSubstr("box 7"));
    EXPECT_THAT(shown, Not(HasSubstr(text)));
  }
  {
    support::AgentProcess agent(hub_.endpoint(), file, folder("agent"), {});
    const int number = build_for("default");
    EXPECT_TRUE(hub_.finished_build(pipeline_, number, 60s)) << agent.program().err();
  }
  EXPECT_THAT(said({"token", "revoke", "box 7"}), HasSubstr("revoked token box 7"));
  support::AgentProcess late(hub_.endpoint(), file, folder("late"), {});
  EXPECT_NE(late.program().wait(60s).value_or(0), 0);
  EXPECT_THAT(late.program().err(), HasSubstr("401"));
  EXPECT_THAT(ostler({"token", "revoke", "box 7"}).err, HasSubstr("there is no token box 7"));
}

TEST_F(QueueCommands, MakeNoTokenOfNonsense) {
  EXPECT_EQ(ostler({"token", "create"}).code, 2);
  const auto unread = run({"bash", "-c", "\"$0\" token create y | :; exit ${PIPESTATUS[0]}",
                           support::ostler_program()});
  EXPECT_EQ(unread.code, 1);
  EXPECT_THAT(unread.err, HasSubstr("the token is lost, revoke it"));
  EXPECT_THAT(ostler({"token", "create", "x", "--ttl", "soon"}).err, HasSubstr("--ttl"));
  EXPECT_THAT(ostler({"token", "create", "x", "--ttl", "1s"}).err, HasSubstr("10 minutes"));
  EXPECT_THAT(ostler({"token", "create", "x", "--allow", "home"}).err,
              HasSubstr("must be networks"));
  const json made = json::parse(
      said({"token", "create", "x", "--allow", "192.0.2.0/24", "--allow", "::1", "--json"}));
  EXPECT_EQ(made["allowed_ip_addresses"], "192.0.2.0/24 ::1");
  said({"token", "create", "x"});
  EXPECT_THAT(ostler({"token", "revoke", "x"}).err, HasSubstr("several tokens are called x"));
  EXPECT_EQ(ostler({"token", "revoke", made["id"].get<std::string>()}).code, 0);
}

}  // namespace
}  // namespace ostler
