// SPDX-License-Identifier: Apache-2.0
#include "daemon/registration.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include "agent_client/path.hpp"
#include "base/uuid.hpp"
#include "crypto/digest.hpp"
#include "diag/log.hpp"
#include "files/file.hpp"
#include "net/timers.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;

/// Of a server that does not say how long a lease is.
constexpr std::chrono::seconds kAssumedLease{150};
/// The one server that wants to be told that an agent listens to streams.
constexpr std::string_view kStreamingOrigin = "https://agent-edge.buildkite.com";
constexpr std::size_t kLargestText = 64u * 1024;

std::string text_of(const char* path) {
  auto text = files::read_file(path, kLargestText);
  return text ? std::move(text).value() : std::string();
}

/// The processor as the protocol names it.
std::string architecture(std::string_view machine) {
  if (machine == "x86_64") return "amd64";
  if (machine == "aarch64") return "arm64";
  return std::string(machine);
}

std::string machine_id() {
  const std::string id = text_of("/etc/machine-id");
  return id.empty() ? "" : crypto::sha256_hex(id);
}

std::string replace_all(std::string text, std::string_view what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string priority_of(const config::AgentConfig& config, int slot) {
  switch (config.spawn_with_priority) {
    case config::SpawnPriority::Static: break;
    case config::SpawnPriority::Ascending: return std::to_string(slot);
    case config::SpawnPriority::Descending: return std::to_string(-slot);
  }
  return config.priority;
}

/// Source: agent-api 2.1.
std::vector<std::string> features_of(const config::AgentConfig& config) {
  std::vector<std::string> features;
  const auto add = [&features](const char* name, bool on) {
    if (on) features.emplace_back(name);
  };
  add("git-mirrors", !config.git_mirrors_path.empty());
  add("streaming-pings", config.ping_mode != config::PingMode::PollOnly &&
                             agent_client::origin_of(config.endpoint) == kStreamingOrigin);
  add("acquire-job", !config.acquire_job.empty());
  add("disconnect-after-job", config.disconnect_after_job);
  add("disconnect-after-idle", config.disconnect_after_idle_timeout.count() > 0);
  add("disconnect-after-uptime", config.disconnect_after_uptime.count() > 0);
  add("no-plugins", config.no_plugins);
  add("no-script-eval", config.no_command_eval);
  add("no-http2", config.no_http2);
  return features;
}

void add_host_tags(wire::RegisterRequest& request) {
  request.meta_data.push_back("hostname=" + request.hostname);
  request.meta_data.emplace_back("os=linux");
  request.meta_data.push_back("arch=" + request.arch);
  if (!request.machine_id.empty()) request.meta_data.push_back("machine-id=" + request.machine_id);
}

SessionRecord record_of(const agent_client::Registered& registered, const std::string& endpoint,
                        int slot) {
  const wire::RegisterResponse& session = registered.session;
  SessionRecord record;
  record.key = Uuid::make().str();
  record.agent_id = session.id;
  record.name = session.name;
  record.token = session.access_token;
  record.endpoint = session.endpoint.empty() ? endpoint : session.endpoint;
  if (session.request_headers) record.request_headers = kept_headers(*session.request_headers);
  record.slot = slot;
  record.ping_interval = std::chrono::seconds(session.ping_interval);
  record.job_status_interval = std::chrono::seconds(session.job_status_interval);
  record.heartbeat_interval = std::chrono::seconds(session.heartbeat_interval);
  record.lease =
      session.lease_seconds ? std::chrono::seconds(*session.lease_seconds) : kAssumedLease;
  record.waits = registered.waits;
  return record;
}

}  // namespace

wire::RegisterRequest registration_of(const config::AgentConfig& config, int slot,
                                      std::string name) {
  utsname system{};
  ::uname(&system);
  wire::RegisterRequest request;
  request.name =
      name.empty() ? replace_all(config.name, "%spawn", std::to_string(slot)) : std::move(name);
  request.hostname = system.nodename;
  request.os = text_of("/etc/os-release");
  request.arch = architecture(system.machine);
  request.priority = priority_of(config, slot);
  request.version = OSTLER_VERSION;
  request.build = "x";
  request.meta_data = config.tags;
  request.pid = ::getpid();
  request.machine_id = machine_id();
  request.ignore_in_dispatches = !config.acquire_job.empty();
  request.script_eval_enabled = !config.no_command_eval;
  if (config.tags_from_host) add_host_tags(request);
  if (!config.no_feature_reporting) request.features = features_of(config);
  return request;
}

std::map<std::string, std::string> kept_headers(const std::map<std::string, std::string>& asked) {
  std::map<std::string, std::string> kept;
  for (const auto& [name, value] : asked) {
    if (name.starts_with("Buildkite-")) kept.emplace(name, value);
  }
  return kept;
}

asio::awaitable<Result<SessionRecord>> register_session(AgentParts& parts, int slot,
                                                        std::string name, bool persistent) {
  const agent_client::Peer server{parts.config.endpoint, parts.config.token, {}};
  const auto request = registration_of(parts.config, slot, std::move(name));
  auto registered = co_await parts.api.register_agent(server, request);
  while (!registered && registered.error().retryable() && persistent) {
    registered = co_await parts.api.register_agent(server, request);
  }
  if (!registered) co_return std::move(registered).error();
  SessionRecord record = record_of(registered.value(), server.endpoint, slot);
  OSTLER_CO_TRY(parts.state.save(record));
  const auto connected = co_await parts.api.connect(record.peer());
  if (connected) co_return record;
  const auto removed = parts.state.remove_session(record.key);
  if (!removed) diag::warn("a session stays stored", {{"error", removed.error().message()}});
  co_return connected.error();
}

}  // namespace ostler::daemon
