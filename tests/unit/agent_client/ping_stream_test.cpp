// SPDX-License-Identifier: Apache-2.0
#include "agent_client/ping_stream.hpp"

#include <gtest/gtest.h>

namespace ostler::agent_client {
namespace {

net::HttpResponse stream(const std::string& grpc_status = "") {
  net::HttpResponse answer{200, {{"Content-Type", "application/grpc"}}, ""};
  if (!grpc_status.empty()) answer.headers.emplace_back("grpc-status", grpc_status);
  return answer;
}

/// What a stream comes to that brought `bytes` and ended so.
Result<void> end_of(const std::string& bytes, const Result<net::HttpResponse>& answer) {
  PingStreamReader reader([](wire::PingResponse) {});
  const auto taken = reader.take(stream(), bytes);
  EXPECT_TRUE(taken);
  return reader.conclude(answer);
}

const std::string kMessage = wire::encode_streamed({});
const Error kTimeout = Error(Errc::Timeout, "too long").with_retryable(true);

TEST(PingStreamRequest, GoesToTheRootOfTheEndpointsHost) {
  const auto url = [](const std::string& endpoint) {
    return stream_request({endpoint, Secret("t"), {{"Buildkite-X", "y"}}}, "a").url;
  };
  const std::string path = "/agentedge.v1.AgentEdgeService/StreamPings";
  EXPECT_EQ(url("https://agent-edge.buildkite.com/v3"), "https://agent-edge.buildkite.com" + path);
  EXPECT_EQ(url("http://h:7450/deep/below/v3/"), "http://h:7450" + path);
  EXPECT_EQ(url("http://h"), "http://h" + path);
  const auto local = stream_request({"unix:/run/hub", {}, {}}, "a");
  EXPECT_EQ(local.url, "http://localhost" + path);
  EXPECT_EQ(local.unix_socket, "/run/hub");
}

TEST(PingStreamRequest, SaysWhatTheGenuineAgentSays) {
  const auto request =
      stream_request({"http://h/v3", Secret("token"), {{"Buildkite-X", "y"}}}, "agent");
  EXPECT_EQ(request.method, "POST");
  const auto header = [&](const char* name) { return net::find_header(request.headers, name); };
  EXPECT_EQ(header("Authorization"), "Token token");
  EXPECT_EQ(header("Content-Type"), "application/grpc");
  EXPECT_EQ(header("Te"), "trailers");
  EXPECT_EQ(header("Accept-Encoding"), "identity");
  EXPECT_EQ(header("Buildkite-X"), "y");
  EXPECT_EQ(request.total_timeout, std::chrono::seconds(60));
}

TEST(PingStreamReader, HandsOnEachMessageWhenItIsWhole) {
  std::vector<std::string> jobs;
  PingStreamReader reader(
      [&](const wire::PingResponse& message) { jobs.push_back(message.job_id.value_or("")); });
  const std::string bytes = kMessage + wire::encode_streamed({.job_id = "j"}) + kMessage;
  for (const char byte : bytes) ASSERT_TRUE(reader.take(stream(), std::string_view(&byte, 1)));
  EXPECT_EQ(jobs, (std::vector<std::string>{"", "j", ""}));
}

TEST(PingStreamReader, TakesAnOldAgeForAProperEnd) {
  EXPECT_TRUE(end_of(kMessage, stream("0")));
  EXPECT_TRUE(end_of(kMessage, kTimeout));
  EXPECT_TRUE(end_of(kMessage, stream("4")));
}

TEST(PingStreamReader, ToldNothingAtAllForAMinuteCallsTheStreamBroken) {
  PingStreamReader reader([](wire::PingResponse) {});
  const auto no_answer = reader.conclude(kTimeout);
  ASSERT_FALSE(no_answer);
  EXPECT_TRUE(no_answer.error().retryable());
  const auto only_a_head = end_of("", kTimeout);
  ASSERT_FALSE(only_a_head);
  EXPECT_TRUE(only_a_head.error().retryable());
}

struct End {
  Result<net::HttpResponse> answer;
  bool is_final;
};

TEST(PingStreamReader, TellsEndsForGoodFromThoseThatHeal) {
  const auto status = [](int code) { return net::HttpResponse{code, {}, "<html>"}; };
  const End ends[] = {
      {status(404), true},  {status(401), true},   {status(403), true},
      {stream("12"), true}, {stream("16"), true},  {stream("7"), true},
      {status(429), false}, {status(400), false},  {status(500), false},
      {status(501), false}, {status(503), false},  {stream("0"), false},
      {stream("4"), false}, {stream("14"), false}, {stream(""), false},
      {stream("x"), false}, {status(204), false},  {Error(Errc::Denied, "certificate"), false}};
  for (const End& one : ends) {
    const auto ended = end_of("", one.answer);
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().retryable(), !one.is_final) << ended.error().message();
  }
}

TEST(PingStreamReader, SaysWhenAMessageWasCut) {
  const auto ended = end_of(kMessage + kMessage.substr(0, 3), stream("0"));
  ASSERT_FALSE(ended);
  EXPECT_NE(ended.error().message().find("in the middle"), std::string::npos);
}

TEST(PingStreamReader, IsCancelledWhenTheRequestWas) {
  const auto ended = end_of(kMessage, Error(Errc::Cancelled, "enough"));
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().code(), Errc::Cancelled);
}

TEST(PingStreamReader, RefusesAnythingButAStream) {
  PingStreamReader reader([](wire::PingResponse) {});
  const auto page = reader.take({200, {{"Content-Type", "text/html"}}, ""}, "");
  ASSERT_FALSE(page);
  EXPECT_TRUE(page.error().retryable());
  EXPECT_NE(page.error().message().find("text/html"), std::string::npos);
  EXPECT_FALSE(reader.take(stream(), std::string("\0\x7f\0\0\0", 5))) << "too large";
}

}  // namespace
}  // namespace ostler::agent_client
