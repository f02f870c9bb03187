// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/routes.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "hub/agent_api/handlers.hpp"
#include "net/path_pattern.hpp"
#include "wire/agent_edge.hpp"

namespace ostler::agent_api {
namespace {

constexpr std::size_t kNoBody = 64u << 10;  // tolerated, not read for its content
constexpr std::size_t kSmall = 256u << 10;
constexpr std::size_t kState = 448u << 10;  // a value of 64 KiB, each byte escaped
constexpr std::size_t kEvents = 3u << 20;   // a batch of an agent, escaped
constexpr std::size_t kLarge = 4u << 20;
constexpr std::size_t kAnnotation = 7u << 20;  // a body of 1 MiB, each byte escaped
constexpr std::size_t kChunk = 2u << 20;       // the largest chunk, should gzip not make it smaller

constexpr bool kReportsLate = true;

constexpr std::array kRoutes = {
    Route{"POST", "register", Access::Registration, kSmall, register_agent},
    Route{"GET", "token", Access::Registration, kNoBody, describe_token},
    Route{"GET", "metrics", Access::Registration, kNoBody, queues_metrics},
    Route{"GET", "metrics/queue", Access::Registration, kNoBody, queue_metrics},
    Route{"POST", "connect", Access::Session, kNoBody, connect},
    Route{"POST", "disconnect", Access::Session, kNoBody, disconnect},
    Route{"GET", "ping", Access::Session, kNoBody, ping},
    Route{"POST", "heartbeat", Access::Session, kSmall, heartbeat},
    Route{"POST", "pause", Access::AnyJob, kSmall, pause_agent},
    Route{"POST", "resume", Access::AnyJob, kNoBody, resume_agent},
    Route{"POST", "stop", Access::AnyJob, kSmall, stop_agent},

    Route{"PUT", "jobs/:id/accept", Access::Session, kNoBody, accept},
    Route{"PUT", "jobs/:id/acquire", Access::Session, kNoBody, acquire},
    Route{"PUT", "jobs/:id/start", Access::Job, kSmall, start},
    Route{"POST", "jobs/:id/chunks", Access::Job, kChunk, append_chunk, kReportsLate},
    Route{"POST", "jobs/:id/header_times", Access::Job, kSmall, ignore_header_times},
    Route{"GET", "jobs/:id", Access::Job, kNoBody, job_state},
    Route{"PUT", "jobs/:id/finish", Access::Job, kSmall, finish, kReportsLate},

    Route{"POST", "jobs/:id/data/set", Access::Job, kSmall, set_meta_datum},
    Route{"POST", "jobs/:id/data/set-batch", Access::Job, kLarge, set_meta_data_batch},
    Route{"POST", "jobs/:id/data/get", Access::Job, kSmall, get_meta_datum},
    Route{"POST", "jobs/:id/data/exists", Access::Job, kSmall, meta_datum_exists},
    Route{"POST", "jobs/:id/data/keys", Access::Job, kSmall, meta_data_keys},
    Route{"POST", "builds/:id/data/get", Access::AnyJob, kSmall, get_meta_datum},
    Route{"POST", "builds/:id/data/exists", Access::AnyJob, kSmall, meta_datum_exists},
    Route{"POST", "builds/:id/data/keys", Access::AnyJob, kSmall, meta_data_keys},

    Route{"POST", "jobs/:id/pipelines", Access::Job, kLarge, upload_pipeline},
    Route{"GET", "jobs/:id/pipelines/:any", Access::Job, kNoBody, pipeline_upload_status},

    Route{"POST", "jobs/:id/annotations", Access::Job, kAnnotation, annotate},
    Route{"DELETE", "jobs/:id/annotations/:any", Access::Job, kNoBody, remove_annotation},

    Route{"POST", "steps/:id/export", Access::AnyJob, kSmall, export_step},
    Route{"PUT", "steps/:id", Access::AnyJob, kSmall, update_step},
    Route{"POST", "steps/:id/cancel", Access::AnyJob, kSmall, cancel_step},
    Route{"POST", "builds/:id/cancel", Access::AnyJob, kNoBody, cancel_build},
    Route{"PUT", "jobs/:id", Access::Job, kSmall, update_job},
    Route{"PUT", "jobs/:id/promise_failure", Access::JobAlone, kSmall, promise_failure},

    Route{"POST", "jobs/:id/artifacts", Access::Job, kLarge, create_artifacts},
    Route{"PUT", "jobs/:id/artifacts", Access::Job, kLarge, update_artifacts, kReportsLate},
    Route{"GET", "builds/:id/artifacts/search", Access::AnyJob, kNoBody, search_artifacts},

    Route{"GET", "jobs/:id/secrets", Access::Job, kNoBody, get_secret},
    Route{"POST", "jobs/:id/oidc/tokens", Access::Job, kSmall, request_oidc_token},
    Route{"POST", "jobs/:id/repository_access_token", Access::Job, kSmall,
          request_repository_token},
    // Agents from 3.63 to 3.135.
    Route{"POST", "jobs/:id/github_code_access_token", Access::Job, kSmall,
          request_repository_token},

    Route{"POST", "jobs/:id/events", Access::Job, kEvents, keep_events, kReportsLate},
    Route{"POST", "jobs/:id/ostler/locks/take", Access::Job, kSmall, take_lock},
    Route{"POST", "jobs/:id/ostler/locks/leave", Access::Job, kSmall, leave_lock},
    Route{"PUT", "jobs/:id/ostler/secrets", Access::JobAlone, kState, put_secret},
    Route{"POST", "jobs/:id/ostler/state/get", Access::Job, kSmall, get_plugin_state},
    Route{"POST", "jobs/:id/ostler/state/change", Access::Job, kState, change_plugin_state},
    Route{"POST", "jobs/:id/ostler/state/keys", Access::Job, kSmall, list_plugin_state_keys},

    Route{"GET", "plugins/:any", Access::AnyJob, kNoBody, download_plugin},

    Route{"GET", "cache_registries/:any", Access::AnyJob, kNoBody, describe_cache_registry},
    Route{"POST", "cache_registries/:any/peek", Access::AnyJob, kSmall, peek_cache},
    Route{"PUT", "cache_registries/:any/store", Access::AnyJob, kSmall, store_cache},
    Route{"PUT", "cache_registries/:any/commit", Access::AnyJob, kSmall, commit_cache},
    Route{"POST", "cache_registries/:any/retrieve", Access::AnyJob, kSmall, retrieve_cache},
    Route{"POST", "cache_registries/:any/expire", Access::AnyJob, kSmall, expire_cache},
};

/// Not below /v3: agents look for it at the root, whatever path their endpoint has.
constexpr Route kStream{"POST", "", Access::Session, 4u << 10, stream_pings};

bool is_stream(std::span<const std::string> segments) {
  return segments.size() == 2 && segments[0] == wire::kEdgeService &&
         segments[1] == wire::kStreamPings;
}

/// What stands for ":id"; empty when the pattern has none.
std::string id_of(net::PathParameters parameters) {
  const auto found = std::ranges::find(parameters, "id", &net::PathParameters::value_type::first);
  return found == parameters.end() ? std::string() : std::move(found->second);
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

RouteMatch find_route(std::string_view method, std::span<const std::string> segments) {
  if (is_stream(segments)) return {method == kStream.method ? &kStream : nullptr, {}};
  if (segments.empty() || segments.front() != "v3") return {};
  segments = segments.subspan(1);
  for (const Route& route : kRoutes) {
    if (route.method != method) continue;
    if (auto found = net::match_path(route.pattern, segments)) {
      return {&route, id_of(std::move(*found))};
    }
  }
  return {};
}

}  // namespace ostler::agent_api
