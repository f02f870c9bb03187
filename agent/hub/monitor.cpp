// SPDX-License-Identifier: Apache-2.0
#include "hub/monitor.hpp"

#include <optional>
#include <utility>

namespace ostler::hub {
namespace {

using net::ServerResponse;

/// Anybody may ask, as often as he likes: the store is asked once a second.
constexpr std::chrono::seconds kFreshness{1};
constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kMetricsText = "text/plain; version=0.0.4; charset=utf-8";

ServerResponse answer(int status, const char* type, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = std::move(body);
  return response;
}

}  // namespace

boost::asio::awaitable<ServerResponse> Monitor::handle(net::ServerRequest& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    auto refused = answer(405, kText, "only GET is served here\n");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    co_return refused;
  }
  const auto& segments = request.parts.segments;
  const bool is_health = segments.size() == 1 && segments.front() == "healthz";
  const bool is_metrics = segments.size() == 1 && segments.front() == "metrics";
  if (!is_health && !is_metrics) co_return answer(404, kText, "nothing is here\n");
  const auto known = co_await levels();
  if (!known) {
    co_return answer(503, kText,
                     "ERROR: the store does not answer: " + known.error().message() + "\n");
  }
  if (is_metrics) co_return answer(200, kMetricsText, text(known.value()));
  const auto room = disk_.admit();
  co_return answer(200, kText, room ? "OK\n" : "OK, but " + room.error().message() + "\n");
}

boost::asio::awaitable<Result<store::Levels>> Monitor::levels() {
  const auto now = clock_.since_boot();
  auto fresh = known_.with([now](Known& known) {
    return now < known.until ? std::optional(known.levels) : std::nullopt;
  });
  if (fresh) co_return std::move(*fresh);
  OSTLER_CO_TRY(auto levels, co_await store_.levels());
  known_.with([&](Known& known) { known = {now + kFreshness, levels}; });
  co_return levels;
}

std::string Monitor::text(const store::Levels& levels) {
  const auto space = disk_.space();
  diag::HubLevels all;
  for (const auto& [state, count] : levels.jobs) {
    all.jobs.emplace_back(to_string(state), count);
  }
  all.connected_agents = levels.connected_agents;
  all.commits = levels.commits;
  all.commands = levels.commands;
  all.disk_bytes = space.total;
  all.disk_free_bytes = space.available;
  return metrics_.text(all);
}

}  // namespace ostler::hub
