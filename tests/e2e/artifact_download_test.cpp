// SPDX-License-Identifier: Apache-2.0
// `ostler artifact download` by a person, from a hub whose every answer the test decides.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/child_program.hpp"
#include "support/scripted_server.hpp"
#include "support/temp_directory.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::ServerAnswer;
using support::ServerReply;
using support::ServerRequest;

constexpr const char* kContent = "whole";

class ArtifactDownload : public testing::Test {
 protected:
  support::ProgramOptions options() const {
    return {.environment = {{"HOME", directory_.path().string()},
                            {"OSTLER_URL", server_.url()},
                            {"OSTLER_API_TOKEN", "token"},
                            {"OSTLER_ORGANIZATION", "acme"},
                            {"BUILDKITE_AGENT_ACCESS_TOKEN", ""}},
            .directory = directory_.path()};
  }
  std::vector<std::string> words() const {
    return {support::ostler_program(), "artifact", "download", "*", "out", "--build", "app/1"};
  }
  /// Where a file system has no files without a name, a part may lie beside it.
  bool is_saved() const { return fs::exists(out_ / "dist/app.txt"); }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(out_ / "dist/app.txt").rdbuf();
    return text.str();
  }

  /// Half of the artifact, and then nothing more.
  support::StreamReply stalled() {
    return {
        .next = [this, is_begun = false]() mutable -> asio::awaitable<std::optional<std::string>> {
          if (!std::exchange(is_begun, true)) co_return "who";
          stalls_ = true;
          asio::steady_timer never(server_.io(), 1h);
          co_await never.async_wait(asio::use_awaitable);
          co_return std::nullopt;
        }};
  }
  asio::awaitable<ServerAnswer> answer(ServerRequest request) {
    if (request.target.ends_with("/download")) {
      if (is_slow_) co_return stalled();
      co_return ServerReply{.body = content_};
    }
    if (request.target.find("/artifacts?") != std::string::npos) {
      co_return ServerReply{.body = R"([{"id":"a","job_id":"j","path":"dist/app.txt",)"
                                    R"("state":"finished","file_size":5,"download_url":")" +
                                    server_.url() + R"(/download"}])"};
    }
    co_return ServerReply{
        .body = R"({"id":"b","number":1,"state":"passed","pipeline":{"slug":"app"},"jobs":[]})"};
  }

  const support::TempDirectory directory_;
  const fs::path out_ = directory_ / "out";
  std::atomic<bool> is_slow_ = false;
  std::atomic<bool> stalls_ = false;
  std::string content_ = kContent;
  support::ScriptedServer server_{[this](ServerRequest request) { return answer(request); }};
};

TEST_F(ArtifactDownload, LeavesNothingOfAFileWhenItIsKilledAndSavesItTheNextTime) {
  is_slow_ = true;
  {
    support::ChildProgram program(words(), directory_.path(), options());
    ASSERT_TRUE(support::wait_until(60s, [&] { return stalls_.load(); })) << program.err();
    program.kill();
  }
  EXPECT_FALSE(is_saved()) << content();
  is_slow_ = false;
  const auto again = support::run_program(words(), options());
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(content(), kContent);
}

TEST_F(ArtifactDownload, KeepsWhatIsThereWhenLessComesThanWasUploaded) {
  ASSERT_EQ(support::run_program(words(), options()).code, 0);
  content_ = "who";
  const auto cut = support::run_program(words(), options());
  EXPECT_EQ(cut.code, 1);
  EXPECT_THAT(cut.err, testing::HasSubstr("it has 3 bytes, not the 5 that were uploaded"));
  EXPECT_EQ(content(), kContent);
}

TEST_F(ArtifactDownload, SaysThatItsDirectoryCannotBeMade) {
  std::ofstream(out_) << "a file";
  auto below = words();
  below[4] = "out/below";
  const auto done = support::run_program(below, options());
  EXPECT_EQ(done.code, 1);
  EXPECT_THAT(done.err, testing::HasSubstr("make directory out/below: Not a directory"));
}

}  // namespace
}  // namespace ostler
