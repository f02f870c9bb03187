// SPDX-License-Identifier: Apache-2.0
// What a server says may reach a person's terminal, but not steer it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/file.hpp"
#include "integration/job_commands/command_run.hpp"

namespace ostler::job_commands {
namespace {

using support::ServerReply;
using support::ServerRequest;
using testing::HasSubstr;
using testing::Not;

/// Clears the screen by a C0 and by a C1 sequence, and turns the direction of what follows.
constexpr const char* kSteering = R"({"message":"no \u001b[2Jroom\u009b2J for \u202eyou\u0007\r"})";

ServerReply empty_answer(const ServerRequest&, const std::string&) { return {200, "{}"}; }

void expect_plain(const std::string& words) {
  EXPECT_THAT(words, HasSubstr("no "));
  EXPECT_THAT(words, HasSubstr("room"));
  for (const char* steering : {"\x1b", "\xC2\x9B", "\xE2\x80\xAE", "\a", "\r"}) {
    EXPECT_THAT(words, Not(HasSubstr(steering)));
  }
}

class PlainWords : public testing::TestWithParam<Way> {
 protected:
  CommandServer server_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(BothWays, PlainWords, testing::Values(Way::Http, Way::JobSocket));

TEST_P(PlainWords, AreWhatARefusalIsToldIn) {
  server_.line_up("POST jobs/j/annotations", {ServerReply{422, kSteering}}, empty_answer);
  const auto run = server_.run({"annotate", "text"});
  EXPECT_EQ(run.result.code, 1);
  expect_plain(run.result.err);
}

TEST_P(PlainWords, AreWhatARefusedBatchOfArtifactsIsToldIn) {
  ASSERT_TRUE(files::write_file_atomically(server_.directory() / "file", "x"));
  server_.line_up("POST jobs/j/artifacts", {ServerReply{422, kSteering}}, empty_answer);
  const auto run = server_.run({"artifact", "upload", "file"});
  EXPECT_EQ(run.result.code, 1);
  expect_plain(run.result.err);
}

}  // namespace
}  // namespace ostler::job_commands
