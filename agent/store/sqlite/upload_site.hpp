// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/plan_upload.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/step_counts.hpp"

namespace ostler::store::sqlite {

/// A step of a build as an upload into it sees it.
struct SiteStep {
  StepId id;
  std::string key;
  model::StepKind kind = model::StepKind::Command;
  bool is_full_wait = false;  ///< a wait or a block that stands for all before it
  std::int64_t sort_key = 0;
  std::optional<StepId> uploader;
  StepCounts counts;
  std::int64_t jobs = 0;    ///< last attempts
  bool has_begun = false;   ///< a job of it is, or was, more than ready
  bool is_waiting = false;  ///< a job of it waits for dependencies
  bool continues_on_failure = false;
  bool is_broken = false;  ///< a job of it is not to run
  bool is_grouped = false;
  std::string group_key;  ///< empty: none
};

/// A step that waits for the uploading one, and so for what that uploads.
struct SiteDependent {
  StepId step;
  bool allow_failure = false;
};

/// The build around an uploading step, without the steps that the upload replaces.
struct Site {
  StepId uploader;
  std::vector<SiteStep> steps;                    ///< in the build's order
  std::unordered_map<StepId, std::size_t> index;  ///< of `steps`
  std::size_t place = 0;        ///< index of the step that the upload comes behind
  std::vector<StepId> removed;  ///< steps that the upload replaces
  std::vector<SiteDependent> dependents;
  std::vector<StepId> waiting;  ///< all that wait for those dependents, and they; sorted

  const SiteStep* find(StepId step) const;
};

/// Errors: UserFault when a step that stays waits for one that is to be replaced.
Result<Site> load_site(Connection& database, const JobRow& uploader, bool replace);

/// The site as the planner wants it.
pipeline::UploadSite planner_site(const Site& site);

}  // namespace ostler::store::sqlite
