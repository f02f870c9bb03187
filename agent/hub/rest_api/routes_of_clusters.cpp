// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/routes.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::array kClusterRoutes = {
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
};

}  // namespace

std::span<const Route> cluster_routes() { return kClusterRoutes; }

}  // namespace ostler::rest_api
