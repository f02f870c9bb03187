// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/commands.hpp"

namespace ostler::cli {

int run_agent_start(const Arguments& arguments);
int run_artifact_download(const Arguments& arguments);
int run_artifact_upload(const Arguments& arguments);
int run_help(const Arguments& arguments);
int run_hub(const Arguments& arguments);
int run_job_checkout(const Arguments& arguments);
int run_run(const Arguments& arguments);
int run_version(const Arguments& arguments);

}  // namespace ostler::cli
