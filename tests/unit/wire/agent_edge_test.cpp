// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_edge.hpp"

#include <gtest/gtest.h>

#include "crypto/hex.hpp"

namespace ostler::wire {
namespace {

const std::string kAgent = "0198a1c2-0000-4000-8000-000000000001";
const std::string kJob = "0198b000-0000-4000-8000-00000000000a";

std::string hex(std::string_view bytes) {
  return crypto::to_hex({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()});
}

std::string framed(const std::string& message) {
  return std::string("\0\0\0\0", 4) + static_cast<char>(message.size()) + message;
}

/// What arrives when `bytes` come one by one.
Result<std::vector<PingResponse>> read_slowly(const std::string& bytes) {
  StreamedMessages stream;
  std::vector<PingResponse> messages;
  for (const char byte : bytes) {
    stream.add(std::string_view(&byte, 1));
    OSTLER_TRY(auto message, stream.next());
    if (message) messages.push_back(std::move(*message));
  }
  return messages;
}

TEST(AgentEdge, WritesTheBytesOfTheReference) {
  EXPECT_EQ(hex(encode_streamed({})), "00000000021200");
  EXPECT_EQ(hex(encode_streamed({.job_id = kJob})), "000000002a2a280a260a24" + hex(kJob));
  EXPECT_EQ(hex(encode_stream_request(kAgent)), "00000000260a24" + hex(kAgent));
}

TEST(AgentEdge, ReadsBackWhatItWrites) {
  const auto messages = read_slowly(
      encode_streamed({}) + encode_streamed({.action = PingAction::Pause, .message = "a note"}) +
      encode_streamed({.action = PingAction::Disconnect}) + encode_streamed({.job_id = kJob}));
  ASSERT_TRUE(messages) << messages.error().message();
  ASSERT_EQ(messages.value().size(), 4u);
  EXPECT_EQ(messages.value()[0].action, PingAction::Idle);
  EXPECT_EQ(messages.value()[1].action, PingAction::Pause);
  EXPECT_EQ(messages.value()[1].message, "a note");
  EXPECT_EQ(messages.value()[2].action, PingAction::Disconnect);
  EXPECT_EQ(messages.value()[3].job_id, kJob);
  EXPECT_EQ(decode_stream_request(encode_stream_request(kAgent)).value(), kAgent);
}

TEST(AgentEdge, TakesWhatItDoesNotKnowForIdle) {
  const auto messages = read_slowly(framed("") + framed("\x7a\x01x") + framed("\x08\x05"));
  ASSERT_TRUE(messages) << messages.error().message();
  ASSERT_EQ(messages.value().size(), 3u);
  for (const auto& message : messages.value()) {
    EXPECT_EQ(message.action, PingAction::Idle);
    EXPECT_EQ(message.job_id, std::nullopt);
  }
}

TEST(AgentEdge, RefusesWhatIsNoMessage) {
  for (const std::string& bytes :
       {framed("\x2a\x09 short"), framed("\x2a"), framed("\x2a\x02\x0a\x09"), framed("\x2a\x00"),
        std::string("\1\0\0\0\0", 5), std::string("\0\xff\0\0\0", 5)}) {
    const auto messages = read_slowly(bytes);
    ASSERT_FALSE(messages) << hex(bytes);
    EXPECT_EQ(messages.error().code(), Errc::Protocol);
  }
}

TEST(AgentEdge, RefusesARequestThatIsCutShort) {
  const std::string whole = encode_stream_request(kAgent);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_stream_request(whole.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace ostler::wire
