// SPDX-License-Identifier: Apache-2.0
// Source: reference/agent-api.md 2.16.
#include "agent_client/upload_pipeline.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace ostler::agent_client {
namespace {

using std::chrono::milliseconds;

/// Answers what the test has put in line, and the last of it for ever.
class ScriptedTransport final : public Transport {
 public:
  Result<ApiAnswer> call(const ApiCall& call) override {
    seen.push_back(call);
    auto answer = answers.front();
    if (answers.size() > 1) answers.pop_front();
    return answer;
  }
  std::deque<Result<ApiAnswer>> answers;
  std::vector<ApiCall> seen;
};

class UploadPipeline : public testing::Test {
 protected:
  std::string upload() {
    const RetryClock clock{[this](milliseconds wait) { waits_.push_back(wait.count()); },
                           [] { return milliseconds(0); }};
    const auto done = upload_pipeline(server_, "job.1", {"uuid-1", R"({"steps":[]})"}, clock);
    return done ? "done" : done.error().message();
  }
  void answer(int status, std::string body = "", ApiHeaders headers = {}) {
    server_.answers.push_back(ApiAnswer{status, std::move(body), std::move(headers)});
  }
  void answer_accepted(ApiHeaders more = {}) {
    more.emplace_back("location", "http://hub/v3/jobs/job.1/pipelines/uuid-1");
    answer(202, "{}", std::move(more));
  }

  ScriptedTransport server_;
  std::vector<std::int64_t> waits_;
};

TEST_F(UploadPipeline, IsDoneWithAPlainAnswer) {
  answer(200, "whatever");
  EXPECT_EQ(upload(), "done");
  ASSERT_EQ(server_.seen.size(), 1u);
  EXPECT_EQ(server_.seen[0].path, "jobs/job%2E1/pipelines?async=true");
  EXPECT_EQ(server_.seen[0].body, R"({"uuid":"uuid-1","pipeline":{"steps":[]}})");
}

TEST_F(UploadPipeline, AsksUntilItIsApplied) {
  answer_accepted();
  answer(200, R"({"state":"pending"})");
  answer(200, R"({"state":"processing"})", {{"Retry-After", "0.5"}});
  answer(500);
  answer(404);
  answer(200, "<html>");
  server_.answers.push_back(Error(Errc::Denied, "no way"));
  answer(200, R"({"state":"applied"})");
  EXPECT_EQ(upload(), "done");
  EXPECT_EQ(waits_, (std::vector<std::int64_t>{1000, 5000, 500, 5000, 5000, 5000, 5000}));
  EXPECT_EQ(server_.seen[1].method, "GET");
  EXPECT_EQ(server_.seen[1].path, "jobs/job%2E1/pipelines/uuid-1");
}

TEST_F(UploadPipeline, WaitsAsLongAsTheServerSays) {
  answer_accepted({{"retry-after", "0.05"}});
  answer(200, R"({"state":"applied"})");
  EXPECT_EQ(upload(), "done");
  EXPECT_EQ(waits_, std::vector<std::int64_t>{50});
}

TEST_F(UploadPipeline, DoesNotWaitForWhatMakesNoSense) {
  for (const char* text : {"-1", "nan", "soon", "1e99", ""}) {
    waits_.clear();
    server_.answers.clear();
    answer_accepted({{"Retry-After", text}});
    answer(200, R"({"state":"applied"})");
    EXPECT_EQ(upload(), "done");
    EXPECT_LE(waits_.at(0), 300'000) << text;
    EXPECT_GE(waits_.at(0), 1'000) << text;
  }
}

TEST_F(UploadPipeline, SaysWhyTheServerRejectsIt) {
  for (const char* state : {"rejected", "failed"}) {
    server_.answers.clear();
    answer_accepted();
    answer(200, std::string(R"({"message":"no such queue","state":")") + state + R"("})");
    EXPECT_EQ(upload(), "pipeline upload rejected: no such queue");
  }
  server_.answers.clear();
  answer_accepted();
  answer(422, R"({"message":"too late"})");
  EXPECT_NE(upload().find("too late"), std::string::npos);
  server_.answers.clear();
  answer_accepted();
  answer(200, R"({"state":"dancing"})");
  EXPECT_EQ(upload(), "pipeline upload: the server knows a state that we do not");
}

TEST_F(UploadPipeline, TriesAgainWithItsNumberUntilAttemptsAreUsed) {
  answer(529);
  EXPECT_NE(upload().find("529"), std::string::npos);
  EXPECT_EQ(server_.seen.size(), 60u);
  EXPECT_EQ(waits_, std::vector<std::int64_t>(59, 5000));
  EXPECT_EQ(server_.seen[7].headers, (ApiHeaders{{"X-Buildkite-Backoff-Sequence", "7"}}));
  EXPECT_EQ(server_.seen[7].uuid, server_.seen[0].uuid);
}

TEST_F(UploadPipeline, EndsAtOnceWhenAskingAgainIsNoUse) {
  for (const int status : {400, 401, 404, 422, 423}) {
    server_.seen.clear();
    server_.answers.clear();
    answer(status, R"({"message":"why"})");
    EXPECT_NE(upload().find("why"), std::string::npos) << status;
    EXPECT_EQ(server_.seen.size(), 1u) << status;
  }
}

TEST_F(UploadPipeline, TakesAnAnswerWithoutAPlaceForAFailure) {
  answer(202);
  answer(200);
  EXPECT_EQ(upload(), "done");
  EXPECT_EQ(waits_, std::vector<std::int64_t>{5000});
}

TEST_F(UploadPipeline, FollowsNoOtherUpload) {
  for (const char* place : {"/jobs/job.1/pipelines/uuid-12", "/jobs/job.2/pipelines/uuid-1",
                            "/otherjobs/job.1/pipelines/uuid-1", "elsewhere"}) {
    server_.answers.clear();
    server_.seen.clear();
    answer(202, "", {{"Location", place}});
    EXPECT_NE(upload().find("another upload"), std::string::npos) << place;
    EXPECT_EQ(server_.seen.size(), 1u);
  }
}

TEST_F(UploadPipeline, GivesUpOnAServerThatNeverDecides) {
  answer_accepted();
  answer(200, R"({"state":"pending"})");
  EXPECT_NE(upload().find("60 looks"), std::string::npos);
  EXPECT_EQ(server_.seen.size(), 61u);
}

}  // namespace
}  // namespace ostler::agent_client
