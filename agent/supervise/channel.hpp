// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "supervise/codec.hpp"

namespace ostler::supervise {

/// Cuts a stream of bytes into frames. Its buffer holds 32 KiB, or one longer frame while that
/// arrives.
class FrameReader {
 public:
  /// Takes frames with payloads of at most so many bytes.
  explicit FrameReader(std::uint32_t longest = kMaxFrame);

  enum class Fill { Bytes, Nothing, End };
  /// Reads once from a socket: some bytes, nothing to read now, or the peer closed.
  /// Errors: Unavailable when the connection broke.
  Result<Fill> fill(int fd);
  /// Takes the next whole frame that has arrived. Its payload is valid until the next fill().
  /// Errors: Protocol when the bytes are no frame; the connection is of no use then.
  Result<std::optional<Frame>> next();
  /// The part of the buffer that the next fill would write to, at least one byte long.
  std::pair<char*, std::size_t> space();
  /// Says that `size` bytes were put at the front of space().
  void commit(std::size_t size) { end_ += size; }

 private:
  void resize(std::size_t capacity);

  std::uint32_t longest_;
  std::unique_ptr<char[]> buffer_;  ///< not zeroed: pages that no frame reached cost nothing
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

/// Frames that wait until a non-blocking socket takes them.
class SendQueue {
 public:
  void push(std::string frame);
  /// Writes as much as the socket takes now. Errors: Unavailable when the connection broke.
  Result<void> flush(int fd);
  bool empty() const { return frames_.empty(); }
  /// Bytes that wait.
  std::size_t size() const { return size_; }

 private:
  std::deque<std::string> frames_;
  std::size_t sent_of_first_ = 0;
  std::size_t size_ = 0;
};

/// A connection for programs that wait: sends and receives whole messages with a deadline.
class Channel {
 public:
  explicit Channel(UniqueFd socket) : socket_(std::move(socket)) {}

  template <class Message>
  Result<void> send(const Message& message, std::chrono::milliseconds timeout) {
    return send_frame(encode_frame(message), timeout);
  }
  /// Errors: Timeout; Unavailable when the peer is gone.
  Result<void> send_frame(std::string frame, std::chrono::milliseconds timeout);
  /// The next message; its payload is valid until the next call.
  /// Errors: Timeout; Unavailable when the peer closed; Protocol.
  Result<Frame> receive(std::chrono::milliseconds timeout);
  int fd() const { return socket_.get(); }
  void close() { socket_.reset(); }

 private:
  UniqueFd socket_;
  FrameReader reader_;
};

/// Two connected stream sockets, close-on-exec, non-blocking.
Result<std::pair<UniqueFd, UniqueFd>> make_socket_pair();
/// A listening socket at `path` (mode 0600), non-blocking; replaces a file that is left there.
/// Errors: UserFault when the path is longer than a socket name can be.
Result<UniqueFd> listen_at(const std::filesystem::path& path);
/// A non-blocking connection. Errors: NotFound; Unavailable when nobody listens.
Result<UniqueFd> connect_to(const std::filesystem::path& path);
/// Whether the peer runs as this user or as root.
bool is_peer_trusted(int socket);

}  // namespace ostler::supervise
