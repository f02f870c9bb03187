// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/routes.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::array kBuildRoutes = {
    Route{"GET", "builds", "read_builds", list_builds},
    Route{"GET", "organizations/:org/builds", "read_builds", list_builds},
    Route{"GET", "organizations/:org/builds/:build", "read_builds", get_build},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds", "read_builds", list_builds},
    Route{"POST", "organizations/:org/pipelines/:pipeline/builds", "write_builds", create_build},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build", "read_builds", get_build},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/cancel", "write_builds",
          cancel_build},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/rebuild", "write_builds",
          rebuild},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/events", "read_builds",
          stream_build_events},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/annotations", "read_builds",
          list_annotations},
    Route{"POST", "organizations/:org/pipelines/:pipeline/builds/:build/annotations",
          "write_builds", create_annotation},
    Route{"DELETE", "organizations/:org/pipelines/:pipeline/builds/:build/annotations/:annotation",
          "write_builds", delete_annotation},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/artifacts", "read_artifacts",
          list_artifacts},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/step-uploads", "read_builds",
          list_step_uploads},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/step-uploads/:upload",
          "read_builds", get_step_upload},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/retry_failed_jobs",
          "write_builds", retry_failed_jobs},
};

}  // namespace

std::span<const Route> build_routes() { return kBuildRoutes; }

}  // namespace ostler::rest_api
