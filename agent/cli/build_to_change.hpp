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

/// What to type for one more build of the same commit: "\"ostler build rebuild app/42\" builds its
/// commit again".
std::string how_to_rebuild(const wire::RestBuildAnswer& build);

/// An error of a request that changes something. One that the hub refused, as what it is about
/// stands, ends with `next`: what to type instead. Others are as they were.
Error with_next_step(Error error, const std::string& next);

}  // namespace ostler::cli
