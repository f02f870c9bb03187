// SPDX-License-Identifier: Apache-2.0
#include "net/io_deadline.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>

namespace ostler::net {

namespace asio = boost::asio;
using boost::system::error_code;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kAgain{100};

}  // namespace

struct IoDeadline::Timer {
  asio::steady_timer timer;
};

IoDeadline::IoDeadline(const asio::any_io_executor& strand)
    : timer_(std::make_unique<Timer>(Timer{asio::steady_timer(strand)})) {}
IoDeadline::~IoDeadline() = default;

void IoDeadline::stop() { timer_->timer.cancel(); }

void IoDeadline::begin(std::chrono::milliseconds limit) {
  expired_ = false;
  due_ = SteadyClock::now() + limit;
  if (!armed_ || timer_->timer.expiry() > due_) arm();
}

/// The timer is left running when a deadline moves away: most never come, and moving a timer for
/// each read and write would cost more than a wake-up now and then.
void IoDeadline::arm() {
  armed_ = true;
  timer_->timer.expires_at(due_);
  timer_->timer.async_wait([weak = weak_from_this()](error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->armed_ = false;
    if (self->due_ == kNever) return;
    if (SteadyClock::now() < self->due_) return self->arm();
    self->expired_ = true;
    self->cancel_io();
    // An operation of several steps may have been between two of them, where nothing can be
    // cancelled: again, until it has ended.
    self->due_ = SteadyClock::now() + kAgain;
    self->arm();
  });
}

Error IoDeadline::end(const error_code& error) {
  end();
  if (expired_) return Error(Errc::Timeout, "the peer is too slow");
  if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) {
    return Error(Errc::Cancelled, "the connection is being closed");
  }
  return Error(Errc::Unavailable, "the peer went away").with_native(error.value());
}

}  // namespace ostler::net
