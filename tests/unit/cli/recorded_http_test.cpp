// SPDX-License-Identifier: Apache-2.0
#include "cli/recorded_http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "crypto/digest.hpp"
#include "support/temp_directory.hpp"

namespace ostler::cli {
namespace {

using testing::StartsWith;

class RecordedHttpOf : public testing::Test {
 protected:
  RecordedHttp playing(std::vector<HttpExchange> exchanges) {
    return {std::move(exchanges),
            {.hosts = {"a.example"}, .roots = {}},
            {},
            [this](const std::string& line) { told_.push_back(line); }};
  }
  static std::vector<std::string> get(const std::string& headers = "") {
    return {"GET", "https://a.example/", headers, "", "0", "0"};
  }
  static HttpExchange exchange(const std::string& body) {
    return {.method = "GET", .url = "https://a.example/", .answer = {200, {}, body}};
  }

  std::vector<std::string> told_;
};

TEST_F(RecordedHttpOf, ALargeBodyGoesInPieces) {
  const std::string body(600 << 10, 'x');
  RecordedHttp http = playing({exchange(body)});
  ASSERT_EQ(http.answer("send", get()).value(), "200 recorded.1\n");
  std::string read;
  for (std::string piece = "-"; !piece.empty(); read += piece) {
    piece = http.answer("read", {"recorded.1"}).value();
    EXPECT_LE(piece.size(), 256u << 10);
  }
  EXPECT_EQ(read, body);
}

TEST_F(RecordedHttpOf, ARequestHasEachHeaderOfAName) {
  HttpExchange asked = exchange("");
  asked.headers = {{"accept", "a, b"}};
  RecordedHttp http = playing({asked});
  EXPECT_EQ(http.answer("send", get("Accept: a\n")).error().code(), Errc::Internal);
  EXPECT_EQ(told_, std::vector<std::string>{
                       "not recorded: GET https://a.example/: the header accept is another"});
  EXPECT_EQ(http.unused(), std::vector<std::string>{"GET https://a.example/"});
  EXPECT_TRUE(http.answer("send", get("Accept: a\nX: y\nAccept: b\n")));
  EXPECT_TRUE(http.unused().empty());
}

TEST_F(RecordedHttpOf, SixteenRequestsAreOpenAtOnce) {
  RecordedHttp http = playing(std::vector<HttpExchange>(18, exchange("")));
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(http.answer("send", get()));
  EXPECT_EQ(http.answer("send", get()).error().code(), Errc::Unavailable);
  EXPECT_TRUE(http.answer("close", {"recorded.7"}));
  EXPECT_TRUE(http.answer("send", get()));
  EXPECT_THAT(http.answer("read", {"recorded.7"}).error().message(), StartsWith("no request"));
}

TEST_F(RecordedHttpOf, ABodyIsComparedWhereverItComesFrom) {
  const support::TempDirectory workspace;
  std::ofstream(workspace / "file") << "content";
  HttpExchange one = exchange("one");
  one.body = "content";
  HttpExchange other = exchange("other");
  other.body_sha256 = crypto::sha256_hex("another");
  RecordedHttp http({one, other}, {.hosts = {"a.example"}, .roots = {{workspace.path()}}}, {},
                    [this](const std::string& line) { told_.push_back(line); });
  std::vector<std::string> ask = get();
  ask.emplace_back("file");
  EXPECT_EQ(http.answer("send", ask).value(), "200 recorded.1\n");
  EXPECT_EQ(http.answer("send", ask).error().code(), Errc::Internal);
  EXPECT_THAT(told_.back(), testing::EndsWith("the body is another"));
  std::ofstream(workspace / "file") << "another";
  EXPECT_EQ(http.answer("send", ask).value(), "200 recorded.2\n");
  ask.back() = "../file";
  EXPECT_EQ(http.answer("send", ask).error().code(), Errc::UserFault);
}

}  // namespace
}  // namespace ostler::cli
