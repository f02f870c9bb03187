// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/byte_codec.hpp"
#include "base/result.hpp"
#include "supervise/message.hpp"

namespace ostler::supervise {

/// A frame is `u32 size of payload | u16 type | u16 zero | payload`, little endian.
inline constexpr std::size_t kFrameHeader = 8;

/// One received message, not yet decoded.
struct Frame {
  MessageType type{};
  std::string_view payload;  ///< valid until the channel's next receive
};

/// The header of a frame with a payload of `size` bytes.
std::string frame_header(MessageType type, std::size_t size);

/// The bytes of a received frame, to be passed on as it is.
std::string whole_frame(const Frame& frame);

/// Visits a message's fields and writes them.
class FieldWriter {
 public:
  explicit FieldWriter(ByteWriter& bytes) : bytes_(bytes) {}
  template <class... Fields>
  void operator()(const Fields&... fields) {
    (write(fields), ...);
  }
  void since_minor(const std::string& field) { write(field); }
  void raw(const std::string& rest) { bytes_.put_raw(rest); }

 private:
  template <class T>
  void write(const T& field) {
    if constexpr (std::is_enum_v<T>) {
      bytes_.put(static_cast<std::underlying_type_t<T>>(field));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      bytes_.put(std::string_view(field));
    } else {
      bytes_.put(field);
    }
  }
  void write(const std::vector<std::pair<std::string, std::string>>& pairs);

  ByteWriter& bytes_;
};

/// Visits a message's fields and reads them.
class FieldReader {
 public:
  explicit FieldReader(std::string_view payload) : bytes_(payload) {}
  template <class... Fields>
  void operator()(Fields&... fields) {
    (read(fields), ...);
  }
  /// A field that a peer of an earlier minor version does not send.
  void since_minor(std::string& field) {
    if (!bytes_.rest().empty()) read(field);
  }
  void raw(std::string& rest) { rest.assign(bytes_.rest()); }
  bool ok() const { return ok_ && bytes_.ok(); }

 private:
  template <class T>
  void read(T& field) {
    if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> number{};
      bytes_.get(number);
      field = static_cast<T>(number);
      ok_ = ok_ && is_known(field);
    } else {
      bytes_.get(field);
    }
  }
  void read(std::vector<std::pair<std::string, std::string>>& pairs);
  static bool is_known(CancelReason reason);
  static bool is_known(KeeperState state);
  static bool is_known(journal::OnLeaseLost on_lost);
  static bool is_known(journal::Cause cause);

  ByteReader bytes_;
  bool ok_ = true;
};

/// The whole frame of a message.
template <class Message>
std::string encode_frame(const Message& message) {
  ByteWriter payload;
  FieldWriter visit(payload);
  Message::fields(message, visit);
  std::string frame = frame_header(Message::kType, payload.bytes().size());
  return frame.append(payload.bytes());
}

/// The error for a payload that is not a message of that type.
Error malformed(MessageType type);

/// Reads a message from a payload. Bytes after the fields belong to a later minor version.
/// Errors: Protocol.
template <class Message>
Result<Message> decode(std::string_view payload) {
  Message message;
  FieldReader visit(payload);
  Message::fields(message, visit);
  if (!visit.ok()) return malformed(Message::kType);
  return message;
}

/// The same, checking that the frame is of that type.
template <class Message>
Result<Message> decode(const Frame& frame) {
  if (frame.type != Message::kType) return malformed(Message::kType);
  return decode<Message>(frame.payload);
}

}  // namespace ostler::supervise
