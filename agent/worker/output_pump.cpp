// SPDX-License-Identifier: Apache-2.0
#include "worker/output_pump.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

namespace ostler::worker {

namespace asio = boost::asio;

namespace {
constexpr std::size_t kRead = 64 << 10;        // bytes
constexpr std::size_t kMostDrained = 2 << 20;  // more than any pipe or terminal of ours holds
}  // namespace

struct OutputPump::Source {
  asio::posix::stream_descriptor descriptor;
  std::array<char, kRead> bytes;
  std::size_t drained = 0;
};

OutputPump::OutputPump(const asio::any_io_executor& executor, UniqueFd readable, JobLog& log)
    : source_(new Source{asio::posix::stream_descriptor(executor, readable.release()), {}, 0}),
      log_(log),
      redactor_(log.needles()) {}

OutputPump::~OutputPump() = default;

/// A terminal hands over all that was written before it says EAGAIN or, when its last writer is
/// gone, EIO; a pipe does the same with EOF.
OutputPump::Reading OutputPump::read_once() {
  const ssize_t size =
      ::read(source_->descriptor.native_handle(), source_->bytes.data(), source_->bytes.size());
  if (size > 0) {
    source_->drained += static_cast<std::size_t>(size);
    log_.output(redactor_, {source_->bytes.data(), static_cast<std::size_t>(size)});
    return Reading::Some;
  }
  if (size < 0 && errno == EINTR) return Reading::Some;
  if (size < 0 && errno == EAGAIN) return Reading::Nothing;
  return Reading::Ended;
}

asio::awaitable<void> OutputPump::run() {
  while (!stopped_) {
    const Reading reading = read_once();
    if (reading == Reading::Ended) break;
    if (reading == Reading::Some) {
      co_await log_.room();
    } else {
      co_await source_->descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                                              asio::as_tuple(asio::use_awaitable));
    }
  }
  log_.flush(redactor_);
}

asio::awaitable<void> OutputPump::drain() {
  source_->drained = 0;
  while (!stopped_ && source_->drained < kMostDrained && read_once() == Reading::Some) {
    co_await log_.room();
  }
  log_.flush(redactor_);
}

void OutputPump::stop() {
  stopped_ = true;
  source_->descriptor.cancel();
}

}  // namespace ostler::worker
