// SPDX-License-Identifier: Apache-2.0
#include "supervise/codec.hpp"

#include <gtest/gtest.h>

namespace ostler::supervise {
namespace {

template <class Message>
std::string payload_of(const Message& message) {
  return encode_frame(message).substr(kFrameHeader);
}

/// The message decoded from its own bytes, encoded again.
template <class Message>
void expect_round_trip(const Message& message) {
  const std::string payload = payload_of(message);
  const auto decoded = decode<Message>(payload);
  ASSERT_TRUE(decoded) << static_cast<int>(Message::kType);
  EXPECT_EQ(payload_of(decoded.value()), payload) << static_cast<int>(Message::kType);
}

/// No shorter payload decodes.
template <class Message>
void expect_no_shorter(const Message& message) {
  const std::string payload = payload_of(message);
  for (std::size_t size = 0; size < payload.size(); ++size) {
    const auto decoded = decode<Message>(std::string_view(payload).substr(0, size));
    ASSERT_FALSE(decoded) << static_cast<int>(Message::kType) << " of " << size << " bytes";
    EXPECT_EQ(decoded.error().code(), Errc::Protocol);
  }
}

template <class... Messages>
void expect_all(const Messages&... messages) {
  (expect_round_trip(messages), ...);
  (expect_no_shorter(messages), ...);
}

TEST(MessageCodec, RoundTripsEveryMessageAndRefusesEveryShorterOne) {
  expect_all(Hello{.epoch = 1ULL << 40}, Job{"{}"}, Abandon{},
             Cancel{CancelReason::LeaseLost, 5, 6}, Lease{-7, journal::OnLeaseLost::Stop, 8},
             Notify{9}, ApiReply{1, 404, {{"Retry-After", "3"}, {"A", ""}}, "body"},
             Welcome{.state = KeeperState::Running, .records = 3, .output = 4},
             Refused{1, 0, 5, "why"}, Wake{6, 7}, Done{}, Failed{"reason"}, Kill{}, StartedAck{},
             PhaseBegin{"a", "b"}, PhaseEnd{"c", "d"}, Started{}, Event{"k", "{}"},
             Report{-1, 9, journal::Cause::Signalled, "e"});
  expect_round_trip(Output{std::string("raw\0bytes", 9)});
  expect_round_trip(Artifact{"{}"});
}

TEST(MessageCodec, ReadsARequestThatAnEarlierMinorVersionWrote) {
  const ApiRequest request{1, "u", "PUT", "p?q=1", "t", "b", "2"};
  expect_round_trip(request);
  const std::string whole = payload_of(request);
  const auto earlier = decode<ApiRequest>(whole.substr(0, whole.size() - 5));
  ASSERT_TRUE(earlier);
  EXPECT_EQ(earlier.value().body, "b");
  EXPECT_EQ(earlier.value().backoff_sequence, "");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bool is_earlier = size == whole.size() - 5;
    EXPECT_EQ(decode<ApiRequest>(whole.substr(0, size)).has_value(), is_earlier) << size;
  }
}

TEST(MessageCodec, WritesTheDocumentedBytes) {
  EXPECT_EQ(encode_frame(Notify{0x0102}),
            std::string("\x08\0\0\0\x06\0\0\0\x02\x01\0\0\0\0\0\0", 16));
  EXPECT_EQ(encode_frame(Output{"hi"}), std::string("\x02\0\0\0\x30\0\0\0hi", 10));
}

TEST(MessageCodec, RefusesUnknownEnumeratorsAndOtherTypes) {
  std::string cancel = payload_of(Cancel{});
  cancel[0] = 77;
  EXPECT_EQ(decode<Cancel>(cancel).error().code(), Errc::Protocol);
  EXPECT_EQ(decode<Kill>(Frame{MessageType::Done, ""}).error().code(), Errc::Protocol);
}

TEST(MessageCodec, PassesOverFieldsOfALaterMinorVersion) {
  EXPECT_EQ(decode<Notify>(payload_of(Notify{5}) + "more").value().records, 5u);
}

}  // namespace
}  // namespace ostler::supervise
