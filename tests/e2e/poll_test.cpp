// SPDX-License-Identifier: Apache-2.0
// A hub that looks for new commits by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/agent_process.hpp"
#include "support/git_http_server.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

class Poll : public testing::Test {
 protected:
  Poll() {
    std::filesystem::create_directory(source_);
    git({"init", "-q", "-b", "main"});
    commit("First");
  }

  std::string git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-c", "user.name=Ann", "-c", "user.email=a@b"});
    const auto result = support::run_program(arguments, {.environment = {}, .directory = source_});
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out.substr(0, result.out.find('\n'));
  }
  std::string commit(const std::string& message) const {
    git({"commit", "-q", "--allow-empty", "-m", message});
    return git({"rev-parse", "HEAD"});
  }

  std::string make_pipeline(const std::string& name, const std::string& repository,
                            const json& more = {}) {
    json body = {{"name", name},
                 {"repository", repository},
                 {"configuration", "steps: [{command: 'true'}]"},
                 {"poll_interval_seconds", 3600}};
    if (more.is_object()) body.update(more);
    const auto answer = hub_.rest("POST", kPipelines, body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json()["slug"];
  }
  /// A changed interval makes the hub look at once.
  int look(const std::string& slug, int seconds = 3600) {
    return hub_.rest("PATCH", kPipelines + "/" + slug, json{{"poll_interval_seconds", seconds}})
        .status;
  }
  json builds(const std::string& slug) const {
    return hub_.rest("GET", kPipelines + "/" + slug + "/builds").json();
  }
  bool reaches(const std::string& slug, std::size_t count) const {
    return support::wait_until(20s, [&] { return builds(slug).size() == count; });
  }
  /// Looks, and waits until a commit that was made for it is built: every look before is over.
  void look_until_built(const std::string& slug, const std::string& id) {
    EXPECT_TRUE(support::wait_until(20s, [&] {
      look(slug);
      return !builds(slug).empty() && builds(slug)[0]["commit"] == id;
    })) << hub_.program().out();
  }
  /// Waits until the hub has taken in what is there.
  void first_look(const std::string& slug) {
    git({"branch", "-f", "probe", "main"});
    EXPECT_TRUE(support::wait_until(20s, [&] {
      git({"checkout", "-q", "probe"});
      commit("Probe");
      git({"checkout", "-q", "main"});
      look(slug);
      return support::wait_until(2s, [&] { return !builds(slug).empty(); });
    })) << hub_.program().out();
    git({"branch", "-q", "-D", "probe"});
  }

  const std::string kPipelines = "/organizations/ostler/pipelines";
  support::TempDirectory root_;
  std::filesystem::path source_ = root_ / "source";
  support::HubProcess hub_{root_.path()};
};

TEST_F(Poll, BuildsEachNewHeadOnceAndNothingThatWasThere) {
  const std::string slug = make_pipeline("App", source_.string());
  first_look(slug);
  const auto before = builds(slug).size();
  for (const json& build : builds(slug)) EXPECT_EQ(build["branch"], "probe");
  const std::string second = commit("Second");
  look_until_built(slug, second);
  const json build = builds(slug)[0];
  EXPECT_EQ(build["branch"], "main");
  EXPECT_EQ(build["message"], "Commit " + second.substr(0, 10) + " on main");
  EXPECT_EQ(build["source"], "webhook");
  const std::string third = commit("Third");
  look_until_built(slug, third);
  git({"reset", "-q", "--hard", second});
  git({"branch", "other"});
  look_until_built(slug, second);
  EXPECT_EQ(builds(slug).size(), before + 3) << "main went back to a commit that was built";
  EXPECT_EQ(builds(slug)[0]["branch"], "other");
}

TEST_F(Poll, NamesABuildAfterItsCommitOnceAJobHasCheckedThatOut) {
  const std::string slug = make_pipeline("App", source_.string());
  first_look(slug);
  const std::string second = commit("Second\n\nBecause.");
  look_until_built(slug, second);
  const support::AgentProcess agent(hub_, root_.path());
  EXPECT_TRUE(support::wait_until(30s, [&] {
    return builds(slug)[0]["message"] == "Second\n\nBecause.";
  })) << builds(slug).dump();
}

TEST_F(Poll, GoesOnAfterTheHubWasKilled) {
  const std::string slug = make_pipeline("App", source_.string());
  first_look(slug);
  hub_.kill();
  const std::string while_away = commit("While away");
  hub_.start_again();
  look_until_built(slug, while_away);
  const auto count = builds(slug).size();
  hub_.kill();
  hub_.start_again();
  git({"branch", "other"});
  EXPECT_EQ(look(slug), 200);
  EXPECT_TRUE(reaches(slug, count + 1)) << "the new branch, and main not again";
}

TEST_F(Poll, ObeysTheBranchFilter) {
  const std::string slug =
      make_pipeline("App", source_.string(), {{"branch_configuration", "probe release"}});
  first_look(slug);
  commit("On main");
  git({"branch", "release"});
  look_until_built(slug, git({"rev-parse", "release"}));
  for (const json& build : builds(slug)) EXPECT_NE(build["branch"], "main");
}

TEST_F(Poll, SaysOnceThatALookFailsAndThatItWorksAgain) {
  const std::filesystem::path later = root_ / "later";
  const std::string slug = make_pipeline("App", later.string());
  const auto told = [&](const std::string& text) {
    const std::string log = hub_.program().out() + hub_.program().err();
    std::size_t count = 0;
    for (std::size_t at = 0; (at = log.find(text, at)) != log.npos; ++at) ++count;
    return count;
  };
  ASSERT_TRUE(support::wait_until(20s, [&] { return told("cannot list the branches") == 1; }));
  EXPECT_THAT(hub_.program().out() + hub_.program().err(), HasSubstr("next_seconds=3600"));
  std::filesystem::create_directory_symlink(source_, later);
  hub_.kill();
  hub_.start_again();
  first_look(slug);
  EXPECT_EQ(told("cannot list the branches"), 0u) << "the log of the second start";
}

TEST_F(Poll, IsNotHeldUpByAServerThatSaysNothing) {
  support::GitHttpServer silent(root_.path());
  silent.fall_silent();
  make_pipeline("Silent", silent.url("source/.git"));
  ASSERT_TRUE(support::wait_until(20s, [&] { return silent.requests() > 0; }));
  const std::string slug = make_pipeline("App", source_.string());
  first_look(slug);
  hub_.program().signal(SIGTERM);
  EXPECT_EQ(hub_.program().wait(10s), 0);
}

TEST_F(Poll, IsChangedAndTurnedOffThroughTheApi) {
  const std::string slug = make_pipeline("App", source_.string());
  const std::string path = kPipelines + "/" + slug;
  EXPECT_EQ(hub_.rest("GET", path).json()["poll_interval_seconds"], 3600);
  EXPECT_EQ(look(slug, 10), 200);
  EXPECT_EQ(hub_.rest("GET", path).json()["poll_interval_seconds"], 10);
  EXPECT_EQ(look(slug, 0), 200);
  EXPECT_TRUE(hub_.rest("GET", path).json()["poll_interval_seconds"].is_null());
  EXPECT_EQ(look(slug, 9), 422);
  EXPECT_EQ(look(slug, -1), 422);
  EXPECT_EQ(look(slug, 604801), 422);
  EXPECT_EQ(look("missing"), 404);
}

TEST_F(Poll, IsSetByThePersonsCommands) {
  support::ProgramOptions options;
  options.environment = {{"OSTLER_URL", hub_.url()}, {"OSTLER_ORGANIZATION", "ostler"}};
  std::ifstream(root_ / "hub/api-token") >> options.environment["OSTLER_API_TOKEN"];
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {support::ostler_program(), "pipeline"});
    return support::run_program(words, options);
  };
  const auto made = run({"create", "My App", "--repository", source_.string(), "--poll", "30"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("made pipeline my-app"));
  const std::string path = kPipelines + "/my-app";
  EXPECT_EQ(hub_.rest("GET", path).json()["poll_interval_seconds"], 30);
  EXPECT_EQ(run({"update", "my-app", "--poll", "0"}).code, 0);
  EXPECT_TRUE(hub_.rest("GET", path).json()["poll_interval_seconds"].is_null());
  EXPECT_EQ(run({"update", "my-app", "--poll", "5"}).code, 2);
  EXPECT_EQ(run({"create", "Other"}).code, 2);
}

}  // namespace
}  // namespace ostler
