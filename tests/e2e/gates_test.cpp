// SPDX-License-Identifier: Apache-2.0
// Blocks and inputs as a person meets and opens them, on a real hub with a real agent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using support::ProgramResult;
using testing::HasSubstr;

constexpr const char* kRelease = R"yaml(
env: {BUILDKITE_SKIP_CHECKOUT: "true"}
steps:
  - {key: test, command: "true"}
  - block: Release
    key: gate
    prompt: "Which one?"
    fields:
      - {text: Version, key: version, hint: "like 1.2", format: "[0-9.]+"}
      - select: Region
        key: region
        multiple: true
        default: eu
        options: [{label: Europe, value: eu}, {label: America, value: us}]
      - {text: Note, key: note, required: false}
  - key: deploy
    command: |
      echo "version $$(buildkite-agent meta-data get version) by $$BUILDKITE_UNBLOCKER"
      echo "regions $$(buildkite-agent meta-data get region | tr '\n' '+')"
)yaml";

class GateCommands : public testing::Test {
 protected:
  void SetUp() override {
    hub_.make_pipeline("app", kRelease, "https://git.example.com/acme/app");
    hub_.make_build("app");
  }
  ProgramResult until_blocked() {
    return person_.ostler({"build", "watch", "app/1", "--until-blocked"});
  }
  json meta_data() { return hub_.build("app", 1)["meta_data"]; }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  support::AgentProcess agent_{hub_, directory_.path()};
  support::Person person_{hub_, directory_.path()};
};

TEST_F(GateCommands, SayWhatWaitsForAPersonAndHowToOpenIt) {
  const auto watched = until_blocked();
  EXPECT_EQ(watched.code, 3) << watched.out << watched.err;
  EXPECT_THAT(watched.out, HasSubstr("  Release  blocked\n"));
  EXPECT_THAT(watched.out, HasSubstr("app/1  blocked\n"));
  constexpr const char* kHow =
      "Release waits for a person: ostler job unblock app/1 --step gate\n  Which one?\n";
  EXPECT_THAT(watched.out, HasSubstr(kHow));
  const std::string shown = person_.said({"build", "show", "app/1"});
  EXPECT_THAT(shown, testing::StartsWith("app/1  blocked"));
  EXPECT_THAT(shown, testing::ContainsRegex("Release  +blocked"));
  EXPECT_THAT(shown, HasSubstr(kHow));
  EXPECT_THAT(person_.said({"build", "list", "--state", "blocked"}),
              testing::ContainsRegex("app/1  +blocked"));
  const std::string why = person_.said({"job", "why", "app/1"});
  EXPECT_THAT(why, HasSubstr("it waits until somebody opens it: \"ostler job unblock app/1 --step "
                             "gate\""));
  EXPECT_THAT(why, HasSubstr("it waits until somebody opens \"Release\""));
}

TEST_F(GateCommands, OpenABlockAndLetTheJobsBehindKnow) {
  ASSERT_EQ(until_blocked().code, 3);
  const auto opened = person_.ostler({"job", "unblock", "app/1", "--field", "version=1.2",
                                      "--field", "region=eu", "--field", "region=us"});
  EXPECT_EQ(opened.code, 0) << opened.err;
  EXPECT_EQ(opened.out, "Release is open; app/1 goes on\n");
  const auto watched = person_.ostler({"build", "watch", "app/1"});
  EXPECT_EQ(watched.code, 0) << watched.out << watched.err;
  const std::string log = person_.said({"job", "log", "app/1", "--step", "deploy"});
  EXPECT_THAT(log, HasSubstr("version 1.2 by Administrator"));
  EXPECT_THAT(log, HasSubstr("regions eu+us"));
  EXPECT_EQ(meta_data()["note"], "");
  EXPECT_THAT(person_.said({"build", "show", "app/1"}), testing::ContainsRegex("Release  +opened"));
  const auto again = person_.ostler({"job", "unblock", "app/1"});
  EXPECT_EQ(again.code, 2);
  EXPECT_EQ(
      again.err,
      "ostler: app/1 is passed: nothing in it waits for a person; \"ostler build list --state "
      "blocked\" shows builds in which something does\n");
}

TEST_F(GateCommands, NameEveryFieldThatIsMissingOrWrong) {
  ASSERT_EQ(until_blocked().code, 3);
  const auto missing = person_.ostler({"job", "unblock", "app/1"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(missing.err,
            "ostler: some fields are missing or wrong; give each with --field KEY=VALUE:\n"
            "  version is required (Version)\n");
  const auto wrong = person_.ostler({"job", "unblock", "app/1", "--step", "gate", "--field",
                                     "version=x", "--field", "region=asia", "--field", "a=b"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("\n  version must match [0-9.]+ (Version)\n"));
  EXPECT_THAT(wrong.err, HasSubstr("\n  region must be one of eu, us (Region)\n"));
  EXPECT_THAT(wrong.err,
              HasSubstr("\n  a is not asked for; the fields are version, region, note\n"));
  EXPECT_EQ(person_.ostler({"job", "unblock", "app/1", "--field", "version"}).code, 2);
  EXPECT_EQ(person_.ostler({"job", "unblock", "app/1", "--step", "test"}).code, 2);
  EXPECT_EQ(hub_.build("app", 1)["blocked"], true);
}

TEST_F(GateCommands, AskAtATerminal) {
  ASSERT_EQ(until_blocked().code, 3);
  const auto asked = person_.shell(
      "printf 'x\\n1.3\\nEurope, 2\\n\\n' | script -qec 'ostler job unblock app/1' /dev/null");
  EXPECT_EQ(asked.code, 0) << asked.out << asked.err;
  EXPECT_THAT(asked.out, HasSubstr("Which one?"));
  EXPECT_THAT(asked.out, HasSubstr("like 1.2"));
  EXPECT_THAT(asked.out, HasSubstr("it must match [0-9.]+"));
  EXPECT_THAT(asked.out, HasSubstr("2  America"));
  EXPECT_THAT(asked.out, HasSubstr("[eu]"));
  EXPECT_THAT(asked.out, HasSubstr("Release is open"));
  EXPECT_EQ(meta_data(), (json{{"version", "1.3"}, {"region", "eu\nus"}, {"note", ""}}));
}

TEST_F(GateCommands, OpenNothingWhenNobodyAnswers) {
  ASSERT_EQ(until_blocked().code, 3);
  const auto left = person_.shell("script -qec 'ostler job unblock app/1' /dev/null < /dev/null");
  EXPECT_EQ(left.code, 2);
  EXPECT_THAT(left.out, HasSubstr("nothing was opened"));
  EXPECT_EQ(hub_.build("app", 1)["blocked"], true);
}

TEST_F(GateCommands, SurviveAKilledHub) {
  ASSERT_EQ(until_blocked().code, 3);
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(hub_.build("app", 1)["blocked"], true);
  EXPECT_EQ(person_.ostler({"job", "unblock", "--field", "version=1", "app/1"}).code, 0);
  hub_.kill();
  hub_.start_again();
  EXPECT_EQ(person_.ostler({"build", "watch", "app/1"}).code, 0);
  EXPECT_EQ(meta_data()["region"], "eu");
}

/// At one's desk nobody else is there to open anything.
TEST_F(GateCommands, LetARunEndAtABlockOrPassIt) {
  ASSERT_EQ(person_
                .shell("git init -q repo && git -C repo -c user.name=t -c user.email=t@example.org "
                       "commit -q --allow-empty -m first")
                .code,
            0);
  std::ofstream(directory_ / "p.yml")
      << "steps:\n  - command: echo one\n  - block: Go\n    fields: [{text: T, key: t, "
         "default: d}]\n  - command: echo two $$(buildkite-agent meta-data get t)\n";
  const auto stopped = person_.ostler({"run", "p.yml", "--repo", "repo"});
  EXPECT_EQ(stopped.code, 3) << stopped.out << stopped.err;
  EXPECT_THAT(stopped.out, HasSubstr("Go waits for a person; --unblock opens it"));
  EXPECT_THAT(stopped.out, HasSubstr("Build blocked"));
  const auto passed = person_.ostler({"run", "p.yml", "--repo", "repo", "--unblock"});
  EXPECT_EQ(passed.code, 0) << passed.out << passed.err;
  EXPECT_THAT(passed.out, HasSubstr("two d"));
}

TEST_F(GateCommands, TakeWhatIsSaidToTheFieldsOfARun) {
  ASSERT_EQ(person_
                .shell("git init -q repo && git -C repo -c user.name=t -c user.email=t@example.org "
                       "commit -q --allow-empty -m first")
                .code,
            0);
  std::ofstream(directory_ / "p.yml") << kRelease;
  const auto run = [&](std::vector<std::string> fields) {
    std::vector<std::string> words{"run", "p.yml", "--repo", "repo", "--unblock"};
    for (auto& field : fields) words.insert(words.end(), {"--field", std::move(field)});
    return person_.ostler(words);
  };
  const auto passed = run({"version=1.2", "region=eu", "region=us"});
  EXPECT_EQ(passed.code, 0) << passed.out << passed.err;
  EXPECT_THAT(passed.out, HasSubstr("version 1.2 "));
  EXPECT_THAT(passed.out, HasSubstr("regions eu+us"));
  const auto wrong = run({"version=one", "region=asia"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("some fields are missing or wrong"));
  EXPECT_THAT(wrong.err, HasSubstr("version must match [0-9.]+ (Version)"));
  const auto missing = run({"note=x"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("version is required (Version)"));
  const auto unasked = run({"version=1", "regoin=us"});
  EXPECT_EQ(unasked.code, 2);
  EXPECT_THAT(unasked.err, HasSubstr("--field regoin: no block or input of this build has such a "
                                     "field; there are version, region, note"));
  EXPECT_EQ(run({"version"}).code, 2);
  EXPECT_EQ(person_.ostler({"run", "p.yml", "--repo", "repo", "--field", "version=1"}).code, 2);
  std::ofstream(directory_ / "p.yml") << "steps: [{command: exit 3}]";
  EXPECT_EQ(run({"version=1"}).code, 1) << "what failed may have had the gate to upload";
}

}  // namespace
}  // namespace ostler
