// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/command_output.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

namespace ostler::plugin_host {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kReadAtOnce = 32 << 10;   // bytes
constexpr std::size_t kMostAfterEnd = 1 << 20;  // what a pipe holds at most

}  // namespace

struct CommandOutput::Pipe {
  Pipe(const asio::any_io_executor& executor, int descriptor) : readable(executor, descriptor) {}
  asio::posix::stream_descriptor readable;
};

CommandOutput::~CommandOutput() = default;

CommandOutput::CommandOutput(const asio::any_io_executor& executor, UniqueFd readable,
                             std::shared_ptr<CommandSink> sink)
    : pipe_(std::make_unique<Pipe>(executor, readable.release())), sink_(std::move(sink)) {}

CommandOutput::Reading CommandOutput::read_some() {
  std::array<char, kReadAtOnce> piece;
  const ssize_t size = ::read(pipe_->readable.native_handle(), piece.data(), piece.size());
  if (size < 0 && errno == EINTR) return Reading::Some;
  if (size < 0 && errno == EAGAIN) return is_finished_ ? Reading::Ended : Reading::Nothing;
  if (size <= 0) return Reading::Ended;
  sink_->take({piece.data(), static_cast<std::size_t>(size)});
  if (is_finished_) left_over_ += static_cast<std::size_t>(size);
  return left_over_ < kMostAfterEnd ? Reading::Some : Reading::Ended;
}

/// A command that writes faster than it is read lets all else have its turn.
asio::awaitable<void> CommandOutput::carry() {
  for (;;) {
    const Reading reading = read_some();
    if (reading == Reading::Ended) break;
    if (reading == Reading::Some) {
      co_await sink_->room();
      co_await asio::post(pipe_->readable.get_executor(), asio::use_awaitable);
      continue;
    }
    co_await pipe_->readable.async_wait(asio::posix::stream_descriptor::wait_read,
                                        asio::as_tuple(asio::use_awaitable));
  }
  sink_->end();
}

void CommandOutput::finish() {
  is_finished_ = true;
  pipe_->readable.cancel();
  sink_->hurry();
}

}  // namespace ostler::plugin_host
