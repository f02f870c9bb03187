// SPDX-License-Identifier: Apache-2.0
// What keeps an agent from starting is said in one line, and what to do about it.
#include <sys/stat.h>
#include <unistd.h>

#include "integration/daemon/agent_on_fake_hub.hpp"
#include "support/child_program.hpp"

namespace ostler {
namespace {

/// The status of what was given wrong, rather than of what went wrong.
constexpr int kWrongSettings = 2;

class Start : public AgentOnFakeHub {
 protected:
  support::ProgramResult run(std::vector<std::string> flags) {
    std::vector<std::string> arguments = {support::ostler_program(), "start"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return support::run_program(arguments);
  }

  std::vector<std::string> flags() {
    return {"--endpoint",   hub_->endpoint(),
            "--token",      support::FakeHub::kToken,
            "--state-path", (directory_ / "state").string(),
            "--build-path", (directory_ / "builds").string()};
  }

  void expect_one_line(const support::ProgramResult& result, const std::vector<std::string>& parts,
                       int code = 1) {
    EXPECT_EQ(result.code, code) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    for (const auto& part : parts) {
      EXPECT_NE(result.err.find(part), std::string::npos) << part << " in: " << result.err;
    }
  }
};

TEST_F(Start, WithoutATokenSaysHowToGiveOne) {
  expect_one_line(run({"--build-path", "/tmp"}), {"--token", "BUILDKITE_AGENT_TOKEN"},
                  kWrongSettings);
}

TEST_F(Start, WithAWrongTokenSaysWhatTheServerAnswered) {
  auto wrong = flags();
  wrong[3] = "wrong";
  expect_one_line(run(wrong), {"401", "--token"});
  EXPECT_EQ(hub_->count("register"), 1);
}

TEST_F(Start, RefusedPingsEndTheAgent) {
  for (const int status : {403, 422}) {
    hub_->fail("GET /v3/ping", support::ServerReply{status, R"({"message":"not you"})"});
    const int before = hub_->count("register");
    const auto result = run(flags());
    EXPECT_EQ(result.code, 1) << status;
    EXPECT_NE(result.err.find("not you"), std::string::npos) << result.err;
    EXPECT_EQ(hub_->count("register"), before + 1) << status;
    hub_->heal();
  }
}

TEST_F(Start, WithAPriorityThatIsNoNumberSaysSo) {
  auto more = flags();
  more.insert(more.end(), {"--priority", "high"});
  expect_one_line(run(more), {"--priority", "high"}, kWrongSettings);
}

TEST_F(Start, WithABadEndpointSaysWhatOneLooksLike) {
  auto wrong = flags();
  wrong[1] = "localhost:7450";
  expect_one_line(run(wrong), {"--endpoint", "http://"}, kWrongSettings);
}

TEST_F(Start, WithASettingThatIsNotSupportedYetSaysWhich) {
  auto more = flags();
  more.insert(more.end(), {"--job-logs-otlp"});
  expect_one_line(run(more), {"--job-logs-otlp", "BUILDKITE_JOB_LOGS_OTLP", "not supported yet"},
                  kWrongSettings);
}

TEST_F(Start, WithAnUnwritableBuildPathSaysWhich) {
  auto wrong = flags();
  wrong[7] = "/proc/builds";
  expect_one_line(run(wrong), {"/proc/builds", "--build-path"});
}

TEST_F(Start, OnAStateDirectoryThatOthersMayEnterSaysHowToCloseIt) {
  std::filesystem::create_directory(directory_ / "state");
  ::chmod((directory_ / "state").c_str(), 0755);
  expect_one_line(run(flags()), {"chmod 700"});
}

TEST_F(Start, OnAStateDirectoryOfALivingAgentNamesItsPid) {
  start_agent();
  ASSERT_TRUE(support::wait_until(std::chrono::seconds(10),
                                  [&] { return hub_->count("GET /v3/ping") > 0; }));
  expect_one_line(run(flags()), {std::to_string(agent_->program().pid()), "since", "--state-path"});
}

TEST_F(Start, OnAStateDirectoryOfANewerVersionLeavesItUntouched) {
  std::filesystem::create_directory(directory_ / "state");
  ::chmod((directory_ / "state").c_str(), 0700);
  const std::string newer = R"({"format":{"major":99,"minor":0},"epoch":4})";
  ASSERT_TRUE(files::write_file_atomically(directory_ / "state/lock", newer));
  expect_one_line(run(flags()), {"99", (directory_ / "state").string()});
  EXPECT_EQ(files::read_file(directory_ / "state/lock").value(), newer);
}

TEST_F(Start, SaysWhichSettingsOfItsFileItDoesNotKnow) {
  const auto file = directory_ / "agent.cfg";
  ASSERT_TRUE(files::write_file_atomically(file, "no-such-setting=80\n"));
  start_agent({"--config", file.string()});
  const auto job = hub_->add_job();
  ASSERT_TRUE(hub_->wait_finished(job));
  EXPECT_EQ(lines_with(agent_->program().err(), "agent.cfg:1: no-such-setting"), 1)
      << agent_->program().err();
}

TEST_F(Start, EachAgentSaysInEveryCallWhereItLives) {
  start_agent();
  const auto job = add_waiting_job("end");
  ASSERT_TRUE(wait_up(job));
  agent_->kill();
  agent_->start_again();
  open("end");
  ASSERT_TRUE(hub_->wait_finished(job));
  expect_clean_stop();
  ASSERT_EQ(hub_->instances().size(), 1u) << "the same after a kill";
  EXPECT_EQ(hub_->instances().begin()->size(), 36u);
}

TEST_F(Start, EndsWithOneLineWhenAnotherAgentHoldsTheSession) {
  const support::ServerReply held{
      409, R"({"message":"this session is held by another agent"})", {}};
  for (const char* mode : {"auto", "poll-only", "stream-only"}) {
    SCOPED_TRACE(mode);
    hub_->fail("GET /v3/ping", held);
    hub_->fail("StreamPings", held);
    hub_->fail("disconnect", held);
    start_agent({"--ping-mode", mode});
    EXPECT_EQ(agent_->program().wait(std::chrono::seconds(20)), 1) << agent_->program().err();
    const std::string err = agent_->program().err();
    EXPECT_EQ(lines_with(err, "stop that one, or start this one with another --state-path"), 1)
        << err;
    EXPECT_EQ(hub_->count("disconnect"), 0) << "it is not this agent's to end";
    EXPECT_TRUE(left_in("sessions").empty());
    hub_->heal();
  }
}

TEST_F(Start, EachAgentRaisesTheEpoch) {
  const auto epoch = [&] {
    const auto text = files::read_file(agent_->state() / "lock").value();
    return nlohmann::json::parse(text)["epoch"].get<int>();
  };
  start_agent();
  ASSERT_TRUE(hub_->wait_finished(hub_->add_job()));
  EXPECT_EQ(epoch(), 1);
  agent_->kill();
  agent_->start_again();
  ASSERT_TRUE(hub_->wait_finished(hub_->add_job()));
  EXPECT_EQ(epoch(), 2);
}

}  // namespace
}  // namespace ostler
