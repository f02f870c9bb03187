// SPDX-License-Identifier: Apache-2.0
// What the genuine agents say, byte for byte, to the real hub. Source: reference/agent-api.md
// 8, 12.
#include <cstdlib>

#include "conversation.hpp"
#include "scripted_agent.hpp"
#include "wire/agent_edge.hpp"

namespace ostler {
namespace {

class Conversations : public HubTest {
 protected:
  std::filesystem::path file(const std::string& name) const {
    return std::filesystem::path(std::getenv("OSTLER_SOURCE_DIR")) /
           "tests/integration/hub/conversations" / name;
  }
  Conversation begin() const {
    return Conversation(hub_.port(),
                        {{"REGISTRATION", hub_.agent_token()},
                         {"HOST", hub_.url().substr(std::string_view("http://").size())}});
  }
};

TEST_F(Conversations, AnAgentOfVersion3RunsAJob) {
  Conversation agent = begin();
  agent.replay(file("v3-registers.txt"));
  agent.remember("EXPECTED_JOB", make_job());
  agent.replay(file("v3-runs-a-job.txt"));
  EXPECT_EQ(hub_.log(pipeline_, 1), "~~~ Running commands\r\n$ make test\r\nok\r\n");
  EXPECT_EQ(build_state(), "passed");
}

TEST_F(Conversations, CommandsOfAJobOfVersion4) {
  const std::string cluster = hub_.rest("GET", "/organizations/ostler/clusters").json()[0]["id"];
  ASSERT_EQ(hub_.rest("POST", "/organizations/ostler/clusters/" + cluster + "/secrets",
                      {{"key", "DEPLOY_KEY"}, {"value", "correct-horse"}})
                .status,
            201);
  Conversation agent = begin();
  agent.replay(file("v4-registers.txt"));
  agent.remember("EXPECTED_JOB", make_job("  - wait\n  - {command: deploy, key: later}\n"));
  agent.replay(file("v4-commands-of-a-job.txt"));
  EXPECT_EQ(build_state(), "canceled");
}

TEST_F(Conversations, AnAgentOfVersion4RunsAJobFromItsStream) {
  Conversation agent = begin();
  agent.replay(file("v4-registers.txt"));
  const std::string job = make_job();
  agent.remember("EXPECTED_JOB", job);
  agent.remember("EXPECTED_JOB_HEX", hex(job));
  agent.remember("STREAM_REQUEST", wire::encode_stream_request(agent.remembered("AGENT")));
  agent.replay(file("v4-runs-a-job.txt"));
  EXPECT_EQ(build_state(), "failed");
}

}  // namespace
}  // namespace ostler
