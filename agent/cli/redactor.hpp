// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

/// `redactor add`: hides texts in what the job prints from now on. Source: job-lifecycle 3.7, 8.2.
int redactor_add(const Arguments& arguments);

}  // namespace ostler::cli
