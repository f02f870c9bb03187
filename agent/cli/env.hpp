// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

// The job's environment: what the phases that follow will get. Source: job-lifecycle 8.2.
namespace ostler::cli {

int env_get(const Arguments& arguments);
int env_set(const Arguments& arguments);
int env_unset(const Arguments& arguments);
/// This process's own environment, as JSON.
int env_dump(const Arguments& arguments);

}  // namespace ostler::cli
