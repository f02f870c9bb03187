// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/routes.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::array kPipelineRoutes = {
    Route{"GET", "organizations/:org/pipelines", "read_pipelines", list_pipelines},
    Route{"POST", "organizations/:org/pipelines", "write_pipelines", create_pipeline},
    Route{"GET", "organizations/:org/pipelines/:pipeline", "read_pipelines", get_pipeline},
    Route{"PATCH", "organizations/:org/pipelines/:pipeline", "write_pipelines", update_pipeline},
    Route{"POST", "organizations/:org/pipelines/:pipeline/archive", "write_pipelines",
          archive_pipeline},
    Route{"POST", "organizations/:org/pipelines/:pipeline/unarchive", "write_pipelines",
          unarchive_pipeline},
    Route{"POST", "organizations/:org/pipelines/:pipeline/webhook", "write_pipelines",
          create_repository_webhook},
    Route{"DELETE", "organizations/:org/pipelines/:pipeline", "write_pipelines", delete_pipeline},
};

}  // namespace

std::span<const Route> pipeline_routes() { return kPipelineRoutes; }

}  // namespace ostler::rest_api
