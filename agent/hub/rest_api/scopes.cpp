// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/routes.hpp"

namespace ostler::rest_api {

std::vector<std::string> grantable_scopes() {
  return {"graphql",
          "read_agents",
          "read_artifacts",
          "read_audit_events",
          "read_build_logs",
          "read_builds",
          "read_clusters",
          "read_job_env",
          "read_notification_services",
          "read_organizations",
          "read_pipelines",
          "read_plugins",
          "read_secrets_details",
          "read_teams",
          "read_user",
          "write_agents",
          "write_artifacts",
          "write_build_logs",
          "write_builds",
          "write_clusters",
          "write_notification_services",
          "write_organizations",
          "write_pipelines",
          "write_plugins",
          "write_secrets",
          "write_teams"};
}

}  // namespace ostler::rest_api
