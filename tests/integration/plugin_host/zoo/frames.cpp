// SPDX-License-Identifier: Apache-2.0
#include "frames.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace zoo {
namespace {

void put(std::string& frame, std::uint32_t number) {
  for (int i = 0; i < 4; ++i) frame += static_cast<char>(number >> (8 * i));
}

void put_wide(std::string& frame, std::uint64_t number) {
  put(frame, static_cast<std::uint32_t>(number));
  put(frame, static_cast<std::uint32_t>(number >> 32));
}

std::string crash_frame(std::string_view module, std::uint64_t caller) {
  std::string frame;
  put(frame, static_cast<std::uint32_t>(4 + 8 + 4 + module.size() + 8 + 4 + 8));
  put(frame, 90);  // Crash
  put(frame, 11);
  put_wide(frame, 0);  // the address
  put(frame, static_cast<std::uint32_t>(module.size()));
  frame += module;
  put_wide(frame, 0x1100);
  put(frame, 0);  // no build-id
  put_wide(frame, caller);
  return frame;
}

/// In big writes, each of many frames: the host shall never find the socket empty.
void flood_with(const std::string& frame) {
  std::string frames;
  while (frames.size() < 64 << 10) frames += frame;
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (std::chrono::steady_clock::now() < end) {
    for (std::size_t at = 0; at < frames.size();) {
      const ssize_t size = ::write(3, frames.data() + at, frames.size() - at);
      if (size < 0) ::_exit(9);
      at += static_cast<std::size_t>(size);
    }
  }
}

}  // namespace

void flood_with_cleanups() {
  std::string frame;
  put(frame, 0);
  put(frame, 87);  // Cleanup
  flood_with(frame);
}

void flood_with_crashes() { flood_with(crash_frame("zoo.so", 0)); }

void crash_like_two_threads() {
  const std::string frames = crash_frame("first.so", 0) + crash_frame("second.so", 0) +
                             crash_frame("second.so", 0x2222) + crash_frame("first.so", 0x1111) +
                             crash_frame("second.so", 0x3333);
  if (::write(3, frames.data(), frames.size()) < 0) ::_exit(9);
  std::abort();
}

void die_in_a_message(std::string_view piece) {
  std::string frame;
  put(frame, static_cast<std::uint32_t>(4 + 1 + 4 + piece.size()));
  put(frame, 82);  // Log
  put(frame, 2);   // a warning
  frame += '\0';   // that goes on
  put(frame, static_cast<std::uint32_t>(piece.size()));
  frame += piece;
  if (::write(3, frame.data(), frame.size()) < 0) ::_exit(9);
  std::abort();
}

}  // namespace zoo
