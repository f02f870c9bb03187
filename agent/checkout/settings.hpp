// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "environment/variables.hpp"
#include "git/clean.hpp"

// One checkout of one job: from a job's environment to a work tree at the built commit, by way of
// a mirror per repository that all jobs of the host share. See docs/checkout.md.
namespace ostler::checkout {

/// The native code of the error, and the exit status of the checkout, when the lock on the mirror
/// was not free in time.
inline constexpr int kMirrorLockTimeout = 94;

struct PullRequest {
  std::string number;
  bool merge = false;  ///< the merge of head and base instead of the head
};

/// What a job's environment says about its checkout.
struct Settings {
  std::string job;                          ///< BUILDKITE_JOB_ID
  std::string pipeline;                     ///< its slug, fit for a file name
  std::string repository;                   ///< BUILDKITE_REPO as given
  Secret ssh_key;                           ///< a key's text; empty: the user's own keys
  std::string commit;                       ///< BUILDKITE_COMMIT; "HEAD" when that is empty
  std::string branch;                       ///< may be empty
  std::string tag;                          ///< may be empty
  std::vector<std::string> refspecs;        ///< BUILDKITE_REFSPEC, split
  std::optional<PullRequest> pull_request;  ///< only for GitHub's references
  std::filesystem::path directory;          ///< the checkout directory, absolute
  std::filesystem::path mirrors;            ///< holds the mirrors of all repositories, absolute
  bool clean_checkout = false;
  bool update_mirror = true;
  bool verify_commit = true;
  bool submodules = true;
  bool commit_resolved = false;  ///< the server knows the commit's meta-data
  git::CleanOptions clean;
  int attempts = 6;
  std::chrono::seconds attempt_timeout{0};  ///< zero: no limit
  std::chrono::seconds lock_timeout{300};
  std::vector<std::string> warnings;  ///< settings that have no effect, one sentence each
};

/// Reads the settings. Errors: UserFault, naming the variable, its value and what to do, for what
/// is missing, malformed, dangerous or not supported.
Result<Settings> read_settings(const environment::Variables& variables);

/// Whether `revision` is fit to be looked up: no "..", control characters, spaces or ~^:\, not "@",
/// no "." at its end, no "-" at its beginning. Source: job-lifecycle 2.4.
bool is_valid_revision(std::string_view revision);

}  // namespace ostler::checkout
