// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.hpp"

namespace ostler::cli {

int run_plugin_unpublish(const Arguments& arguments);

}  // namespace ostler::cli
