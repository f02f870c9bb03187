// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "cli/build_finder.hpp"

namespace ostler::cli {

/// The build that `command` ("build cancel") is to change. Of one that was named by neither number
/// nor id it says on standard error which it is, before anything happens to it.
/// Errors: those of BuildFinder; UserFault when nothing was named and no branch is checked out.
Result<FoundBuild> find_build_to_change(HubClient& hub, const std::string& reference,
                                        const std::string& command);

}  // namespace ostler::cli
