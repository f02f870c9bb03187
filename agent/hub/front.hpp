// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/web/web.hpp"
#include "net/http_server.hpp"

namespace ostler::hub {

/// The first handler of the hub's listener: hands a request to the part that its path names.
class Front final : public net::RequestHandler {
 public:
  Front(net::RequestHandler& agent_api, net::RequestHandler& rest_api, net::RequestHandler& blobs,
        net::RequestHandler& well_known, net::RequestHandler& monitor, Web& web)
      : agent_api_(agent_api),
        rest_api_(rest_api),
        blobs_(blobs),
        well_known_(well_known),
        monitor_(monitor),
        web_(web) {}

  boost::asio::awaitable<net::ServerResponse> handle(net::ServerRequest& request) override;

 private:
  net::RequestHandler& agent_api_;
  net::RequestHandler& rest_api_;
  net::RequestHandler& blobs_;
  net::RequestHandler& well_known_;
  net::RequestHandler& monitor_;
  Web& web_;  ///< for browsers
};

}  // namespace ostler::hub
