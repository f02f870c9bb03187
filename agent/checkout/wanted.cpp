// SPDX-License-Identifier: Apache-2.0
#include "checkout/wanted.hpp"

#include <algorithm>

#include "git/repository.hpp"

namespace ostler::checkout {
namespace {

std::string source_of(std::string_view refspec) {
  if (refspec.starts_with('+')) refspec.remove_prefix(1);
  return std::string(refspec.substr(0, refspec.find(':')));
}

// The one reference that a build of HEAD means.
std::string tip_of(const Settings& settings) {
  if (!settings.tag.empty()) return "refs/tags/" + settings.tag;
  if (settings.branch.empty()) return "HEAD";
  if (settings.branch.starts_with("refs/")) return settings.branch;
  return "refs/heads/" + settings.branch;
}

Wanted wanted_from(const Settings& settings, std::vector<std::string> references) {
  const bool is_head = settings.commit == "HEAD";
  const std::string first = references.front();
  return {.revision = is_head ? first : settings.commit,
          .references = std::move(references),
          .fetch_head = first,
          .fresh = is_head};
}

std::string reference_of(const PullRequest& pull_request) {
  return "refs/pull/" + pull_request.number + (pull_request.merge ? "/merge" : "/head");
}

}  // namespace

std::string reason_not_to_verify(const Settings& settings) {
  if (!settings.verify_commit) return "mode is off";
  if (settings.commit == "HEAD") return "commit is HEAD";
  if (settings.branch.empty()) return "no branch specified";
  if (!settings.tag.empty()) return "tag build (" + settings.tag + ")";
  if (settings.pull_request) return "pull request build (#" + settings.pull_request->number + ")";
  if (!settings.refspecs.empty()) return "custom refspec is set (" + settings.refspecs[0] + ")";
  return "";
}

Result<Wanted> wanted_of(const Settings& settings) {
  if (!settings.refspecs.empty()) {
    std::vector<std::string> sources;
    for (const std::string& refspec : settings.refspecs) sources.push_back(source_of(refspec));
    const bool is_pattern = sources[0].find('*') != std::string::npos;
    if (settings.commit == "HEAD" && is_pattern) {
      return Error(Errc::UserFault, "BUILDKITE_REFSPEC " + settings.refspecs[0] +
                                        " is a pattern and BUILDKITE_COMMIT is HEAD; name the"
                                        " commit, or put one reference first");
    }
    return wanted_from(settings, std::move(sources));
  }
  if (settings.pull_request) return wanted_from(settings, {reference_of(*settings.pull_request)});
  if (settings.commit == "HEAD") return wanted_from(settings, {tip_of(settings)});
  return Wanted{.revision = settings.commit,
                .references = {},
                .fetch_head = settings.commit,
                .fresh = reason_not_to_verify(settings).empty()};
}

}  // namespace ostler::checkout
