// SPDX-License-Identifier: Apache-2.0
// The hub that tests play must itself be right: what it would not notice, no test would.
#include "support/fake_hub.hpp"

#include <gtest/gtest.h>

#include "support/http_call.hpp"
#include "support/wait_until.hpp"
#include "uplink/gzip.hpp"

namespace ostler::support {
namespace {

class FakeHubTest : public testing::Test {
 protected:
  HttpAnswer call(const std::string& method, const std::string& path, const std::string& token,
                  const std::string& body = "") {
    return http_call({method, hub_.endpoint() + path, {"Authorization: Token " + token}, body});
  }
  std::string register_session() {
    return call("POST", "/register", FakeHub::kToken, "{}").json()["access_token"];
  }
  HttpAnswer send_chunk(const std::string& job, int sequence, int offset,
                        const std::string& bytes) {
    return call("POST",
                "/jobs/" + job + "/chunks?sequence=" + std::to_string(sequence) +
                    "&offset=" + std::to_string(offset) + "&size=" + std::to_string(bytes.size()),
                "job-" + job, uplink::gzip(bytes));
  }

  FakeHub hub_;
};

TEST_F(FakeHubTest, KnowsOnlyItsOwnTokens) {
  EXPECT_EQ(call("POST", "/register", "wrong", "{}").status, 401);
  EXPECT_EQ(call("GET", "/ping", "wrong").status, 401);
  const auto token = register_session();
  EXPECT_EQ(call("GET", "/ping", token).status, 200);
  EXPECT_EQ(call("POST", "/disconnect", token).status, 200);
  EXPECT_EQ(call("GET", "/ping", token).status, 401);
}

TEST_F(FakeHubTest, GivesAJobToOneSessionOnly) {
  const auto one = register_session();
  const auto two = register_session();
  const auto job = hub_.add_job();
  EXPECT_EQ(call("GET", "/ping", one).json()["job"]["id"], job);
  EXPECT_FALSE(call("GET", "/ping", two).json().contains("job"));
  EXPECT_EQ(call("PUT", "/jobs/" + job + "/accept", two).status, 422);
  EXPECT_EQ(call("PUT", "/jobs/" + job + "/accept", one).json()["id"], job);
}

TEST_F(FakeHubTest, NoticesGapsRepeatsAndConflicts) {
  const auto job = hub_.add_job();
  EXPECT_EQ(send_chunk(job, 1, 0, "abc").status, 201);
  EXPECT_EQ(send_chunk(job, 1, 0, "abc").status, 201);
  EXPECT_TRUE(hub_.job(job).is_contiguous());
  EXPECT_EQ(hub_.job(job).conflicting_chunks, 0);
  EXPECT_EQ(send_chunk(job, 1, 0, "abcd").status, 422);
  EXPECT_EQ(hub_.job(job).conflicting_chunks, 1);
  EXPECT_EQ(send_chunk(job, 2, 4, "x").status, 201);
  EXPECT_FALSE(hub_.job(job).is_contiguous());
}

TEST_F(FakeHubTest, NoticesAChunkAfterTheFinish) {
  const auto job = hub_.add_job();
  EXPECT_EQ(call("PUT", "/jobs/" + job + "/finish", "job-" + job, R"({"exit_status":"0"})").status,
            200);
  send_chunk(job, 1, 0, "late");
  EXPECT_TRUE(hub_.job(job).finished_before_chunks);
}

TEST_F(FakeHubTest, FailsAndLosesAnswersAsTold) {
  const auto token = register_session();
  hub_.fail("GET /v3/ping", ServerReply{500, ""}, 1);
  EXPECT_EQ(call("GET", "/ping", token).status, 500);
  EXPECT_EQ(call("GET", "/ping", token).status, 200);
  const auto job = hub_.add_job();
  hub_.lose_answers("/start");
  EXPECT_EQ(call("PUT", "/jobs/" + job + "/start", "job-" + job, "{}").status, 0);
  EXPECT_EQ(hub_.job(job).starts, 1);
}

TEST_F(FakeHubTest, HoldsAPingUntilThereIsAJob) {
  const auto token = register_session();
  std::string job;
  std::thread adder([&] {
    wait_until(std::chrono::seconds(10), [&] { return hub_.count("wait=20") == 1; });
    job = hub_.add_job();
  });
  const auto answer = call("GET", "/ping?wait=20", token);
  adder.join();
  EXPECT_EQ(answer.json()["job"]["id"], job);
}

}  // namespace
}  // namespace ostler::support
