// SPDX-License-Identifier: Apache-2.0
#include "supervise/codec.hpp"

#include "base/assert.hpp"

namespace ostler::supervise {

std::string frame_header(MessageType type, std::size_t size) {
  OSTLER_ASSERT(size <= kMaxFrame);
  ByteWriter bytes;
  bytes.put(static_cast<std::uint32_t>(size));
  bytes.put(static_cast<std::uint16_t>(type));
  bytes.put(std::uint16_t{0});
  return std::move(bytes).take();
}

std::string whole_frame(const Frame& frame) {
  return frame_header(frame.type, frame.payload.size()).append(frame.payload);
}

void FieldWriter::write(const std::vector<std::pair<std::string, std::string>>& pairs) {
  bytes_.put(static_cast<std::uint16_t>(pairs.size()));
  for (const auto& [name, value] : pairs) {
    bytes_.put(std::string_view(name));
    bytes_.put(std::string_view(value));
  }
}

void FieldReader::read(std::vector<std::pair<std::string, std::string>>& pairs) {
  std::uint16_t count = 0;
  bytes_.get(count);
  pairs.clear();
  for (std::uint16_t i = 0; i < count && bytes_.ok(); ++i) {
    auto& [name, value] = pairs.emplace_back();
    bytes_.get(name);
    bytes_.get(value);
  }
}

bool FieldReader::is_known(CancelReason reason) {
  return reason >= CancelReason::UserCancel && reason <= CancelReason::AgentStop;
}

bool FieldReader::is_known(KeeperState state) { return state <= KeeperState::Finishing; }

bool FieldReader::is_known(journal::OnLeaseLost on_lost) {
  return on_lost <= journal::OnLeaseLost::Stop;
}

bool FieldReader::is_known(journal::Cause cause) {
  return journal::cause_of(static_cast<std::uint16_t>(cause)).has_value();
}

Error malformed(MessageType type) {
  return Error(Errc::Protocol,
               "malformed message of type " + std::to_string(static_cast<int>(type)));
}

}  // namespace ostler::supervise
