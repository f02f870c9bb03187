// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "cli/build_reference.hpp"
#include "cli/hub_client.hpp"
#include "git/local_checkout.hpp"

namespace ostler::cli {

/// Whether the hub has answered that there is no such thing.
bool is_missing(const Error& error);

/// A build that was found.
struct FoundBuild {
  std::string text;  ///< REST's answer as it is
  wire::RestBuildAnswer build;
  std::string job;  ///< id of the job that was named; empty: the build was
};

/// Finds what references mean: at the hub, and in the git repository around a directory.
class BuildFinder {
 public:
  BuildFinder(HubClient& hub, std::filesystem::path directory)
      : hub_(hub), directory_(std::move(directory)) {}

  /// The build that a reference means.
  /// Errors: UserFault, saying what to give instead, when nothing or more than one thing fits, or
  /// when it is of another hub or organization; those of the hub's client.
  Result<FoundBuild> find(const std::string& reference);
  /// The slug of the pipeline that builds the repository around the directory. Errors: as find.
  Result<std::string> pipeline_here();
  /// The branch that is checked out, when the repository around the directory is that of
  /// `pipeline`; else empty.
  Result<std::string> branch_of(const std::string& pipeline);
  /// What to say of a pipeline that the hub does not have.
  Error no_pipeline(const std::string& slug);

 private:
  Result<void> require_own(const BuildReference& reference);
  Result<FoundBuild> find_by_id(const std::string& id);
  Result<FoundBuild> find_by_number(const std::string& pipeline, std::int64_t number);
  Result<FoundBuild> find_newest(const std::string& pipeline);
  Result<std::vector<wire::RestPipelineAnswer>> pipelines_of(const std::string& address);
  Error no_build(const std::string& pipeline, std::int64_t number);
  Result<const git::LocalCheckout*> checkout();

  HubClient& hub_;
  std::filesystem::path directory_;
  std::optional<git::LocalCheckout> checkout_;
  bool has_looked_ = false;
};

}  // namespace ostler::cli
