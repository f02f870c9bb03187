// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "supervise/box_message.hpp"
#include "supervise/channel.hpp"
#include "supervise/codec.hpp"

namespace {

using namespace ostler::supervise;

/// What decodes must be the same message when it is sent again.
template <class Message>
void check(const Frame& frame) {
  if (frame.type != Message::kType) return;
  const auto message = decode<Message>(frame);
  if (!message) return;
  const std::string again = encode_frame(message.value());
  const auto decoded = decode<Message>(std::string_view(again).substr(kFrameHeader));
  if (!decoded || encode_frame(decoded.value()) != again) std::abort();
}

template <class... Messages>
void check_all(const Frame& frame) {
  (check<Messages>(frame), ...);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FrameReader reader;
  for (std::size_t at = 0; at < size;) {
    const auto [space, room] = reader.space();
    const std::size_t piece = std::min({room, size - at, std::size_t{1} + data[at]});
    std::memcpy(space, data + at, piece);
    reader.commit(piece);
    at += piece;
    for (;;) {
      const auto frame = reader.next();
      if (!frame) return 0;
      if (!frame.value()) break;
      check_all<Hello, Job, Abandon, Cancel, Lease, Notify, ApiReply, Welcome, Refused, Wake,
                ApiRequest, Done, Failed, Kill, StartedAck, Output, PhaseBegin, PhaseEnd, Started,
                Event, Artifact, Report, BoxStart, BoxGo, BoxCancel, BoxAnswer, BoxConfined,
                BoxMapped, BoxLog, BoxGroup, BoxProgress, BoxAsk, BoxResult, BoxCleanup, BoxEnded,
                BoxFault, BoxCrash, BoxReturned>(*frame.value());
    }
  }
  return 0;
}
