// SPDX-License-Identifier: Apache-2.0
// Pipelines as a person keeps and checks them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "plugin_host/lock_file.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class PipelineCommands : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(directory_ / name) << text;
  }

  const support::TempDirectory directory_;
  const support::HubProcess hub_{directory_.path()};
  const support::Person person_{hub_, directory_.path()};
};

TEST_F(PipelineCommands, ListAndShowThem) {
  hub_.make_pipeline("Web App", "steps:\n  - command: make web\n", "https://git/team/web.git");
  hub_.make_pipeline("Tools", "steps:\n  - command: make tools\n", "https://git/team/tools.git");
  const std::string table = person_.said({"pipeline", "list"});
  EXPECT_THAT(table, HasSubstr("web-app"));
  EXPECT_THAT(table, HasSubstr("https://git/team/tools.git"));
  EXPECT_THAT(table, Not(HasSubstr("\x1b"))) << "it went to a pipe";
  const json found =
      json::parse(person_.said({"pipeline", "list", "--repository", "TEAM/WEB", "--json"}));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["slug"], "web-app");
  const std::string shown = person_.said({"pipeline", "show", "web-app"});
  EXPECT_THAT(shown, HasSubstr("Web App"));
  EXPECT_THAT(shown, HasSubstr("  - command: make web"));
  const auto missing = person_.ostler({"pipeline", "show", "web-ap"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("web-app"));
}

TEST_F(PipelineCommands, HideTheCredentialsOfARepository) {
  const std::string repository = "https://user:pa55word@git.example.com/a";
  hub_.make_pipeline("app", "steps:\n  - command: a\n", repository);
  hub_.make_build("app");
  const json of_a_fork = {{"commit", "HEAD"},
                          {"branch", "b"},
                          {"message", "m"},
                          {"pull_request_id", 7},
                          {"pull_request_repository", repository}};
  ASSERT_EQ(hub_.rest("POST", "/organizations/ostler/pipelines/app/builds", of_a_fork).status, 201);
  for (const char* build : {"list", "show app/1", "create --pipeline app --branch b",
                            "rebuild app/1", "cancel app/1"}) {
    const auto answer = person_.shell("ostler build " + std::string(build) + " --json");
    EXPECT_EQ(answer.code, 0) << answer.err;
    EXPECT_THAT(answer.out, HasSubstr("https://git.example.com/a")) << build;
    EXPECT_THAT(answer.out, Not(HasSubstr("pa55word"))) << build;
  }
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"list"},
           {"list", "--json"},
           {"show", "app"},
           {"show", "app", "--json"},
           {"create", "other", "--repository", repository, "--json"},
           {"update", "app", "--repository", repository, "--json"},
           {"archive", "app", "--json"},
           {"unarchive", "app", "--json"}}) {
    auto all = words;
    all.insert(all.begin(), "pipeline");
    const std::string shown = person_.said(all);
    EXPECT_THAT(shown, HasSubstr("https://git.example.com/a")) << words.back();
    EXPECT_THAT(shown, Not(HasSubstr("pa55word"))) << words.back();
  }
  EXPECT_THAT(hub_.rest("GET", "/organizations/ostler/pipelines/app").body, HasSubstr("pa55word"));
}

TEST_F(PipelineCommands, ShowWhatOthersWroteWithoutItsEscapeCodes) {
  const json body = {{"name", "Bad \x1b]0;title\x07 name"},
                     {"slug", "bad"},
                     {"repository", "r \x1b[31m"},
                     {"description", "d \x1b[31m"},
                     {"configuration", "steps:\n  - command: a\n"}};
  ASSERT_EQ(hub_.rest("POST", "/organizations/ostler/pipelines", body).status, 201);
  for (const auto& words : {std::vector<std::string>{"pipeline", "list"},
                            std::vector<std::string>{"pipeline", "show", "bad"}}) {
    const std::string shown = person_.said(words);
    EXPECT_THAT(shown, HasSubstr("[31m"));
    EXPECT_THAT(shown, Not(HasSubstr("\x1b")));
  }
}

TEST_F(PipelineCommands, ChangeEverythingThatIsNamedAndNothingElse) {
  hub_.make_pipeline("App", "steps:\n  - command: old\n", "https://git/app.git");
  write("new.yml", "steps:\n  - command: new\n");
  person_.said({"pipeline", "update", "app", "--file", "new.yml", "--branch-filter", "main v*",
                "--description", "what we sell"});
  const json changed = json::parse(person_.said({"pipeline", "show", "app", "--json"}));
  EXPECT_EQ(changed["configuration"], "steps:\n  - command: new\n");
  EXPECT_EQ(changed["branch_configuration"], "main v*");
  EXPECT_EQ(changed["description"], "what we sell");
  EXPECT_EQ(changed["repository"], "https://git/app.git");
  EXPECT_THAT(person_.said({"pipeline", "update", "app", "--name", "Shop", "--json"}),
              HasSubstr("\"slug\":\"shop\""));
  EXPECT_EQ(person_.ostler({"pipeline", "update", "shop"}).code, 2);
  EXPECT_EQ(person_.ostler({"pipeline", "update", "app", "--poll", "60"}).code, 2);
  write("bad.yml", "steps:\n  - comand: x\n");
  EXPECT_THAT(person_.ostler({"pipeline", "update", "shop", "--file", "bad.yml"}).err,
              HasSubstr("did you mean \"command\"?"));
}

TEST_F(PipelineCommands, GiveASlugWhereTheNameMakesNone) {
  const std::vector<std::string> words = {"pipeline", "create", "My App!", "--repository", "."};
  EXPECT_THAT(person_.ostler(words).err, HasSubstr("slug"));
  auto with_slug = words;
  with_slug.insert(with_slug.end(),
                   {"--slug", "my-app", "--description", "ours", "--branch", "trunk"});
  EXPECT_THAT(person_.said(with_slug), StartsWith("made pipeline my-app;"));
  const json made = json::parse(person_.said({"pipeline", "show", "my-app", "--json"}));
  EXPECT_EQ(made["name"], "My App!");
  EXPECT_EQ(made["description"], "ours");
  EXPECT_EQ(made["default_branch"], "trunk");
}

TEST_F(PipelineCommands, SayThatTheHubKeepsACopyOfTheFile) {
  write("p.yml", "steps:\n  - command: a\n");
  std::vector<std::string> words = {"pipeline", "create", "app",  "--repository",
                                    ".",        "--file", "p.yml"};
  EXPECT_THAT(person_.said(words), HasSubstr("\nthe hub keeps a copy of p.yml; a newer one: "
                                             "ostler pipeline update app --file "));
  words[2] = "other";
  words.emplace_back("--json");
  EXPECT_EQ(json::parse(person_.said(words))["slug"], "other");
}

TEST_F(PipelineCommands, StoreARepositoryOfThisMachineByItsWholePath) {
  const auto stored = [&](const std::string& slug) {
    return json::parse(person_.said({"pipeline", "show", slug, "--json"}))["repository"];
  };
  const std::string here = std::filesystem::canonical(directory_.path());
  ASSERT_EQ(
      person_.shell("git init -q work && mkdir -p work/deep bare && git init -q --bare b").code, 0);
  person_.said({"pipeline", "create", "app", "--repository", "work/."});
  EXPECT_EQ(stored("app"), here + "/work");
  for (const auto& [given, path] :
       std::map<std::string, std::string>{{"work/deep/", "/work"},
                                          {here + "/work/deep", "/work"},
                                          {"b", "/b"},
                                          {"bare", "/bare"}}) {
    person_.said({"pipeline", "update", "app", "--repository", given});
    EXPECT_EQ(stored("app"), here + path) << given;
  }
  for (const std::string address : {"git@git.example.com:acme/web.git", "file:///srv/web.git",
                                    "https://git.example.com/web", "/on/the/agent"}) {
    person_.said({"pipeline", "update", "app", "--repository", address});
    EXPECT_EQ(stored("app"), address);
  }
  for (const char* wrong : {"", "wrok", "git.example.com/acme/web"}) {
    for (const auto& command : {std::vector<std::string>{"pipeline", "create", "other"},
                                std::vector<std::string>{"pipeline", "update", "app"}}) {
      auto words = command;
      words.insert(words.end(), {"--repository", wrong});
      const auto refused = person_.ostler(words);
      EXPECT_EQ(refused.code, 2) << wrong;
      EXPECT_THAT(refused.err, HasSubstr("is no directory here")) << wrong;
    }
  }
}

TEST_F(PipelineCommands, SayWhatAPipelineKeeps) {
  hub_.make_pipeline("App", "steps:\n  - command: a\n");
  const auto kept = [&] {
    return json::parse(person_.said({"pipeline", "show", "app", "--json"}))["retention"];
  };
  person_.said({"pipeline", "update", "app", "--keep", "builds-days=0,newest-logs=20"});
  EXPECT_EQ(kept()["builds_days"], 0);
  EXPECT_EQ(kept()["newest_logs"], 20);
  EXPECT_TRUE(kept()["logs_days"].is_null()) << "as the hub says";
  person_.said({"pipeline", "update", "app", "--description", "ours"});
  EXPECT_EQ(kept()["newest_logs"], 20);
  person_.said({"pipeline", "update", "app", "--keep", "artifacts-days=3"});
  EXPECT_TRUE(kept()["newest_logs"].is_null()) << "what is left out is as the hub says";
  person_.said({"pipeline", "update", "app", "--keep", "hub"});
  EXPECT_TRUE(kept()["artifacts_days"].is_null());
  for (const auto* wrong : {"builds-days", "builds-days=x", "days=3", "logs-days=-1",
                            "logs-days=36501", "builds-days=1,,logs-days=1"}) {
    const auto refused = person_.ostler({"pipeline", "update", "app", "--keep", wrong});
    EXPECT_EQ(refused.code, 2) << wrong;
    EXPECT_THAT(refused.err, HasSubstr("newest-artifacts")) << wrong;
  }
  const json body = {{"retention", {{"builds_days", "long"}, {"month", 1}}}};
  const auto refused = hub_.rest("PATCH", "/organizations/ostler/pipelines/app", body);
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("retention.builds_days"));
  EXPECT_THAT(refused.body, HasSubstr("retention.month"));
}

TEST_F(PipelineCommands, DeleteOneOnlyWhenItIsSaidTwice) {
  hub_.make_pipeline("App", "steps:\n  - command: a\n");
  const auto once = person_.ostler({"pipeline", "delete", "app"});
  EXPECT_EQ(once.code, 2);
  EXPECT_THAT(once.err, HasSubstr("say --yes"));
  hub_.make_build("app");
  EXPECT_THAT(person_.ostler({"pipeline", "delete", "app", "--yes"}).err,
              HasSubstr("cancel them first"));
  person_.said({"build", "cancel", "app/1"});
  EXPECT_THAT(person_.said({"pipeline", "delete", "app", "--yes"}), HasSubstr("deleted pipeline"));
  EXPECT_EQ(person_.ostler({"pipeline", "show", "app"}).code, 2);
}

TEST_F(PipelineCommands, PutOneAwayAndTakeItBack) {
  hub_.make_pipeline("App", "steps:\n  - command: a\n");
  EXPECT_EQ(person_.said({"pipeline", "archive", "app"}), "archived pipeline app\n");
  EXPECT_THAT(person_.said({"pipeline", "list"}), Not(HasSubstr("app")));
  EXPECT_THAT(person_.said({"pipeline", "list", "--archived"}), HasSubstr("app"));
  EXPECT_THAT(person_.said({"pipeline", "show", "app"}), HasSubstr("archived"));
  const auto refused = person_.ostler({"build", "create", "--pipeline", "app"});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("archived"));
  EXPECT_EQ(person_.said({"pipeline", "unarchive", "app"}), "took back pipeline app\n");
  EXPECT_THAT(person_.said({"pipeline", "list"}), HasSubstr("app"));
  hub_.make_build("app");
  EXPECT_EQ(person_.ostler({"pipeline", "archive", "none"}).code, 2);
}

TEST_F(PipelineCommands, LintGivesProgramsEveryFaultAsData) {
  write("p.yml", "steps:\r\n  - comand: make\r\n");
  write("q.yml", "steps: [{command: a}]\n");
  write("r.yml", "- command: a\n  key: twice\n- command: b\n  key: twice\n");
  const auto linted = person_.ostler({"pipeline", "lint", "p.yml", "q.yml", "r.yml", "--json"});
  EXPECT_EQ(linted.code, 2);
  EXPECT_EQ(linted.err, "");
  const auto faults = nlohmann::json::parse(linted.out);
  ASSERT_EQ(faults.size(), 2u) << linted.out;
  EXPECT_EQ(
      faults[0],
      nlohmann::json({{"file", "p.yml"},
                      {"line", 2},
                      {"column", 5},
                      {"text", "  - comand: make"},
                      {"reason", "unknown key \"comand\" in step 1; did you mean \"command\"?"},
                      {"severity", "fault"}}));
  EXPECT_EQ(faults[1]["file"], "r.yml");
  EXPECT_THAT(faults[1]["reason"].get<std::string>(), HasSubstr("twice"));
  EXPECT_EQ(person_.said({"pipeline", "lint", "q.yml", "--json"}), "[]\n");
  const auto missing = person_.ostler({"pipeline", "lint", "none.yml", "--json"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(missing.out, "");
}

TEST_F(PipelineCommands, LintShowsEveryFaultAtItsPlace) {
  write("p.yml", "steps:\n  - comand: make\n  - command: a\n    lable: ünï\n");
  const auto linted = person_.ostler({"pipeline", "lint", "p.yml"});
  EXPECT_EQ(linted.code, 2);
  EXPECT_EQ(linted.err,
            "ostler: pipeline lint: found faults\n"
            "p.yml:2:5: unknown key \"comand\" in step 1; did you mean \"command\"?\n"
            "      - comand: make\n"
            "        ^\n"
            "p.yml:4:5: unknown key \"lable\" in a command step; did you mean \"label\"?\n"
            "        lable: ünï\n"
            "        ^\n");
}

TEST_F(PipelineCommands, LintShowsTheDependencyThatClosesACircle) {
  write("p.yml",
        "steps:\n  - {command: a, key: a, depends_on: b}\n"
        "  - {command: b, key: b, depends_on: [a, nobody]}\n");
  EXPECT_EQ(
      person_.ostler({"pipeline", "lint", "p.yml"}).err,
      "ostler: pipeline lint: found faults\n"
      "p.yml:2:38: steps wait for each other in a circle: \"a\" -> \"b\" -> \"a\"; remove one "
      "depends_on\n"
      "      - {command: a, key: a, depends_on: b}\n"
      "                                         ^\n"
      "p.yml:3:42: depends_on names \"nobody\", but no step has that key; give a step that "
      "key, or remove the dependency\n"
      "      - {command: b, key: b, depends_on: [a, nobody]}\n"
      "                                             ^\n");
}

TEST_F(PipelineCommands, LintLooksAtEveryFileAndNeedsNoHub) {
  write("good.yml", "steps:\n  - command: make $TARGET\n  - wait\n");
  write("bad.yml", "steps: [\n");
  const auto both = person_.shell("env -u OSTLER_URL ostler pipeline lint bad.yml good.yml");
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.out, HasSubstr("good.yml: 2 steps, no faults"));
  EXPECT_THAT(both.err, HasSubstr("bad.yml:"));
  EXPECT_EQ(person_.shell("echo 'steps: [{command: a}]' | ostler pipeline lint").out,
            "(stdin): 1 step, no faults\n");
  EXPECT_EQ(person_.ostler({"pipeline", "lint", "none.yml"}).code, 2);
}

TEST_F(PipelineCommands, ReadersOfPipelineFilesSayTheirOwnNames) {
  write("empty.yml", "");
  const std::vector<std::vector<std::string>> commands = {{"pipeline", "lint"},
                                                          {"pipeline", "convert-to-json"},
                                                          {"plugin", "lock"},
                                                          {"pipeline", "upload", "--dry-run"}};
  for (const auto& command : commands) {
    const std::string name = "ostler: " + command[0] + " " + command[1] + ": ";
    auto empty = command;
    empty.emplace_back("empty.yml");
    EXPECT_EQ(person_.ostler(empty).err, name + "empty.yml is empty; write steps into it\n");
    auto missing = command;
    missing.emplace_back("none.yml");
    EXPECT_THAT(person_.ostler(missing).err, StartsWith(name + "open none.yml: "));
    EXPECT_THAT(person_.ostler(command).err, StartsWith(name + "no pipeline file here"));
  }
}

TEST_F(PipelineCommands, LintPutsTheCaretUnderThePlaceWhateverStandsBefore) {
  write("p.yml", "steps:\n  - {command: \"ünï\", bad\x1b[31m: 1}\n");
  const auto linted = person_.ostler({"pipeline", "lint", "p.yml"});
  EXPECT_THAT(linted.err, Not(HasSubstr("\x1b")));
  write("q.yml", "steps:\n  - {command: \"ünï\", comand: 1}\n");
  EXPECT_THAT(person_.ostler({"pipeline", "lint", "q.yml"}).err,
              HasSubstr("      - {command: \"ünï\", comand: 1}\n"
                        "                         ^\n"));
  write("long.yml", "steps:\n  - {command: \"" + std::string(500, 'x') + "\", comand: 1}\n");
  EXPECT_THAT(person_.ostler({"pipeline", "lint", "long.yml"}).err,
              HasSubstr("x\", comand: 1}\n" + std::string(4 + 1 + 60, ' ') + "^\n"));
}

TEST_F(PipelineCommands, RunAndUploadShowTheSame) {
  write("p.yml", "steps:\n  - command: a\n    timeout_in_minutes: x\n");
  const std::string caret = "\n        timeout_in_minutes: x\n                            ^\n";
  EXPECT_THAT(person_.shell("git init -q . && ostler run p.yml").err, HasSubstr(caret));
  EXPECT_THAT(person_.ostler({"pipeline", "lint", "p.yml"}).err, HasSubstr(caret));
  write("q.yml", "steps:\n  - command: \"open\n");
  EXPECT_THAT(person_.shell("ostler pipeline upload --dry-run q.yml").err,
              HasSubstr("\n      - command: \"open\n                 ^\n"));
}

TEST_F(PipelineCommands, HoldsConfigurationsOfStepPluginsAgainstTheirSchemas) {
  const std::filesystem::path plugin = directory_.path() / "greet";
  std::filesystem::create_directories(plugin);
  std::ofstream(plugin / "greet.so") << "never mapped";
  std::ofstream(plugin / "plugin.json")
      << R"({"id": "greet", "version": "1.0.0", "kind": "step", "abi": "0.2", "description": "d",
             "library": "greet.so", "permissions": {}, "files": {"greet.so": ")"
      << std::string(64, 'a') << R"("}, "configuration": {"type": "object",
             "additionalProperties": false, "required": ["name"], "properties": {
             "name": {"type": "string"}, "times": {"type": "integer", "minimum": 1}}}})";
  write("p.yml", R"yaml(steps:
  - plugins:
      - ostler://greet#1:
          nam: Ada
          times: 0
      - ostler://nowhere#1: {any: thing}
  - group: g
    steps:
      - plugins: {"ostler://greet#1": [Ada]}
      - plugins: ["ostler://greet#2": {any: thing}, "ostler://greet"]
      - plugins: ["ostler://greet#1": {name: "$WHO", times: "{{matrix}}"}]
)yaml");
  const auto linted = person_.ostler({"pipeline", "lint", "p.yml", "--plugin", "greet"});
  EXPECT_EQ(person_.ostler({"pipeline", "lint", "--plugin", "greet", "p.yml"}).err, linted.err);
  EXPECT_EQ(linted.code, 2);
  const auto faults_of = [](const std::string& said) {
    return said.substr(said.find("ostler: pipeline lint: found faults"));
  };
  std::string found;
  std::istringstream lines(faults_of(linted.err));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("p.yml:")) found += line + "\n";
  }
  EXPECT_EQ(found,
            "p.yml:3:9: greet#1.0.0: /name: is missing\n"
            "p.yml:4:11: greet#1.0.0: /nam: no such key, did you mean \"name\"?\n"
            "p.yml:5:11: greet#1.0.0: /times: must be at least 1, is 0\n"
            "p.yml:9:19: greet#1.0.0: the configuration must be a mapping, is a list\n"
            "p.yml:10:53: greet#1.0.0: /name: is missing\n")
      << linted.err;
  EXPECT_EQ(person_.ostler({"pipeline", "lint", "p.yml"}).code, 0) << "it is nowhere installed";
  write("at.yml", "steps: [{plugins: ['ostler://greet@1': {}]}]\n");
  EXPECT_THAT(person_.ostler({"pipeline", "lint", "at.yml"}).err,
              HasSubstr("ostler://greet@1: a version stands behind #; write ostler://greet#1"));
  std::filesystem::create_directories(directory_.path() / "store/greet");
  std::filesystem::rename(plugin, directory_.path() / "store/greet/1.0.0");
  const auto of_store = [&] {
    return person_.ostler({"pipeline", "lint", "p.yml", "--store", "store"});
  };
  EXPECT_EQ(faults_of(of_store().err), faults_of(linted.err));
  write("plugins.lock",
        "greet 1.0.0 " + plugin_host::own_platform() + " sha256:" + std::string(64, 'a') + "\n");
  EXPECT_EQ(faults_of(of_store().err), faults_of(linted.err));
  write("plugins.lock",
        "greet 1.1.0 " + plugin_host::own_platform() + " sha256:" + std::string(64, 'a') + "\n");
  EXPECT_EQ(of_store().code, 0) << "what the lock pins is not here";
}

TEST_F(PipelineCommands, WarnOfPluginsWithWhichAJobWouldFail) {
  write("p.yml", R"yaml(steps:
  - plugins: ["docker#v5.1.0": {image: alpine}, "ostler://greet#2", "ostler://pinned#1", "$OPEN#1"]
  - plugins: ["docker#v5.1.0": {image: debian}]
)yaml");
  write("plugins.lock",
        "pinned 1.1.0 " + plugin_host::own_platform() + " sha256:" + std::string(64, 'a') + "\n");
  std::filesystem::create_directories(directory_.path() / "store/greet/1.0.0");
  const std::string warnings =
      "p.yml:2:15: the plugin docker#v5.1.0 is one of hooks, which are not supported yet; remove "
      "it from the step's `plugins`\n";
  const auto linted = person_.ostler({"pipeline", "lint", "p.yml", "--store", "store"});
  EXPECT_EQ(linted.code, 0);
  EXPECT_EQ(linted.out, "p.yml: 2 steps, no faults\n");
  EXPECT_THAT(
      linted.err,
      testing::StartsWith("ostler: pipeline lint: warnings: jobs with these plugins may fail\n" +
                          warnings));
  EXPECT_THAT(linted.err, HasSubstr("p.yml:2:49: ostler://greet#2: neither pinned in plugins.lock "
                                    "nor installed here: the plugin greet is there in version "
                                    "1.0.0; write greet#VERSION\n"));
  EXPECT_THAT(linted.err, Not(HasSubstr("ostler://pinned#1: "))) << "agents fetch it";
  EXPECT_THAT(linted.err, Not(HasSubstr("OPEN#1:")));
  EXPECT_THAT(linted.err, Not(HasSubstr("p.yml:3"))) << "it is told once";
  const auto as_json = person_.ostler({"pipeline", "lint", "p.yml", "--store", "store", "--json"});
  EXPECT_EQ(as_json.code, 0);
  EXPECT_EQ(json::parse(as_json.out).at(0).at("severity"), "warning");
  const auto dry = person_.shell("ostler pipeline upload --dry-run p.yml");
  EXPECT_EQ(dry.code, 0);
  EXPECT_EQ(json::parse(dry.out).at("steps").size(), 2u);
  EXPECT_THAT(dry.err, testing::StartsWith(
                           "ostler: pipeline upload: warnings: jobs with these plugins may fail\n" +
                           warnings));
}

TEST_F(PipelineCommands, AreLintedWhateverTheirAliasesMultiplyTo) {
  std::string text = "a0: &a0 [{command: x}]\n";
  for (int i = 1; i < 12; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 12; ++j) text += "{steps: *a" + std::to_string(i - 1) + "}, ";
    text += "]\n";
  }
  write("many.yml", text + "steps:\n  - group: g\n    steps: *a11\n");
  const auto linted = person_.ostler({"pipeline", "lint", "many.yml"});
  EXPECT_EQ(linted.code, 2);
  EXPECT_THAT(linted.err, HasSubstr("many.yml:"));
}

TEST_F(PipelineCommands, ConvertToJson) {
  write("p.yml", "env: {A: 1}\nsteps:\n  - commands: [make, \"make $B\"]\n");
  const json converted = json::parse(person_.said({"pipeline", "convert-to-json", "p.yml"}));
  EXPECT_EQ(converted["steps"][0]["command"], "make\nmake $B");
  EXPECT_EQ(converted["env"]["A"], "1");
  EXPECT_EQ(person_.shell("echo 'a: [' | ostler pipeline convert-to-json").code, 2);
}

}  // namespace
}  // namespace ostler
