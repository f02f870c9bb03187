// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/box_output.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace ostler::plugin_host {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kOutputPiece = 32 << 10;
constexpr std::size_t kMostLeftOver = 4 << 20;  // more than pipe and socket hold together

}  // namespace

struct BoxOutput::Pipe {
  asio::posix::stream_descriptor end;
};

BoxOutput::BoxOutput(const asio::any_io_executor& executor, StepLog& log)
    : log_(log), pipe_(new Pipe{asio::posix::stream_descriptor(executor)}) {}

BoxOutput::~BoxOutput() = default;

void BoxOutput::adopt(UniqueFd pipe) { pipe_->end.assign(pipe.release()); }

/// False when there is nothing to carry now, or no more at all.
bool BoxOutput::carry_some(std::size_t& carried) {
  std::array<char, kOutputPiece> piece;
  errno = 0;  // at the end of the pipe read() leaves it as it was
  const ssize_t size = ::read(pipe_->end.native_handle(), piece.data(), piece.size());
  if (size < 0 && errno == EINTR) return true;
  if (size <= 0) return false;
  carried += static_cast<std::size_t>(size);
  log_.output({piece.data(), static_cast<std::size_t>(size)});
  return true;
}

asio::awaitable<void> BoxOutput::carry() {
  std::size_t carried = 0;
  while (!is_over_) {
    if (carry_some(carried)) {
      co_await log_.room();
      // Lets all else of the loop have its turn: a plugin may write faster than we read.
      co_await asio::post(pipe_->end.get_executor(), asio::use_awaitable);
      continue;
    }
    const auto [ec] = co_await pipe_->end.async_wait(asio::posix::stream_descriptor::wait_read,
                                                     asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    std::size_t more = 0;
    if (!carry_some(more) && errno != EAGAIN) co_return;  // the last writer is gone
  }
}

void BoxOutput::cancel() {
  is_over_ = true;
  pipe_->end.cancel();
}

asio::awaitable<void> BoxOutput::carry_rest() {
  for (std::size_t carried = 0; carried < kMostLeftOver && carry_some(carried);) {
    co_await log_.room();
  }
}

}  // namespace ostler::plugin_host
