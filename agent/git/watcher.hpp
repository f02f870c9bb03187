// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ostler::git {

/// How far the download of a pack is.
struct Transfer {
  std::uint32_t received_objects = 0;
  std::uint32_t total_objects = 0;
  std::uint32_t indexed_deltas = 0;
  std::uint32_t total_deltas = 0;
  std::uint64_t received_bytes = 0;
};

/// Watches a long operation and can end it. Called often, on the thread that runs the operation.
class Watcher {
 public:
  virtual ~Watcher() = default;
  /// False ends the operation with Errc::Cancelled.
  virtual bool keep_going() = 0;
  virtual void on_transfer(const Transfer& transfer) = 0;
  /// Text of the server for people, in pieces as they come, `\r` and `\n` as sent.
  virtual void on_remote_text(std::string_view text) = 0;
  /// Text for people of the program that carries the connection (ssh), in pieces as they come.
  virtual void on_connection_text(std::string_view text) = 0;
  /// Files written so far by a checkout.
  virtual void on_files(std::size_t done, std::size_t total) = 0;
};

}  // namespace ostler::git
