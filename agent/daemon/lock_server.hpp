// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/clock.hpp"
#include "lock/lock_table.hpp"
#include "net/http_server.hpp"

namespace ostler::daemon {

/// Hears of every change of a table, before it is answered.
class LockListener {
 public:
  virtual ~LockListener() = default;
  virtual void changed() = 0;
};

/// Answers the lock calls of one machine, as the genuine agent does. A PATCH may ask to wait in the
/// key's queue: `&wait=SECONDS`, 3600 at most. Source: agent-api 4.2. Runs on: one thread.
class LockServer final : public net::RequestHandler {
 public:
  LockServer(lock::LockTable& table, LockListener& listener, const Clock& clock)
      : table_(table), listener_(listener), clock_(clock) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  boost::asio::awaitable<net::ServerResponse> patch(net::ServerRequest& request, std::string key);
  boost::asio::awaitable<lock::Swap> wait_in_line(net::ServerRequest& request, std::string key,
                                                  std::string expected, std::string next);

  lock::LockTable& table_;
  LockListener& listener_;
  const Clock& clock_;
};

}  // namespace ostler::daemon
