// SPDX-License-Identifier: Apache-2.0
#include "daemon/api_proxy.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "agent_client/path.hpp"
#include "wire/agent_api.hpp"

namespace ostler::daemon {
namespace {

constexpr std::array<std::string_view, 4> kMethods = {"GET", "POST", "PUT", "DELETE"};
/// Headers of an answer that a command may need.
constexpr std::array<const char*, 3> kPassedHeaders = {"Content-Type", "Retry-After", "Location"};

std::vector<std::string_view> segments(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  std::vector<std::string_view> found;
  while (true) {
    const std::size_t slash = path.find('/');
    found.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return found;
    path.remove_prefix(slash + 1);
  }
}

/// A segment that a client or server might read as a way out of the path.
bool climbs(std::string_view segment) {
  std::string plain;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const std::string_view rest = segment.substr(i);
    const bool is_dot = rest.starts_with("%2E") || rest.starts_with("%2e");
    plain += is_dot ? '.' : segment[i];
    if (is_dot) i += 2;
  }
  return plain.empty() || plain == "." || plain == "..";
}

/// Calls that steer the agent itself, which any of its jobs may.
bool is_agent_control(std::string_view path) {
  return path == "pause" || path == "resume" || path == "stop";
}

/// What a job may read of any build; whether it may is for the server to say. Source: job-lifecycle
/// 8.2, `--build`.
bool is_reading_of_build(std::string_view method, std::span<const std::string_view> parts) {
  if (parts.size() != 4) return false;
  if (method == "GET") return parts[2] == "artifacts" && parts[3] == "search";
  constexpr std::array<std::string_view, 3> kReads = {"get", "exists", "keys"};
  return method == "POST" && parts[2] == "data" &&
         std::ranges::find(kReads, parts[3]) != kReads.end();
}

/// What a job may keep for later ones, and find of earlier ones; the server says in which registry.
bool is_cache_call(std::string_view method, std::span<const std::string_view> parts) {
  constexpr std::array<std::string_view, 3> kPosts = {"peek", "retrieve", "expire"};
  if (parts.size() != 3) return false;
  if (method == "PUT") return parts[2] == "store" || parts[2] == "commit";
  return method == "POST" && std::ranges::find(kPosts, parts[2]) != kPosts.end();
}

bool has_unprintable(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c <= ' ' || c == 0x7f; });
}

}  // namespace

bool may_call(std::string_view method, std::string_view path, std::string_view job,
              std::string_view build) {
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) return false;
  const auto parts = segments(path);
  if (has_unprintable(path) || std::any_of(parts.begin(), parts.end(), climbs)) return false;
  if (parts.size() == 1) return method == "POST" && is_agent_control(parts[0]);
  if (parts[0] == "cache_registries") return is_cache_call(method, parts);
  if (parts[0] == "jobs") return parts[1] == agent_client::path_segment(job);
  if (parts[0] == "builds") {
    if (is_reading_of_build(method, parts)) return true;
    return !build.empty() && parts.size() > 2 && parts[1] == agent_client::path_segment(build);
  }
  return parts[0] == "steps";
}

boost::asio::awaitable<supervise::ApiReply> forward(agent_client::AgentApi& api,
                                                    agent_client::Peer peer, std::string job,
                                                    std::string build,
                                                    supervise::ApiRequest request) {
  supervise::ApiReply reply;
  reply.id = request.id;
  if (!may_call(request.method, request.path, job, build)) {
    reply.status = 403;
    reply.body = wire::encode_message("a job may not call " + request.method + " " + request.path);
    co_return reply;
  }
  auto answer = co_await api.forward(
      std::move(peer),
      {std::move(request.method), std::move(request.path), std::move(request.content_type),
       std::move(request.body), std::move(request.uuid), std::move(request.backoff_sequence)});
  if (!answer) {
    reply.status = 502;
    reply.body = wire::encode_message(answer.error().message());
    co_return reply;
  }
  reply.status = static_cast<std::uint16_t>(answer.value().status);
  for (const char* name : kPassedHeaders) {
    const auto value = answer.value().header(name);
    if (!value.empty()) reply.headers.emplace_back(name, value);
  }
  reply.body = std::move(answer.value().body);
  co_return reply;
}

}  // namespace ostler::daemon
