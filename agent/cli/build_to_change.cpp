// SPDX-License-Identifier: Apache-2.0
#include "cli/build_to_change.hpp"

#include "cli/build_reference.hpp"
#include "cli/exit.hpp"
#include "console/build_page.hpp"
#include "console/plain_text.hpp"

namespace ostler::cli {
namespace {

/// Without a branch the newest build is anybody's: good enough to be shown, not to be changed.
Result<void> require_branch(BuildFinder& finder, const std::string& command) {
  OSTLER_TRY(const std::string pipeline, finder.pipeline_here());
  OSTLER_TRY(const std::string branch, finder.branch_of(pipeline));
  if (!branch.empty()) return success();
  return Error(Errc::UserFault, command +
                                    ": no branch is checked out here, so there is no newest "
                                    "build of it; name one: PIPELINE/NUMBER");
}

}  // namespace

Result<FoundBuild> find_build_to_change(HubClient& hub, const std::string& reference,
                                        const std::string& command) {
  BuildFinder finder(hub, ".");
  if (reference.empty()) {
    OSTLER_TRY(require_branch(finder, command));
  }
  OSTLER_TRY(auto found, finder.find(reference));
  OSTLER_TRY(const auto named, parse_build_reference(reference));
  if (!named.number && named.id.empty()) {
    remark(command + ": " + console::build_name(found.build) + " of " +
           console::plain_line(found.build.branch) +
           (reference.empty() ? ", the newest build of this branch" : ", the newest build"));
  }
  return found;
}

std::string how_to_rebuild(const wire::RestBuildAnswer& build) {
  return "\"ostler build rebuild " + console::build_name(build) + "\" builds its commit again";
}

Error with_next_step(Error error, const std::string& next) {
  constexpr int kWrongThing = 400;  // a wait is no job that can be canceled
  constexpr int kWrongState = 422;
  if (error.native() != kWrongThing && error.native() != kWrongState) return error;
  return Error(error.code(), error.message() + "; " + next).with_native(error.native());
}

}  // namespace ostler::cli
