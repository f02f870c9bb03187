// SPDX-License-Identifier: Apache-2.0
#include "hub/front.hpp"

#include "wire/agent_api.hpp"
#include "wire/agent_edge.hpp"

namespace ostler::hub {

boost::asio::awaitable<net::ServerResponse> Front::handle(net::ServerRequest& request) {
  const auto& segments = request.parts.segments;
  const std::string_view room = segments.empty() ? "" : std::string_view(segments.front());
  if (room == "v3" || room == wire::kEdgeService) co_return co_await agent_api_.handle(request);
  if (room == "v2") co_return co_await rest_api_.handle(request);
  if (room == "blobs") co_return co_await blobs_.handle(request);
  if (room == ".well-known") co_return co_await well_known_.handle(request);
  if (room == "healthz" || room == "metrics") co_return co_await monitor_.handle(request);
  if (room.empty())
    co_return net::json_response(200, wire::encode_message("this is an Ostler hub"));
  co_return net::json_response(404, wire::encode_message("nothing is here"));
}

}  // namespace ostler::hub
