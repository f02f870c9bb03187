// SPDX-License-Identifier: Apache-2.0
#include "checkout/commit_meta_data.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/unique_fd.hpp"
#include "wire/agent_api.hpp"

namespace ostler::checkout {
namespace {

const git::CommitDescription kCommit{"65e2000000000000000000000000000000005312", "65e2000",
                                     "A Name", "a@example.org", "Subject\n\nBody\n"};

/// Keeps one build's meta-data.
class FakeMetaData final : public agent_client::Transport {
 public:
  Result<agent_client::ApiAnswer> call(const agent_client::ApiCall& call) override {
    calls.push_back(call.path);
    if (status != 200) return agent_client::ApiAnswer{status, R"({"message":"no"})"};
    if (call.path.ends_with("/exists")) {
      const auto key = wire::decode_meta_data_key(call.body).value();
      return agent_client::ApiAnswer{200, wire::encode_exists(values.contains(key))};
    }
    const auto datum = wire::decode_meta_datum(call.body).value();
    values[datum.key] = datum.value;
    return agent_client::ApiAnswer{200, "{}"};
  }

  std::map<std::string, std::string> values;
  std::vector<std::string> calls;
  int status = 200;
};

class CommitMetaDataTest : public testing::Test {
 protected:
  UniqueFd null_{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  JobLog log_{null_.get()};
  FakeMetaData server_;
};

TEST(CommitText, IndentsEveryLineOfTheMessageAndTrimsTheWhole) {
  EXPECT_EQ(commit_text(kCommit),
            "commit 65e2000000000000000000000000000000005312\nabbrev-commit 65e2000\n"
            "Author: A Name <a@example.org>\n\n    Subject\n    \n    Body");
}

TEST_F(CommitMetaDataTest, IsSentOnce) {
  ASSERT_TRUE(send_commit_meta_data(kCommit, "job.1", server_, log_));
  EXPECT_EQ(server_.values["buildkite:git:commit"], commit_text(kCommit));
  ASSERT_TRUE(send_commit_meta_data(kCommit, "job.1", server_, log_));
  EXPECT_EQ(server_.calls,
            (std::vector<std::string>{"jobs/job%2E1/data/exists", "jobs/job%2E1/data/set",
                                      "jobs/job%2E1/data/exists"}));
}

TEST_F(CommitMetaDataTest, TellsWhyItWasNotSent) {
  server_.status = 403;
  const auto sent = send_commit_meta_data(kCommit, "j", server_, log_);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message(), "the server answered 403: no");
}

}  // namespace
}  // namespace ostler::checkout
