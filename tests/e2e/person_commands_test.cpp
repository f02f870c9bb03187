// SPDX-License-Identifier: Apache-2.0
// What a person does with builds and jobs at a terminal, on a real hub with a real agent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "base/uuid_prefix.hpp"
#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using support::ProgramResult;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kSteps = R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - {key: greet, label: Greet, command: "printf '\\033[32mhello\\033[0m\\n'"}
  - {key: test, label: Test, command: "echo broken; exit 3", depends_on: greet}
)yaml";

/// A hub with an agent, a person's checkout of a repository, and the failed build app/1 of it.
class House {
 public:
  House() {
    git({"init", "-q", "-b", "main", checkout().string()});
    git({"-C", checkout().string(), "-c", "user.name=t", "-c", "user.email=t@example.org", "commit",
         "-q", "--allow-empty", "-m", "first"});
    git({"-C", checkout().string(), "remote", "add", "origin", "git@git.example.com:acme/app.git"});
    hub.make_pipeline("app", kSteps, "https://git.example.com/Acme/app");
    hub.make_build("app");
    EXPECT_TRUE(hub.finished_build("app", 1, 60s)) << agent.program().err();
  }

  static void git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "git");
    const auto done = support::run_program(arguments);
    EXPECT_EQ(done.code, 0) << done.err;
  }

  std::filesystem::path checkout() const { return directory / "checkout"; }

  support::ProgramOptions person(const std::filesystem::path& where) const {
    const auto token = files::read_file(hub.data() / "api-token").value();
    return {
        .environment = {{"HOME", directory.path().string()},
                        {"OSTLER_URL", hub.url()},
                        {"OSTLER_API_TOKEN", token.substr(0, token.find('\n'))},
                        {"OSTLER_ORGANIZATION", "ostler"},
                        {"BUILDKITE_AGENT_ACCESS_TOKEN", ""},
                        {"BUILDKITE_AGENT_JOB_API_SOCKET", ""},
                        {"DISPLAY", ""},
                        {"WAYLAND_DISPLAY", ""},
                        {"PATH",
                         std::filesystem::path(support::ostler_program()).parent_path().string() +
                             ":" + std::getenv("PATH")}},
        .directory = where};
  }

  const support::TempDirectory directory;
  support::HubProcess hub{directory.path()};
  support::AgentProcess agent{hub, directory.path(), {"--spawn", "2"}};
};

class PersonCommands : public testing::Test {
 protected:
  static void SetUpTestSuite() { house_ = std::make_unique<House>(); }
  static void TearDownTestSuite() { house_.reset(); }

  /// Runs a command in the checkout.
  static ProgramResult ostler(std::vector<std::string> words) {
    return ostler_in(house_->checkout(), std::move(words));
  }
  static ProgramResult ostler_in(const std::filesystem::path& where,
                                 std::vector<std::string> words) {
    words.insert(words.begin(), support::ostler_program());
    return support::run_program(words, house_->person(where));
  }
  static ProgramResult shell(const std::string& line) {
    return support::run_program({"/bin/bash", "-o", "pipefail", "-c", line},
                                house_->person(house_->checkout()));
  }
  static nlohmann::json rest(const std::string& path) {
    return nlohmann::json::parse(house_->hub.rest("GET", "/organizations/ostler" + path).body);
  }
  static std::string job_id(const std::string& key) {
    const auto build = house_->hub.build("app", 1);
    for (const auto& job : build["jobs"]) {
      if (job.value("step_key", "") == key) return job["id"];
    }
    return "";
  }

  /// That the attempt before the last is shown with an id which leads to its log, also as JSON.
  static void expect_first_attempt(const std::string& shown, const std::string& build) {
    const auto all = nlohmann::json::parse(ostler({"build", "show", build, "--json"}).out)["jobs"];
    const auto first = std::ranges::find_if(all, [](const auto& job) {
      return job.value("retried", false) && job["retry_source"].is_null();
    });
    ASSERT_NE(first, all.end()) << all.dump(1);
    const std::string id = (*first)["id"];
    const std::string shown_id(short_form(id));
    EXPECT_THAT(shown, testing::ContainsRegex("\n  " + shown_id + " +failed, attempt 1 "));
    EXPECT_THAT(ostler({"job", "log", shown_id}).out, HasSubstr("\nattempt 0\n"));
    EXPECT_THAT(ostler({"job", "log", id}).out, HasSubstr("\nattempt 0\n"));
  }

  static std::unique_ptr<House> house_;
};

std::unique_ptr<House> PersonCommands::house_;

TEST_F(PersonCommands, ListBuilds) {
  const auto all = ostler({"build", "list"});
  EXPECT_EQ(all.code, 0) << all.err;
  EXPECT_THAT(all.out, testing::ContainsRegex("app/1  +failed  +main"));
  EXPECT_EQ(ostler({"build", "list", "--state", "passed"}).out, "");
  EXPECT_THAT(ostler({"build", "list", "--pipeline", "app", "--branch", "main"}).out,
              HasSubstr("app/1"));
  EXPECT_EQ(ostler({"build", "list", "--branch", "a&b=c"}).out, "");
  const auto text = ostler({"build", "list", "--pipeline", "app", "--json"});
  EXPECT_EQ(nlohmann::json::parse(text.out),
            rest("/pipelines/app/builds?exclude_jobs=true&exclude_pipeline=true"));
}

TEST_F(PersonCommands, FindTheOnlyOrganizationThemselves) {
  const auto named = ostler({"build", "list"});
  const auto asked = shell("unset OSTLER_ORGANIZATION; ostler build list");
  EXPECT_EQ(asked.code, 0) << asked.err;
  EXPECT_EQ(asked.out, named.out);
  const auto created = shell(
      "unset OSTLER_ORGANIZATION; ostler pipeline create lone --repository "
      "https://git.example.com/lone");
  EXPECT_EQ(created.code, 0) << created.err;
  EXPECT_EQ(rest("/pipelines/lone").value("slug", ""), "lone");
  EXPECT_EQ(ostler({"pipeline", "archive", "lone"}).code, 0);
}

TEST_F(PersonCommands, SayHowToNameAnOrganizationThatTheyCannotFind) {
  const auto refused = shell(
      "unset OSTLER_ORGANIZATION; OSTLER_API_TOKEN=$(ostler token create --api few --scopes "
      "read_builds --data-path '" +
      house_->hub.data().string() + "') ostler build list");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err,
              HasSubstr("no organization is named and the API token may not ask the hub for it; "
                        "name one with --org or OSTLER_ORGANIZATION"));
}

TEST_F(PersonCommands, SayOnOneLineWhatTheHubRefusesAndWhatToDo) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"ostler build list --org nobody",
       "the hub has no organization nobody for this token; name another with --org or "
       "OSTLER_ORGANIZATION"},
      {"OSTLER_API_TOKEN=wrong ostler build list",
       "the hub does not take this API token; set another in OSTLER_API_TOKEN\n"},
      {"ostler pipeline create app --repository /r", "the hub refuses: Validation Failed: "},
      {"ostler queue create default", "the hub refuses: Validation failed: "},
      {"ostler pipeline update nowhere --poll 60",
       "the hub has nothing at /v2/organizations/ostler/pipelines/nowhere"},
      {"ostler build list --url hub", "--url or OSTLER_URL: hub is no URL; give it as http://"}};
  for (const auto& [command, said] : rows) {
    const auto refused = shell(command);
    EXPECT_EQ(refused.code, 2) << command;
    EXPECT_THAT(refused.err, StartsWith("ostler: " + said)) << command;
    EXPECT_EQ(std::ranges::count(refused.err, '\n'), 1) << refused.err;
  }
}

TEST_F(PersonCommands, SayThatNoHubAnswersAndWhatStartsOne) {
  const auto away = shell("ostler build list --url http://127.0.0.1:9");
  EXPECT_EQ(away.code, 1);
  EXPECT_THAT(away.err, testing::MatchesRegex(
                            "ostler: the hub at http://127.0.0.1:9 does not answer: .*; \"ostler "
                            "up\" starts one, \"ostler doctor\" looks for causes\n"));
}

TEST_F(PersonCommands, RefuseListsThatAreNone) {
  const auto near = ostler({"build", "list", "--pipeline", "apq"});
  EXPECT_EQ(near.code, 2);
  EXPECT_THAT(near.err, HasSubstr("did you mean app?"));
  EXPECT_EQ(ostler({"build", "list", "--limit", "0"}).code, 2);
  const auto state = ostler({"build", "list", "--state", "green"});
  EXPECT_EQ(state.code, 2);
  EXPECT_THAT(state.err, HasSubstr("Invalid state: green"));
}

TEST_F(PersonCommands, ShowABuildAndWhyItFailed) {
  const auto shown = ostler({"build", "show", "app/1"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, StartsWith("app/1  failed in "));
  EXPECT_THAT(shown.out, testing::ContainsRegex("Greet  +passed"));
  EXPECT_THAT(shown.out, testing::ContainsRegex("Test  +failed  +[0-9.]+s  +exit status 3"));
  EXPECT_THAT(shown.out,
              HasSubstr("\nTest failed: exit status 3\nphase    Running commands\ncommand  "));
  EXPECT_THAT(shown.out, HasSubstr("\n  broken\n"));
  EXPECT_THAT(shown.out, HasSubstr("the whole log: ostler job log app/1 --step test\n"));
  EXPECT_THAT(shown.out, Not(HasSubstr("\x1b")));
  EXPECT_EQ(nlohmann::json::parse(ostler({"build", "show", "app/1", "--json"}).out),
            rest("/pipelines/app/builds/1"));
}

TEST_F(PersonCommands, UnderstandEveryWayToNameABuild) {
  const auto build = house_->hub.build("app", 1);
  for (const std::string& name :
       {std::string("1"), std::string("#1"), std::string("app"), std::string("app#1"),
        build["id"].get<std::string>(), build["id"].get<std::string>().substr(0, 8), job_id("test"),
        job_id("test").substr(0, 30), build["web_url"].get<std::string>(),
        build["url"].get<std::string>()}) {
    const auto shown = ostler({"build", "show", name});
    EXPECT_EQ(shown.code, 0) << name << ": " << shown.err;
    EXPECT_THAT(shown.out, StartsWith("app/1  failed")) << name;
  }
  EXPECT_THAT(ostler({"build", "show"}).out, StartsWith("app/1  failed"));
}

TEST_F(PersonCommands, SayWhatToDoWhenAReferenceIsBad) {
  const std::vector<std::pair<std::string, std::string>> wrongs = {
      {"nope/1", "has no pipeline nope; it has app"},
      {"app/9", "pipeline app has no build 9; \"ostler build list --pipeline app\""},
      {"app/0", "numbered from 1"},
      {"a b", "give PIPELINE/NUMBER"},
      {"http://elsewhere.example/ostler/app/builds/1", "ostler login http://elsewhere.example"},
      {house_->hub.url() + "/others/app/builds/1", "pass --org others"},
      {"00000000-0000-0000-0000-000000000000", "\"ostler build list\" shows"}};
  for (const auto& [reference, advice] : wrongs) {
    const auto refused = ostler({"build", "show", reference});
    EXPECT_EQ(refused.code, 2) << reference;
    EXPECT_EQ(refused.out, "");
    EXPECT_THAT(refused.err, HasSubstr(advice)) << reference;
  }
  const auto nowhere = ostler_in("/", {"build", "show", "1"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("is in no git repository; name one"));
}

TEST_F(PersonCommands, AskWhichPipelineWhenSeveralBuildARepository) {
  const auto twice = house_->directory / "twice";
  House::git({"init", "-q", "-b", "main", twice.string()});
  const auto lonely = ostler_in(twice, {"build", "show"});
  EXPECT_EQ(lonely.code, 2);
  EXPECT_THAT(lonely.err, HasSubstr("builds the repository around"));
  house_->hub.make_pipeline("twice-a", kSteps, twice.string());
  const auto none = ostler_in(twice, {"build", "show"});
  EXPECT_THAT(none.err, HasSubstr("twice-a has no build of branch main yet"));
  house_->hub.make_pipeline("twice-b", kSteps, "file://" + twice.string());
  const auto refused = ostler_in(twice, {"build", "show", "1"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("several pipelines build the repository"));
  EXPECT_THAT(refused.err, testing::AllOf(HasSubstr("twice-a"), HasSubstr("twice-b")));
}

TEST_F(PersonCommands, PrintLogs) {
  const auto log = ostler({"job", "log", job_id("test")});
  EXPECT_EQ(log.code, 0) << log.err;
  EXPECT_THAT(log.out, HasSubstr("\nbroken\n"));
  EXPECT_THAT(log.out, Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\r"))));
  EXPECT_EQ(ostler({"job", "log", "app/1", "--step", "test"}).out, log.out);
  EXPECT_EQ(ostler({"job", "log", "1", "--step", "Test"}).out, log.out);
  const auto all = ostler({"build", "log", "app/1"});
  EXPECT_THAT(all.out, StartsWith("==> Greet\n"));
  EXPECT_THAT(all.out, HasSubstr("\nhello\n"));
  EXPECT_THAT(all.out, HasSubstr("\n==> Test\n" + log.out));
}

TEST_F(PersonCommands, ReadTheJobThatFailedFirstWhenNoneIsNamed) {
  const auto log = ostler({"job", "log", "app/1"});
  EXPECT_EQ(log.code, 0) << log.err;
  EXPECT_EQ(log.err, "job log: Test, which failed first\n");
  EXPECT_EQ(log.out, ostler({"job", "log", "app/1", "--step", "test"}).out);
  const auto env = ostler({"job", "env", "app/1", "--json"});
  EXPECT_EQ(nlohmann::json::parse(env.out)["env"]["BUILDKITE_STEP_KEY"], "test");
  EXPECT_THAT(ostler({"job", "shell-command", "app/1"}).out, HasSubstr("exec "));
}

TEST_F(PersonCommands, AskWhichJobIsMeant) {
  house_->hub.make_pipeline("pair", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps: [{key: one, label: One, command: echo one}, {key: two, label: Two, command: echo two}]
)yaml");
  house_->hub.make_build("pair");
  ASSERT_TRUE(house_->hub.finished_build("pair", 1, 60s));
  const auto several = ostler({"job", "log", "pair/1"});
  EXPECT_EQ(several.code, 2);
  EXPECT_THAT(several.err, HasSubstr("ostler job log pair/1 --step one  (One)"));
  const auto none = ostler({"job", "log", "app/1", "--step", "deploy"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("no job with the key or label \"deploy\""));
  const auto passed = ostler({"job", "retry", "pair/1"});
  EXPECT_EQ(passed.code, 2);
  EXPECT_THAT(passed.err, HasSubstr("pair/1 is passed: no job of it failed"));
  EXPECT_THAT(ostler({"job", "cancel", "pair/1"}).err, HasSubstr("its jobs are over"));
}

TEST_F(PersonCommands, ChangeTheNewestBuildOfThisBranchAndSayWhich) {
  const auto own = house_->directory / "own";
  House::git({"init", "-q", "-b", "topic", own.string()});
  House::git({"-C", own.string(), "-c", "user.name=t", "-c", "user.email=t@example.org", "commit",
              "-q", "--allow-empty", "-m", "first"});
  house_->hub.make_pipeline("own", R"yaml(
agents: {os: none}
steps: [{key: one, command: echo}, {key: two, command: echo}]
)yaml",
                            own.string());
  const auto none = ostler_in(own, {"build", "cancel"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("own has no build of branch topic yet"));
  ASSERT_EQ(ostler_in(own, {"build", "create"}).code, 0);
  ASSERT_EQ(ostler_in(own, {"build", "create", "--branch", "other"}).code, 0);
  const auto canceled = ostler_in(own, {"build", "cancel"});
  EXPECT_EQ(canceled.code, 0) << canceled.err;
  EXPECT_EQ(canceled.err, "build cancel: own/1 of topic, the newest build of this branch\n");
  EXPECT_EQ(canceled.out, "canceling own/1\n");
  ASSERT_TRUE(house_->hub.finished_build("own", 1, 30s));
  EXPECT_THAT(ostler_in(own, {"build", "rebuild"}).out, StartsWith("made own/3, which is own/1"));
  const auto both = ostler_in(own, {"job", "cancel"});
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, HasSubstr("\n  ostler job cancel own/3 --step two  (two)"));
  ASSERT_EQ(ostler_in(own, {"job", "cancel", "--step", "one"}).code, 0);
  const auto last = ostler_in(own, {"job", "cancel"});
  EXPECT_THAT(last.err, StartsWith("job cancel: own/3 of topic, the newest build of this branch"));
  EXPECT_EQ(last.out, "two is canceled\n");
  ASSERT_TRUE(house_->hub.finished_build("own", 3, 30s));
  EXPECT_THAT(ostler_in(own, {"build", "retry"}).out, StartsWith("retrying 2 jobs of own/3"));
}

TEST_F(PersonCommands, ChangeNoBuildThatNobodyNamed) {
  const auto detached = house_->directory / "detached";
  House::git({"clone", "-q", house_->checkout().string(), detached.string()});
  House::git({"-C", detached.string(), "remote", "add", "app", "https://git.example.com/Acme/app"});
  House::git({"-C", detached.string(), "checkout", "-q", "--detach"});
  for (const std::string command : {"cancel", "rebuild", "retry"}) {
    const auto refused = ostler_in(detached, {"build", command});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("build " + command + ": no branch is checked out here"));
    EXPECT_THAT(ostler_in("/", {"build", command}).err, HasSubstr("is in no git repository"));
  }
}

TEST_F(PersonCommands, EndQuietlyWhenTheirPipeIsClosed) {
  for (const std::string command : {"build list", "build show app/1", "build log app/1"}) {
    const auto cut = shell("ostler " + command + " | true");
    EXPECT_EQ(cut.code, 0) << command;
    EXPECT_EQ(cut.err, "");
  }
}

TEST_F(PersonCommands, FailWhenWhatTheyPrintIsLost) {
  for (const std::string command :
       {"build list", "build show app/1", "build log app/1", "plugin schema", "help"}) {
    const auto lost = shell("ostler " + command + " >/dev/full");
    EXPECT_EQ(lost.code, 1) << command;
    EXPECT_THAT(lost.err, HasSubstr("standard output: ")) << command;
  }
}

TEST_F(PersonCommands, FitATerminalAndObeyNoColor) {
  const auto on_terminal = [](const std::string& command) {
    return shell("script -qec 'stty cols 40; TERM=xterm " + command + "' /dev/null </dev/null").out;
  };
  EXPECT_THAT(on_terminal("ostler build list"), HasSubstr("\x1b[31mfailed"));
  const std::string plain = on_terminal("NO_COLOR=1 ostler build list --pipeline app");
  const auto begin = plain.find("app/1  failed  main");
  ASSERT_NE(begin, plain.npos) << plain;
  EXPECT_THAT(plain, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(on_terminal("ostler build list --state blocked"), HasSubstr("no such builds"));
  EXPECT_THAT(on_terminal("ostler artifact list app/1"), HasSubstr("no artifacts"));
  EXPECT_EQ(ostler({"build", "list", "--state", "blocked"}).out, "") << "programs read it";
  EXPECT_LE(plain.find("\r\n", begin) - begin, 40u) << plain;
}

TEST_F(PersonCommands, MakeABuildOfTheCheckoutAndCancelIt) {
  house_->hub.make_pipeline("slow",
                            "steps: [{command: sleep 60, agents: {queue: default, os: none}}]");
  const auto made = ostler({"build", "create", "--pipeline", "slow", "--message", "By hand",
                            "--env", "A=b=c", "--env", "D="});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, StartsWith("made slow/1 of main: http://"));
  const auto build = house_->hub.build("slow", 1);
  EXPECT_EQ(build["message"], "By hand");
  EXPECT_EQ(build["commit"], "HEAD");
  EXPECT_EQ(build["env"], nlohmann::json({{"A", "b=c"}, {"D", ""}}));
  const auto canceled = ostler({"build", "cancel", "slow/1"});
  EXPECT_EQ(canceled.code, 0) << canceled.err;
  EXPECT_EQ(canceled.out, "canceling slow/1\n");
  EXPECT_TRUE(house_->hub.finished_build("slow", 1, 30s));
  const auto again = ostler({"build", "cancel", "slow/1"});
  EXPECT_EQ(again.code, 2);
  EXPECT_THAT(again.err, HasSubstr("slow/1 is over already: canceled"));
  for (const char* word : {"build", "job"}) {
    const auto refused = ostler({word, "retry", "slow/1"});
    EXPECT_EQ(refused.code, 2);
    EXPECT_THAT(refused.err, HasSubstr("Jobs from canceled builds cannot be retried"));
    EXPECT_THAT(refused.err,
                HasSubstr("; \"ostler build rebuild slow/1\" builds its commit again"));
  }
  EXPECT_EQ(ostler({"build", "cancel"}).code, 2);
}

TEST_F(PersonCommands, RetryWhatFailed) {
  house_->hub.make_pipeline("flaky", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - key: sometimes
    command: "echo attempt $$BUILDKITE_RETRY_COUNT $$BUILDKITE_RETRY_TYPE; exit $$((3 - BUILDKITE_RETRY_COUNT))"
    retry: {automatic: {exit_status: 3}}
  - wait
  - {key: after, command: echo after}
)yaml");
  house_->hub.make_build("flaky");
  ASSERT_TRUE(house_->hub.finished_build("flaky", 1, 60s));
  const auto failed = ostler({"build", "show", "flaky/1"});
  EXPECT_THAT(failed.out, HasSubstr("failed, attempt 2"));
  EXPECT_THAT(failed.out, HasSubstr("attempt 1 automatic"));
  expect_first_attempt(failed.out, "flaky/1");
  const auto job = ostler({"job", "retry", "flaky/1", "--step", "sometimes"});
  EXPECT_EQ(job.code, 0) << job.err;
  EXPECT_THAT(job.out, StartsWith("retrying sometimes"));
  EXPECT_THAT(job.out, HasSubstr("attempt 3: job "));
  ASSERT_TRUE(house_->hub.finished_build("flaky", 1, 60s));
  const auto watched = ostler({"build", "retry", "flaky/1", "--watch"});
  EXPECT_EQ(watched.code, 0) << watched.err << watched.out;
  EXPECT_THAT(watched.out, StartsWith("retrying 1 job of flaky/1\n"));
  EXPECT_THAT(watched.out, HasSubstr("after  passed"));
  const auto none = ostler({"build", "retry", "flaky/1"});
  EXPECT_EQ(none.code, 2);
  EXPECT_THAT(none.err, HasSubstr("flaky/1 is passed: it has no job to retry"));
  EXPECT_EQ(ostler({"job", "retry", "flaky/1", "--step", "after"}).code, 2);
}

TEST_F(PersonCommands, RefuseBuildsThatCannotBeMade) {
  const auto pipeline = ostler({"build", "create", "--pipeline", "ap"});
  EXPECT_EQ(pipeline.code, 2);
  EXPECT_THAT(pipeline.err, HasSubstr("has no pipeline ap"));
  const auto variable = ostler({"build", "create", "--pipeline", "app", "--env", "=x"});
  EXPECT_EQ(variable.code, 2);
  EXPECT_THAT(variable.err, HasSubstr("give NAME=VALUE"));
  const auto branch = ostler({"build", "create", "--pipeline", "app", "--branch=-x"});
  EXPECT_EQ(branch.code, 2);
  EXPECT_THAT(branch.err, HasSubstr("must not begin with a hyphen"));
  EXPECT_EQ(ostler_in("/", {"build", "create"}).code, 2);
}

TEST_F(PersonCommands, FetchArtifacts) {
  house_->hub.make_pipeline("made", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - label: Make
    command: "mkdir -p out && echo one > out/one.txt && echo two > out/two.log"
    artifact_paths: "out/*"
)yaml");
  house_->hub.make_build("made");
  ASSERT_TRUE(house_->hub.finished_build("made", 1, 60s));
  const auto listed = ostler({"artifact", "list", "made/1"});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, testing::ContainsRegex("out/one.txt  +4 bytes  +Make"));
  const auto text = ostler({"artifact", "list", "made/1", "--json"});
  EXPECT_EQ(nlohmann::json::parse(text.out),
            rest("/pipelines/made/builds/1/artifacts?state=finished"));
  const auto to = house_->directory / "fetched";
  const auto saved =
      ostler({"artifact", "download", "out/*.txt", to.string(), "--build", "made/1"});
  EXPECT_EQ(saved.code, 0) << saved.err;
  EXPECT_EQ(saved.out, "saved " + (to / "out/one.txt").string() + "\n");
  EXPECT_EQ(files::read_file(to / "out/one.txt").value(), "one\n");
  EXPECT_FALSE(std::filesystem::exists(to / "out/two.log"));
  const auto none = ostler({"artifact", "download", "*.zip", to.string(), "--build", "made/1"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("\"ostler artifact list made/1\" shows them"));
}

TEST_F(PersonCommands, KeepTheirGenuineMeaningInAJob) {
  house_->hub.make_pipeline("inside", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - command: |
      set -e
      echo inside > inside.txt
      ostler artifact upload inside.txt
      mkdir got
      ostler artifact download inside.txt got
      cat got/inside.txt
      ostler artifact download --help | grep -A1 Outside
      ostler build cancel --help | grep Outside
      ostler build cancel
      sleep 60
)yaml");
  house_->hub.make_build("inside");
  const auto build = house_->hub.finished_build("inside", 1, 60s);
  ASSERT_TRUE(build);
  const std::string log = support::plain_log(house_->hub.log("inside", 1));
  EXPECT_EQ((*build)["state"], "canceled") << log;
  EXPECT_THAT(log, HasSubstr("\ninside\n"));
}

TEST_F(PersonCommands, WatchABuildToItsEnd) {
  const auto failed = ostler({"build", "create", "--pipeline", "app", "--watch"});
  EXPECT_EQ(failed.code, 1) << failed.err;
  EXPECT_THAT(failed.out, HasSubstr("\n  Test  failed in "));
  EXPECT_THAT(failed.out, testing::ContainsRegex("\napp/[0-9]+  failed in "));
  EXPECT_THAT(failed.out, HasSubstr("the whole log: ostler job log app/"));
  house_->hub.make_pipeline("fine", R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps: [{label: Fine, command: "sleep 2"}]
)yaml");
  house_->hub.make_build("fine");
  const auto passed = ostler({"build", "watch", "fine"});
  EXPECT_EQ(passed.code, 0) << passed.err;
  EXPECT_THAT(passed.out, HasSubstr("  Fine  passed in 2."));
  EXPECT_THAT(passed.out, HasSubstr("\nfine/1  passed in 2."));
  EXPECT_EQ(ostler({"build", "watch", "fine/2"}).code, 2);
}

TEST_F(PersonCommands, PrintTheAddressOfABuildWhereThereIsNoScreen) {
  const auto opened = ostler({"build", "open", "app/1"});
  EXPECT_EQ(opened.code, 0) << opened.err;
  EXPECT_EQ(opened.out, house_->hub.build("app", 1)["web_url"].get<std::string>() + "\n");
}

}  // namespace
}  // namespace ostler
