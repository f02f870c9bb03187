// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/http_server.hpp"

namespace ostler::hub {

/// Answers 500 where a handler throws, against its contract: such a fault costs one request, and is
/// logged, but never the hub with all that it serves. A want of memory goes through, to end it.
class FaultBarrier final : public net::RequestHandler {
 public:
  /// `inner` outlives it.
  explicit FaultBarrier(net::RequestHandler& inner) : inner_(inner) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  net::RequestHandler& inner_;
};

}  // namespace ostler::hub
