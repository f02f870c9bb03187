// SPDX-License-Identifier: Apache-2.0
// What commands print with --json, for scripts, on a real hub with a real agent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class JsonAnswers : public testing::Test {
 protected:
  void make_pipeline(const std::string& slug, const std::string& steps) const {
    hub_.make_pipeline(slug, "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps:\n" + steps);
  }
  json asked(std::vector<std::string> words) const {
    words.emplace_back("--json");
    return json::parse(person_.said(std::move(words)));
  }
  std::filesystem::path folder(const std::string& name) const {
    std::filesystem::create_directories(directory_ / name);
    return directory_ / name;
  }
  static std::vector<json> lines_of(const std::string& text) {
    std::vector<json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(json::parse(line));
    return lines;
  }

  const support::TempDirectory directory_;
  const support::HubProcess hub_{directory_.path()};
  const support::Person person_{hub_, directory_.path()};
};

TEST_F(JsonAnswers, TellOfPipelines) {
  const json made = asked({"pipeline", "create", "Web App", "--repository", "https://x.example/w"});
  EXPECT_EQ(made["slug"], "web-app");
  EXPECT_EQ(made["repository"], "https://x.example/w");
  EXPECT_TRUE(asked({"pipeline", "archive", "web-app"})["archived_at"].is_string());
  EXPECT_TRUE(asked({"pipeline", "unarchive", "web-app"})["archived_at"].is_null());
}

TEST_F(JsonAnswers, TellOfBuildsAndJobsThatAreChanged) {
  make_pipeline("app", "  - {command: echo, key: one, agents: {os: none}}\n");
  hub_.make_build("app");
  const json job = asked({"job", "cancel", "app/1"});
  EXPECT_EQ(job["state"], "canceled");
  const json again = asked({"job", "retry", "app/1"});
  EXPECT_EQ(again["step_key"], "one");
  EXPECT_NE(again["id"], job["id"]);
  asked({"job", "cancel", "app/1"});
  EXPECT_EQ(asked({"build", "retry", "--state", "canceled", "app/1"})["retried_jobs_count"], 1);
  const json canceled = asked({"build", "cancel", "app/1"});
  EXPECT_EQ(canceled["number"], 1);
  EXPECT_EQ(canceled["state"], "canceled");
  EXPECT_EQ(person_.ostler({"build", "retry", "app/1", "--json", "--watch"}).code, 2);
  const json rebuilt = asked({"build", "rebuild", "app/1"});
  EXPECT_EQ(rebuilt["number"], 2);
  EXPECT_EQ(rebuilt["rebuilt_from"]["number"], 1);
}

TEST_F(JsonAnswers, TellOfAGateThatIsOpened) {
  make_pipeline("gated", "  - {block: Release, key: release}\n");
  hub_.make_build("gated");
  EXPECT_EQ(asked({"job", "unblock", "gated/1"})["state"], "unblocked");
}

TEST_F(JsonAnswers, AreEveryEventOfABuildThatIsWatched) {
  make_pipeline("app", "  - {command: exit 3, key: one}\n");
  hub_.make_build("app");
  const support::AgentProcess agent(hub_, folder("agent"));
  const auto watched = person_.ostler({"build", "watch", "app/1", "--json"});
  EXPECT_EQ(watched.code, 1) << watched.err;
  const auto lines = lines_of(watched.out);
  ASSERT_GE(lines.size(), 4u) << watched.out;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) EXPECT_EQ(lines[i]["id"], i + 1);
  EXPECT_EQ(lines.back(), json({{"build", {{"state", "failed"}}}})) << watched.out;
  EXPECT_THAT(watched.out, HasSubstr("\"exit_status\":3"));
  const auto again = person_.ostler({"build", "watch", "app/1", "--json"});
  EXPECT_EQ(again.code, 1) << "of a build that is over, too";
  EXPECT_EQ(lines_of(again.out).front(), lines.front());
  const std::string unread = "{ sleep 1; ostler build watch app/1 --json; } | true";
  EXPECT_EQ(person_.shell("set -o pipefail; " + unread).code, 0);
}

TEST_F(JsonAnswers, EndWithABlockThatIsNotOpenedYet) {
  make_pipeline("gated",
                "  - {block: First, key: first}\n  - {block: Second, key: second}\n"
                "  - {command: echo, agents: {os: none}}\n");
  hub_.make_build("gated");
  asked({"job", "unblock", "gated/1", "--step", "first"});
  const auto blocked = person_.ostler({"build", "watch", "gated/1", "--until-blocked", "--json"});
  EXPECT_EQ(blocked.code, 3) << blocked.err;
  EXPECT_THAT(blocked.out, HasSubstr("\"state\":\"blocked\""));
  EXPECT_EQ(lines_of(blocked.out).front()["id"], 1);
}

TEST_F(JsonAnswers, TellOfSecretsWithoutTheirValues) {
  const auto made = person_.shell("echo correct-horse | ostler secret set KEY --json");
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(json::parse(made.out)["key"], "KEY");
  EXPECT_THAT(made.out, Not(HasSubstr("correct-horse")));
  const json changed = asked({"secret", "set", "KEY", "--keep-value", "--description", "mine"});
  EXPECT_EQ(changed["description"], "mine");
  EXPECT_EQ(changed["id"], json::parse(made.out)["id"]);
}

TEST_F(JsonAnswers, TellOfTheAgentOfThisMachine) {
  support::AgentProcess agent(hub_, folder("agent"));
  const std::string state = agent.state();
  const auto is_there = [&] {
    return person_.ostler({"agent", "list", "--state-path", state}).code == 0;
  };
  ASSERT_TRUE(support::wait_until(60s, is_there)) << agent.program().err();
  EXPECT_EQ(asked({"agent", "pause", "--state-path", state})["paused"], true);
  const json resumed = asked({"agent", "resume", "--state-path", state});
  EXPECT_EQ(resumed["paused"], false);
  EXPECT_EQ(resumed["slots"].size(), 1u);
  const json ended = asked({"agent", "stop", "--state-path", state});
  EXPECT_EQ(ended["pid"], resumed["pid"]);
  EXPECT_TRUE(agent.program().wait(60s)) << agent.program().err();
}

TEST_F(JsonAnswers, TellOfBackupsAndWhatIsMadeOfThem) {
  const std::string backup = directory_ / "backup";
  const json made = asked({"hub", "backup", backup, "--data-path", hub_.data()});
  EXPECT_EQ(made["directory"], backup);
  EXPECT_EQ(made["faults"], json::array());
  const std::string data = directory_ / "restored";
  const json restored = asked({"hub", "restore", backup, "--data-path", data});
  EXPECT_EQ(restored["directory"], data);
  EXPECT_EQ(restored["backup_created_at"], made["created_at"]);
  EXPECT_EQ(restored["replaced"], nullptr);
}

TEST_F(JsonAnswers, TellOfTheArtifactsThatAJobFinds) {
  make_pipeline("made",
                "  - command:\n    - echo text > a.txt\n    - ostler artifact upload a.txt\n"
                "    - ostler artifact search '*.txt' --json | tail -1 > found.json\n"
                "    - ostler artifact upload found.json\n"
                "    - ostler artifact search '*.zip' --json --allow-empty-results > none.json\n"
                "    - '[ \"$$(cat none.json)\" = \"[]\" ]'\n");
  hub_.make_build("made");
  const support::AgentProcess agent(hub_, folder("agent"));
  const auto build = hub_.finished_build("made", 1, 120s);
  ASSERT_TRUE(build);
  EXPECT_EQ((*build)["state"], "passed") << support::plain_log(hub_.log("made", 1));
  const auto found = person_.shell(
      "ostler artifact download found.json out --build made/1 && cat out/found.json | tail -1");
  const json list = json::parse(person_.shell("cat out/found.json").out);
  ASSERT_EQ(list.size(), 1u) << found.out;
  EXPECT_EQ(list[0]["path"], "a.txt");
  EXPECT_EQ(list[0]["file_size"], 5);
  EXPECT_EQ(list[0]["job_id"], (*build)["jobs"][0]["id"]);
  EXPECT_EQ(asked({"artifact", "download", "a.txt", "saved", "--build", "made/1"}),
            json::array({{{"path", "a.txt"}, {"saved_to", "saved/a.txt"}}}));
}

TEST_F(JsonAnswers, SteerNoTerminal) {
  const std::string dump = "OF_OTHERS=$(printf 'a\\302\\23331m\\342\\200\\256b') ostler env dump";
  const auto read = person_.shell(dump);
  EXPECT_THAT(read.out, HasSubstr("\"OF_OTHERS\":\"a\u009b31m\u202eb\""));
  const auto shown = person_.shell("export " + dump.substr(0, dump.find(" ostler")) +
                                   "; script -qec 'ostler env dump' /dev/null < /dev/null");
  EXPECT_THAT(shown.out, HasSubstr("\"OF_OTHERS\":\"a\\u009b31m\\u202eb\""));
  EXPECT_THAT(shown.out, Not(HasSubstr("\u009b")));
  EXPECT_THAT(shown.out, Not(HasSubstr("\u202e")));
}

TEST_F(JsonAnswers, SteerNoTerminalAsEventsEither) {
  make_pipeline("app", "  - {block: \"a\\u009b31m\\u202eb\", key: one}\n");
  hub_.make_build("app");
  const std::string watch = "ostler build watch app/1 --json --until-blocked";
  EXPECT_THAT(person_.shell(watch).out, HasSubstr("a\u009b31m\u202eb"));
  const auto shown = person_.shell("script -qec '" + watch + "' /dev/null < /dev/null");
  EXPECT_THAT(shown.out, HasSubstr("a\\u009b31m\\u202eb"));
  EXPECT_THAT(shown.out, Not(HasSubstr("\u009b")));
}

TEST_F(JsonAnswers, TellTheVersion) {
  const json version = asked({"version"});
  EXPECT_EQ(version["name"], "ostler");
  EXPECT_EQ("ostler version " + version["version"].get<std::string>() + "\n",
            person_.said({"version"}));
}

}  // namespace
}  // namespace ostler
