// SPDX-License-Identifier: Apache-2.0
#include "daemon/health_server.hpp"

#include <charconv>

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;
using net::ServerResponse;

constexpr std::string_view kText = "text/plain; charset=utf-8";

ServerResponse answer(int status, std::string_view type, std::string body) {
  ServerResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", type);
  response.body = std::move(body);
  return response;
}

/// "2.5s ago"
std::string ago(Timestamp then, Timestamp now) {
  const std::int64_t tenths = std::max<std::int64_t>(now.micros - then.micros, 0) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "s ago";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string page(const wire::LocalAgent& agent) {
  std::string html = "<!DOCTYPE html>\n<title>Agent status</title>\n<h1>Agent, process " +
                     std::to_string(agent.pid) +
                     (agent.is_paused ? ", paused on this machine" : "") + "</h1>\n<ul>\n";
  for (const auto& slot : agent.slots) {
    html += "<li>" + std::to_string(slot.number) + " " + escaped(slot.name) + ": " +
            std::string(to_string(slot.state));
    if (!slot.job.empty()) html += ", job " + escaped(slot.job);
    if (slot.since) html += ", since " + format_rfc3339(*slot.since);
    html += "</li>\n";
  }
  return html + "</ul>\n";
}

}  // namespace

asio::awaitable<ServerResponse> HealthServer::handle(net::ServerRequest& request) {
  constexpr std::string_view kAgent = "/agent/";
  const std::string_view target = request.target;
  const std::string_view path = target.substr(0, target.find('?'));
  if (request.method != "GET" && request.method != "HEAD") {
    co_return answer(405, kText, "only GET is served here\n");
  }
  if (path == "/") co_return answer(200, kText, "OK: Buildkite agent is running\n");
  if (path.starts_with(kAgent)) co_return heartbeat_of(path.substr(kAgent.size()));
  if (path == "/metrics") {
    co_return answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text());
  }
  if (path == "/status") co_return answer(200, "text/html; charset=utf-8", page(agent_.status()));
  if (path == "/status.json") co_return net::json_response(200, encode_health(agent_.status()));
  co_return answer(404, kText, "not found\n");
}

ServerResponse HealthServer::heartbeat_of(std::string_view text) const {
  int slot = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), slot);
  const bool is_number = fault == std::errc() && end == text.data() + text.size();
  const auto heartbeat = is_number ? agent_.heartbeat_of(slot) : std::nullopt;
  if (!heartbeat) return answer(404, kText, "no such slot\n");
  const auto& succeeded = heartbeat->succeeded_at;
  const std::string last =
      succeeded ? "last heartbeat successful " + ago(*succeeded, clock_.now()) : "no heartbeat yet";
  if (!heartbeat->failed_at) return answer(200, kText, "OK: " + last + "\n");
  return answer(500, kText,
                "ERROR: last heartbeat failed: " + heartbeat->failure + "; " + last + "\n");
}

}  // namespace ostler::daemon
