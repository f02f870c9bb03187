// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/routes.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::array kJobRoutes = {
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs", "read_builds",
          list_jobs},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/annotations",
          "read_builds", list_annotations},
    Route{"GET", "organizations/:org/jobs/:job/annotations", "read_builds", list_annotations},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job", "read_builds",
          get_job},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log",
          "read_build_logs", get_log},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log.txt",
          "read_build_logs", get_log_text},
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
    Route{"GET", "organizations/:org/jobs/:job/log", "read_build_logs", get_log},
    Route{"GET", "organizations/:org/jobs/:job/log.txt", "read_build_logs", get_log_text},
    Route{"GET", "organizations/:org/jobs/:job/env", "read_job_env", get_env},
    Route{"GET", "organizations/:org/jobs/:job/env.txt", "read_job_env", get_env_text},
    Route{"GET", "organizations/:org/jobs/:job/artifacts", "read_artifacts", list_artifacts},
    Route{"GET", "organizations/:org/jobs/:job/artifacts/:artifact", "read_artifacts",
          get_artifact},
    Route{"GET", "organizations/:org/jobs/:job/artifacts/:artifact/download", "read_artifacts",
          download_artifact},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log/stream",
          "read_build_logs", stream_log},
    Route{"DELETE",
          "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/artifacts/:artifact",
          "write_artifacts", delete_artifact},
    Route{"DELETE", "organizations/:org/jobs/:job/artifacts/:artifact", "write_artifacts",
          delete_artifact},
    Route{"GET", "organizations/:org/jobs/:job/log/stream", "read_build_logs", stream_log},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/retry",
          "write_builds", retry_job},
    Route{"PUT", "organizations/:org/jobs/:job/retry", "write_builds", retry_job},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/unblock",
          "write_builds", unblock_job},
    Route{"PUT", "organizations/:org/jobs/:job/unblock", "write_builds", unblock_job},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/cancel",
          "write_builds", cancel_job},
    Route{"PUT", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/reprioritize",
          "write_builds", reprioritize_job},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/why",
          "read_builds", explain_job},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log.html",
          "read_build_logs", get_log_html},
    Route{"DELETE", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/log",
          "write_build_logs", delete_log},
    Route{"POST", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/annotations",
          "write_builds", create_annotation},
    Route{"DELETE",
          "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/annotations/:annotation",
          "write_builds", delete_annotation},
    Route{"GET", "organizations/:org/pipelines/:pipeline/builds/:build/jobs/:job/events",
          "read_builds", list_job_events},
    Route{"GET", "organizations/:org/jobs/:job/events", "read_builds", list_job_events},
    Route{"PUT", "organizations/:org/jobs/:job/cancel", "write_builds", cancel_job},
    Route{"PUT", "organizations/:org/jobs/:job/reprioritize", "write_builds", reprioritize_job},
    Route{"GET", "organizations/:org/jobs/:job/why", "read_builds", explain_job},
    Route{"GET", "organizations/:org/jobs/:job/log.html", "read_build_logs", get_log_html},
    Route{"DELETE", "organizations/:org/jobs/:job/log", "write_build_logs", delete_log},
    Route{"POST", "organizations/:org/jobs/:job/annotations", "write_builds", create_annotation},
    Route{"DELETE", "organizations/:org/jobs/:job/annotations/:annotation", "write_builds",
          delete_annotation},
};

}  // namespace

std::span<const Route> job_routes() { return kJobRoutes; }

}  // namespace ostler::rest_api
