// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/routes.hpp"

#include <array>

#include "hub/rest_api/handlers.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::array kRoutes = {
    Route{"GET", "meta", kNoToken, get_meta},
    Route{"GET", "access-token", kAnyToken, get_access_token},
    Route{"GET", "user", "read_user", get_user},
    Route{"GET", "builds", "read_builds", list_builds},

    Route{"GET", "organizations", "read_organizations", list_organizations},
    Route{"GET", "organizations/:org", "read_organizations", get_organization},
    Route{"GET", "organizations/:org/emojis", kAnyToken, list_emojis},
    Route{"GET", "organizations/:org/builds", "read_builds", list_builds},
    Route{"GET", "organizations/:org/builds/:build", "read_builds", get_build},

    Route{"GET", "organizations/:org/clusters", "read_clusters", list_clusters},
    Route{"POST", "organizations/:org/clusters", "write_clusters", create_cluster},
    Route{"GET", "organizations/:org/clusters/:cluster", "read_clusters", get_cluster},
    Route{"PUT", "organizations/:org/clusters/:cluster", "write_clusters", update_cluster},
    Route{"PATCH", "organizations/:org/clusters/:cluster", "write_clusters", update_cluster},
    Route{"DELETE", "organizations/:org/clusters/:cluster", "write_clusters", delete_cluster},
    Route{"GET", "organizations/:org/clusters/:cluster/queues", "read_clusters", list_queues},
    Route{"POST", "organizations/:org/clusters/:cluster/queues", "write_clusters", create_queue},
    Route{"GET", "organizations/:org/clusters/:cluster/queues/:queue", "read_clusters", get_queue},
    Route{"PUT", "organizations/:org/clusters/:cluster/queues/:queue", "write_clusters",
          update_queue},
    Route{"PATCH", "organizations/:org/clusters/:cluster/queues/:queue", "write_clusters",
          update_queue},
    Route{"DELETE", "organizations/:org/clusters/:cluster/queues/:queue", "write_clusters",
          delete_queue},
    Route{"POST", "organizations/:org/clusters/:cluster/queues/:queue/pause_dispatch",
          "write_clusters", pause_queue},
    Route{"POST", "organizations/:org/clusters/:cluster/queues/:queue/resume_dispatch",
          "write_clusters", resume_queue},
    Route{"GET", "organizations/:org/clusters/:cluster/tokens", "read_clusters", list_agent_tokens},
    Route{"POST", "organizations/:org/clusters/:cluster/tokens", "write_clusters",
          create_agent_token},
    Route{"GET", "organizations/:org/clusters/:cluster/tokens/:token", "read_clusters",
          get_agent_token},
    Route{"PUT", "organizations/:org/clusters/:cluster/tokens/:token", "write_clusters",
          update_agent_token},
    Route{"PATCH", "organizations/:org/clusters/:cluster/tokens/:token", "write_clusters",
          update_agent_token},
    Route{"DELETE", "organizations/:org/clusters/:cluster/tokens/:token", "write_clusters",
          delete_agent_token},

    Route{"GET", "organizations/:org/clusters/:cluster/secrets", "read_secrets_details",
          list_secrets},
    Route{"POST", "organizations/:org/clusters/:cluster/secrets", "write_secrets", create_secret},
    Route{"GET", "organizations/:org/clusters/:cluster/secrets/:secret", "read_secrets_details",
          get_secret},
    Route{"PUT", "organizations/:org/clusters/:cluster/secrets/:secret", "write_secrets",
          update_secret},
    Route{"PUT", "organizations/:org/clusters/:cluster/secrets/:secret/value", "write_secrets",
          set_secret_value},
    Route{"DELETE", "organizations/:org/clusters/:cluster/secrets/:secret", "write_secrets",
          delete_secret},

    Route{"GET", "organizations/:org/pipelines", "read_pipelines", list_pipelines},
    Route{"POST", "organizations/:org/pipelines", "write_pipelines", create_pipeline},
    Route{"GET", "organizations/:org/pipelines/:pipeline", "read_pipelines", get_pipeline},
    Route{"PATCH", "organizations/:org/pipelines/:pipeline", "write_pipelines", change_pipeline},

    Route{"GET", "organizations/:org/pipelines/:pipeline/builds", "read_builds", list_builds},
    Route{"POST", "organizations/:org/pipelines/:pipeline/builds", "write_builds", create_build},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build", "read_builds", get_build},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/cancel", "write_builds",
          cancel_build},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/events", "read_builds",
          stream_build_events},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/retry_failed_jobs",
          "write_builds", retry_failed_jobs},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/annotations", "read_builds",
          list_annotations},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/annotations",
          "read_builds", list_annotations},
    Route{"GET", "organizations/:org/jobs/:job/annotations", "read_builds", list_annotations},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/artifacts", "read_artifacts",
          list_artifacts},

    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job", "read_builds",
          get_job},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/retry",
          "write_builds", retry_job},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log",
          "read_build_logs", get_log},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log.txt",
          "read_build_logs", get_log_text},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log/stream",
          "read_build_logs", stream_log},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/env",
          "read_job_env", get_env},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/env.txt",
          "read_job_env", get_env_text},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/artifacts",
          "read_artifacts", list_artifacts},
    Route{"GET",
          "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/artifacts/:artifact",
          "read_artifacts", get_artifact},
    Route{"GET",
          "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/artifacts/:artifact/"
          "download",
          "read_artifacts", download_artifact},

    Route{"GET", "organizations/:org/jobs/:job", "read_builds", get_job},
    Route{"PUT", "organizations/:org/jobs/:job/retry", "write_builds", retry_job},
    Route{"GET", "organizations/:org/jobs/:job/log", "read_build_logs", get_log},
    Route{"GET", "organizations/:org/jobs/:job/log.txt", "read_build_logs", get_log_text},
    Route{"GET", "organizations/:org/jobs/:job/log/stream", "read_build_logs", stream_log},
    Route{"GET", "organizations/:org/jobs/:job/env", "read_job_env", get_env},
    Route{"GET", "organizations/:org/jobs/:job/env.txt", "read_job_env", get_env_text},
    Route{"GET", "organizations/:org/jobs/:job/artifacts", "read_artifacts", list_artifacts},
    Route{"GET", "organizations/:org/jobs/:job/artifacts/:artifact", "read_artifacts",
          get_artifact},
    Route{"GET", "organizations/:org/jobs/:job/artifacts/:artifact/download", "read_artifacts",
          download_artifact},
};

std::string_view take_segment(std::string_view& pattern) {
  const std::string_view segment = pattern.substr(0, pattern.find('/'));
  pattern.remove_prefix(std::min(pattern.size(), segment.size() + 1));
  return segment;
}

std::optional<PathParameters> match(std::string_view pattern,
                                    std::span<const std::string> segments) {
  PathParameters parameters;
  for (const std::string& segment : segments) {
    if (pattern.empty()) return std::nullopt;
    const std::string_view expected = take_segment(pattern);
    if (expected.starts_with(':')) {
      parameters.emplace_back(expected.substr(1), segment);
    } else if (expected != segment) {
      return std::nullopt;
    }
  }
  if (!pattern.empty()) return std::nullopt;
  return parameters;
}

bool answers(const Route& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

void allow(std::string& methods, std::string_view method) {
  if (!methods.empty()) methods += ", ";
  methods += method == "GET" ? "GET, HEAD" : method;
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

RouteSearch find_route(std::span<const Route> table, std::string_view method,
                       std::span<const std::string> segments) {
  OtherMethods others;
  for (const Route& route : table) {
    auto parameters = match(route.pattern, segments);
    if (!parameters) continue;
    if (answers(route, method)) return RouteMatch{&route, std::move(*parameters)};
    allow(others.allow, route.method);
  }
  if (others.allow.empty()) return NoSuchPath{};
  others.allow += ", OPTIONS";
  return others;
}

}  // namespace ostler::rest_api
