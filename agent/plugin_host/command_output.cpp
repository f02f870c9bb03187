// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/command_output.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace ostler::plugin_host {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kReadAtOnce = 32 << 10;       // bytes
constexpr std::size_t kMostKept = 1 << 20;          // what the plugin gets
constexpr std::size_t kLongestHeldLine = 32 << 10;  // a longer one goes in pieces
constexpr std::size_t kMostAfterEnd = 4 << 20;      // more than a pipe holds

}  // namespace

struct CommandOutput::Pipe {
  Pipe(const asio::any_io_executor& executor, int descriptor) : readable(executor, descriptor) {}
  asio::posix::stream_descriptor readable;
};

CommandOutput::~CommandOutput() = default;

CommandOutput::CommandOutput(const asio::any_io_executor& executor, UniqueFd readable, StepLog& log,
                             bool is_kept)
    : pipe_(std::make_unique<Pipe>(executor, readable.release())),
      log_(log),
      stream_(log.program_output()),
      is_kept_(is_kept) {}

/// Lines of several commands, and of the plugin, are not mixed within a line.
void CommandOutput::say(std::string_view bytes) {
  kept_ += bytes;
  const std::size_t end = kept_.rfind('\n');
  if (end != kept_.npos) {
    stream_->write(std::string_view(kept_).substr(0, end + 1));
    kept_.erase(0, end + 1);
  }
  if (kept_.size() < kLongestHeldLine) return;
  stream_->write(kept_);
  kept_.clear();
}

void CommandOutput::take(std::string_view bytes) {
  if (!is_kept_) return say(bytes);
  const std::size_t room = kMostKept - kept_.size();
  kept_ += bytes.substr(0, room);
  is_truncated_ = is_truncated_ || bytes.size() > room;
}

CommandOutput::Reading CommandOutput::read_some() {
  std::array<char, kReadAtOnce> piece;
  const ssize_t size = ::read(pipe_->readable.native_handle(), piece.data(), piece.size());
  if (size < 0 && errno == EINTR) return Reading::Some;
  if (size < 0 && errno == EAGAIN) return is_finished_ ? Reading::Ended : Reading::Nothing;
  if (size <= 0) return Reading::Ended;
  take({piece.data(), static_cast<std::size_t>(size)});
  if (is_finished_) left_over_ += static_cast<std::size_t>(size);
  return left_over_ < kMostAfterEnd ? Reading::Some : Reading::Ended;
}

asio::awaitable<void> CommandOutput::carry() {
  for (;;) {
    const Reading reading = read_some();
    if (reading == Reading::Ended) break;
    if (reading == Reading::Some) {
      co_await log_.room();
      continue;
    }
    co_await pipe_->readable.async_wait(asio::posix::stream_descriptor::wait_read,
                                        asio::as_tuple(asio::use_awaitable));
  }
  if (!is_kept_ && !kept_.empty()) say("\n");
  stream_.reset();  // says what it held back
}

void CommandOutput::finish() {
  is_finished_ = true;
  pipe_->readable.cancel();
}

}  // namespace ostler::plugin_host
