// SPDX-License-Identifier: Apache-2.0
// A hub that is backed up while a build goes on, lost, and restored.
#include <gtest/gtest.h>

#include "files/file.hpp"
#include "support/agent_process.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

using namespace std::chrono_literals;

class Backup : public testing::Test {
 protected:
  support::ProgramResult hub(std::vector<std::string> words) {
    words.insert(words.begin(), {support::ostler_program(), "hub"});
    return support::run_program(words);
  }
  std::string log_of(int build) { return support::plain_log(hub_.log(pipeline_, build)); }

  const support::TempDirectory directory_;
  support::HubProcess hub_{directory_.path()};
  std::string pipeline_ = hub_.make_pipeline(
      "p",
      "env: {BUILDKITE_SKIP_CHECKOUT: 'true'}\nsteps:\n"
      "  - command: 'for i in $(seq $$LINES_OF_IT); do echo line $$i; sleep 0.05; done; touch of'\n"
      "    artifact_paths: of\n  - wait\n  - command: echo second\n");
};

TEST_F(Backup, OfARunningBuildIsWholeAndTheRestoredHubGoesOn) {
  support::AgentProcess agent(hub_, directory_.path(), {"--cancel-signal-timeout", "1s"});
  const int running = hub_.make_build(pipeline_, {{"LINES_OF_IT", "10000"}});
  ASSERT_TRUE(support::wait_until(
      30s, [&] { return log_of(running).find("line 3\n") != log_of(running).npos; }));
  std::string backup;
  for (int count = 0; count < 5; ++count) {
    backup = directory_ / ("backup" + std::to_string(count));
    const auto made = hub({"backup", backup, "--data-path", hub_.data()});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(hub({"check", backup}).code, 0);
  }
  const std::string before = log_of(running);
  hub_.kill();
  ASSERT_EQ(hub({"restore", backup, "--data-path", hub_.data(), "--replace"}).code, 0);
  hub_.start_again();
  EXPECT_EQ(hub_.build(pipeline_, running)["state"], "canceled");
  const std::string kept = log_of(running);
  EXPECT_EQ(kept.find("line 3\n"), before.find("line 3\n"));

  const int next = hub_.make_build(pipeline_, {{"LINES_OF_IT", "2"}});
  EXPECT_EQ(next, running + 1001);
  const auto finished = hub_.finished_build(pipeline_, next, 60s);
  ASSERT_TRUE(finished) << agent.program().err();
  EXPECT_EQ(finished->at("state"), "passed") << log_of(next);
  EXPECT_EQ(log_of(running), kept) << "what the cancelled job wrote later belongs to no log";
}

TEST_F(Backup, ThatIsOlderThanARunningJobEndsThatJobOnItsAgent) {
  support::AgentProcess agent(hub_, directory_.path(), {"--cancel-signal-timeout", "1s"});
  const int first = hub_.make_build(pipeline_, {{"LINES_OF_IT", "1"}});
  ASSERT_TRUE(hub_.finished_build(pipeline_, first, 60s)) << agent.program().err();
  const std::string backup = directory_ / "backup";
  ASSERT_EQ(hub({"backup", backup, "--data-path", hub_.data()}).code, 0);
  const int unknown = hub_.make_build(pipeline_, {{"LINES_OF_IT", "10000"}});
  ASSERT_TRUE(support::wait_until(
      30s, [&] { return log_of(unknown).find("line 3\n") != std::string::npos; }));
  hub_.kill();
  ASSERT_EQ(hub({"restore", backup, "--data-path", hub_.data(), "--replace"}).code, 0);
  hub_.start_again();
  EXPECT_TRUE(support::wait_until(60s, [&] {
    return agent.program().err().find("not this agent's (any more), it is cancelled") !=
           std::string::npos;
  })) << agent.program().err();
  const int next = hub_.make_build(pipeline_, {{"LINES_OF_IT", "2"}});
  EXPECT_EQ(next, unknown + 1001) << "not the number of the build that is forgotten";
  const auto finished = hub_.finished_build(pipeline_, next, 60s);
  ASSERT_TRUE(finished) << agent.program().err();
  EXPECT_EQ(finished->at("state"), "passed") << log_of(next);
  EXPECT_EQ(agent.stop(), 0) << agent.program().err();
}

TEST_F(Backup, RestoredTwiceGivesNoNumberTwice) {
  hub_.make_build(pipeline_);
  const std::string backup = directory_ / "backup";
  ASSERT_EQ(hub({"backup", backup, "--data-path", hub_.data()}).code, 0);
  int last = 1;
  for (int count = 0; count < 2; ++count) {
    hub_.kill();
    const auto restored = hub({"restore", backup, "--data-path", hub_.data(), "--replace"});
    ASSERT_EQ(restored.code, 0) << restored.err;
    hub_.start_again();
    const int next = hub_.make_build(pipeline_);
    EXPECT_EQ(next, last + 1001);
    last = next;
  }
  hub_.kill();
  ASSERT_TRUE(files::write_file_atomically(hub_.data() / "ostler.db", "no database any more"));
  const auto restored = hub({"restore", backup, "--data-path", hub_.data(), "--replace"});
  EXPECT_EQ(restored.code, 0) << restored.err;
  EXPECT_NE(restored.out.find("its database cannot be read"), std::string::npos) << restored.out;
}

}  // namespace
}  // namespace ostler
