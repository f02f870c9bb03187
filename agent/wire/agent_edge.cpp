// SPDX-License-Identifier: Apache-2.0
#include "wire/agent_edge.hpp"

#include <cstdint>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace ostler::wire {
namespace {

constexpr std::size_t kFrameHead = 5;  // a flag, and the size as four bytes, the highest first
constexpr std::size_t kLargestMessage = 1u << 20;

enum RequestField : protozero::pbf_tag_type { kAgentId = 1 };
enum MessageField : protozero::pbf_tag_type {
  kResume = 2,
  kPause = 3,
  kDisconnect = 4,
  kJobAssigned = 5
};
constexpr protozero::pbf_tag_type kFirst =
    1;  // of PauseAction, DisconnectAction, Job and its holder

std::string frame(const std::string& message) {
  const auto size = static_cast<std::uint32_t>(message.size());
  std::string bytes(1, '\0');
  for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(size >> shift));
  return bytes + message;
}

/// The message of the frame that `bytes` begins with; none when it is not whole.
Result<std::optional<std::string_view>> framed(std::string_view bytes) {
  if (bytes.size() < kFrameHead) return std::nullopt;
  if (bytes[0] != 0)
    return Error(Errc::Protocol, "the message is compressed, which nobody asked for");
  std::size_t size = 0;
  for (const char byte : bytes.substr(1, 4)) size = size << 8 | static_cast<unsigned char>(byte);
  if (size > kLargestMessage) return Error(Errc::Protocol, "the message is larger than 1 MiB");
  if (bytes.size() - kFrameHead < size) return std::nullopt;
  return bytes.substr(kFrameHead, size);
}

/// A message whose first field is a text.
std::string holding(const std::string& text) {
  std::string message;
  protozero::pbf_writer writer(message);
  if (!text.empty()) writer.add_string(kFirst, text);
  return message;
}

/// The first field of a message, a text; empty when it is not set.
std::string held_by(protozero::pbf_reader message) {
  std::string text;
  while (message.next(kFirst, protozero::pbf_wire_type::length_delimited)) {
    text = message.get_string();
  }
  return text;
}

PingResponse read_message(protozero::pbf_reader reader) {
  PingResponse message;
  while (reader.next()) {
    if (reader.wire_type() != protozero::pbf_wire_type::length_delimited) {
      reader.skip();
      continue;
    }
    const auto field = reader.tag();
    const protozero::pbf_reader value(reader.get_view());
    message = {};
    if (field == kPause) message = {.action = PingAction::Pause, .message = held_by(value)};
    if (field == kDisconnect) {
      message = {.action = PingAction::Disconnect, .message = held_by(value)};
    }
    if (field == kJobAssigned) message.job_id = held_by(protozero::pbf_reader(held_by(value)));
  }
  return message;
}

Error malformed(const std::exception& fault) {
  return Error(Errc::Protocol,
               std::string("malformed message in the stream of pings: ") + fault.what());
}

}  // namespace

std::string encode_stream_request(const std::string& agent_id) { return frame(holding(agent_id)); }

Result<std::string> decode_stream_request(std::string_view body) {
  OSTLER_TRY(const auto message, framed(body));
  if (!message) return Error(Errc::Protocol, "the request for a stream of pings is cut short");
  try {
    return held_by(protozero::pbf_reader(message->data(), message->size()));
  } catch (const protozero::exception& fault) {
    return malformed(fault);
  }
}

std::string encode_streamed(const PingResponse& message) {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  if (message.action == PingAction::Pause) {
    writer.add_message(kPause, holding(message.message));
  } else if (message.action == PingAction::Disconnect) {
    writer.add_message(kDisconnect, holding(message.message));
  } else if (message.job_id) {
    writer.add_message(kJobAssigned, holding(holding(*message.job_id)));
  } else {
    writer.add_message(kResume, std::string());
  }
  return frame(bytes);
}

Result<std::optional<PingResponse>> StreamedMessages::next() {
  OSTLER_TRY(const auto bytes, framed(pending_));
  if (!bytes) return std::nullopt;
  try {
    auto message = read_message(protozero::pbf_reader(bytes->data(), bytes->size()));
    pending_.erase(0, kFrameHead + bytes->size());
    const bool is_nameless = message.job_id && message.job_id->empty();
    if (is_nameless)
      return Error(Errc::Protocol, "the stream of pings assigns a job without an id");
    return message;
  } catch (const protozero::exception& fault) {
    return malformed(fault);
  }
}

}  // namespace ostler::wire
