// SPDX-License-Identifier: Apache-2.0
#include "hub/front.hpp"

#include "base/clock.hpp"
#include "wire/agent_api.hpp"
#include "wire/agent_edge.hpp"
#include "wire/rest_json.hpp"

namespace ostler::hub {
namespace {

/// With the hub's time, by which others can tell whether their clocks agree. Source: rest-api, 1.
std::string greeting() {
  constexpr std::int64_t kMicrosPerSecond = 1'000'000;
  return wire::JsonObjectText()
      .text("message", "this is an Ostler hub")
      .number("timestamp", SystemClock().now().micros / kMicrosPerSecond)
      .finish();
}

}  // namespace

boost::asio::awaitable<net::ServerResponse> Front::handle(net::ServerRequest& request) {
  const auto& segments = request.parts.segments;
  const std::string_view room = segments.empty() ? "" : std::string_view(segments.front());
  if (room == "v3" || room == wire::kEdgeService) co_return co_await agent_api_.handle(request);
  if (room == "v2") {
    if (auto refused = web_.let_in(request)) co_return std::move(*refused);
    co_return co_await rest_api_.handle(request);
  }
  if (room == "blobs") co_return co_await blobs_.handle(request);
  if (room == ".well-known") co_return co_await well_known_.handle(request);
  if (room == "healthz" || room == "metrics") co_return co_await monitor_.handle(request);
  if (Web::wants_page(request)) co_return co_await web_.handle(request);
  if (room.empty()) co_return net::json_response(200, greeting());
  co_return net::json_response(404, wire::encode_message("nothing is here"));
}

}  // namespace ostler::hub
