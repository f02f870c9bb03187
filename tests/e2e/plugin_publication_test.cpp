// SPDX-License-Identifier: Apache-2.0
// Plugins that the hub gives to agents: what a checkout's lock names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/child_program.hpp"
#include "support/hub_process.hpp"
#include "support/person.hpp"
#include "support/temp_directory.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

/// A person who publishes the plugin of the zoo, and a checkout whose lock names it.
class PublishedPlugin : public testing::Test {
 protected:
  PublishedPlugin() {
    const fs::path built = std::getenv("OSTLER_BUILD_DIR");
    fs::create_directories(zoo_);
    for (const char* name : {"plugin.json", "zoo.so"}) {
      fs::copy(built / "tests/integration/plugin_host/zoo" / name, zoo_ / name);
    }
  }

  std::string git(std::vector<std::string> words) const {
    words.insert(words.begin(),
                 {"git", "-C", repository_.string(), "-c", "user.name=a", "-c", "user.email=a@b"});
    const auto result = support::run_program(words);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  }
  /// A repository with that plugins.lock, and a pipeline of it.
  void commit(const std::string& lock) const {
    fs::create_directories(repository_);
    git({"init", "-q", "-b", "main"});
    std::ofstream(repository_ / "plugins.lock") << lock;
    git({"add", "."});
    git({"commit", "-q", "-m", "lock"});
    hub_.make_pipeline("app", "steps: [{plugins: [{\"ostler://zoo#1\": {do: pass}}]}]\n",
                       "file://" + repository_.string());
  }
  std::string log() const { return support::plain_log(hub_.log("app", 1, 0)); }

  const support::TempDirectory directory_;
  const fs::path zoo_ = directory_ / "zoo";
  const fs::path repository_ = directory_ / "repository";
  support::HubProcess hub_{directory_.path()};
  support::Person person_{hub_, directory_.path()};
};

TEST_F(PublishedPlugin, RunsOnAnAgentThatNobodyGaveIt) {
  const std::string said = person_.said({"plugin", "publish", zoo_});
  EXPECT_THAT(said, HasSubstr("zoo#1.0.0 is published for linux-"));
  const std::string line = said.substr(said.find("zoo 1.0.0 "));
  EXPECT_THAT(person_.said({"plugin", "publish", zoo_}), HasSubstr("zoo#1.0.0 was published"));
  const auto told = json::parse(person_.said({"plugin", "publish", zoo_, "--json"}));
  EXPECT_EQ(told["version"], "1.0.0");
  EXPECT_THAT(line, HasSubstr(told["sha256"].get<std::string>()));
  commit(line);
  const support::AgentProcess agent(hub_, directory_.path());
  hub_.make_build("app");
  const json build = hub_.finished_build("app", 1, 60s).value();
  EXPECT_EQ(build["state"], "passed") << log();
  EXPECT_THAT(log(), HasSubstr("fetched zoo#1.0.0 from the hub"));
  EXPECT_TRUE(fs::exists(agent.state() / "plugins/zoo/1.0.0/zoo.so"));
}

TEST_F(PublishedPlugin, IsOneForEverAndOutlivesTheHub) {
  person_.said({"plugin", "publish", zoo_});
  hub_.kill();
  hub_.start_again();
  EXPECT_THAT(person_.said({"plugin", "publish", zoo_}), HasSubstr("was published"));
  std::string text = files::read_file(zoo_ / "plugin.json").value();
  text.replace(text.find("mostly wrong"), 12, "otherwise");
  std::ofstream(zoo_ / "plugin.json") << text;
  const auto refused = person_.ostler({"plugin", "publish", zoo_});
  EXPECT_NE(refused.code, 0);
  EXPECT_THAT(refused.err, HasSubstr("another zoo#1.0.0 for linux-"));
  EXPECT_THAT(refused.err, HasSubstr("give this one a new version"));
}

TEST_F(PublishedPlugin, IsSaidToBeTakenOffWhereALockNamesIt) {
  const std::string said = person_.said({"plugin", "publish", zoo_});
  EXPECT_THAT(person_.said({"plugin", "unpublish", "zoo@1.0.0"}),
              HasSubstr("zoo#1.0.0 is taken off"));
  commit(said.substr(said.find("zoo 1.0.0 ")));
  const support::AgentProcess agent(hub_, directory_.path());
  hub_.make_build("app");
  EXPECT_EQ(hub_.finished_build("app", 1, 60s).value()["state"], "failed");
  EXPECT_THAT(log(), HasSubstr("fetch zoo#1.0.0"));
  EXPECT_THAT(log(), HasSubstr("it was taken off the hub"));
  EXPECT_THAT(person_.ostler({"plugin", "unpublish", "zoo"}).err, HasSubstr("its whole version"));
}

TEST_F(PublishedPlugin, IsNotFetchedForACheckoutThatDoesNotLockIt) {
  person_.said({"plugin", "publish", zoo_});
  commit("# nothing is locked\n");
  const support::AgentProcess agent(hub_, directory_.path());
  hub_.make_build("app");
  ASSERT_TRUE(hub_.finished_build("app", 1, 60s));
  EXPECT_THAT(log(), HasSubstr("no plugin zoo in"));
  EXPECT_FALSE(fs::exists(agent.state() / "plugins/zoo"));
}

}  // namespace
}  // namespace ostler
