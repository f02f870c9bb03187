// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

/// What a person does with builds and jobs. Source: docs/commands.md. `artifact download` and
/// `build cancel` are the genuine agent's where a job speaks (server_flags.hpp).
namespace ostler::cli {

int run_annotation_list(const Arguments& arguments);
int run_artifact_download(const Arguments& arguments);
int run_artifact_list(const Arguments& arguments);
int run_build_cancel(const Arguments& arguments);
int run_build_create(const Arguments& arguments);
int run_build_list(const Arguments& arguments);
int run_build_log(const Arguments& arguments);
int run_build_open(const Arguments& arguments);
int run_build_rebuild(const Arguments& arguments);
int run_build_retry(const Arguments& arguments);
int run_build_show(const Arguments& arguments);
int run_build_watch(const Arguments& arguments);
int run_job_cancel(const Arguments& arguments);
int run_job_env(const Arguments& arguments);
int run_job_shell_command(const Arguments& arguments);
int run_job_log(const Arguments& arguments);
int run_job_retry(const Arguments& arguments);
int run_job_unblock(const Arguments& arguments);
int run_job_why(const Arguments& arguments);
int run_job_events(const Arguments& arguments);

}  // namespace ostler::cli
