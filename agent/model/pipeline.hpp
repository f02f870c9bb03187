// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/build.hpp"
#include "model/pipeline_definition.hpp"

namespace ostler::model {

struct Organization {
  OrganizationId id;
  std::string slug;
  std::string name;
  Timestamp created_at;
};

/// How much of what is over a pipeline keeps. None: as the hub says. Zero: for ever, any number.
struct Retention {
  std::optional<int> builds_days{};     ///< whole builds, from their end
  std::optional<int> logs_days{};       ///< of builds that stay
  std::optional<int> artifacts_days{};  ///< of builds that stay
  std::optional<std::int64_t> newest_builds{};
  std::optional<std::int64_t> newest_logs{};       ///< builds that keep their logs
  std::optional<std::int64_t> newest_artifacts{};  ///< builds that keep their artifacts

  friend bool operator==(const Retention&, const Retention&) = default;
};

/// What a person writes into a pipeline's settings.
struct PipelineSettings {
  std::string name;
  std::string slug;  ///< lower-case letters, digits and hyphens, at most 100; unique
  std::string repository;
  std::string configuration;  ///< the YAML text
  std::string description;    ///< empty: none
  std::string default_branch = "main";
  std::string branch_configuration;  ///< empty: none
  std::string provider = "git";
  std::string visibility = "private";
  std::string emoji;
  std::string color;
  Variables env;
  std::vector<std::string> tags;
  bool allow_rebuilds = true;
  bool skip_queued_branch_builds = false;
  bool cancel_running_branch_builds = false;
  std::string skip_queued_branch_builds_filter;
  std::string cancel_running_branch_builds_filter;
  std::optional<int> default_command_step_timeout;  ///< minutes
  std::optional<int> maximum_command_step_timeout;  ///< minutes
  /// How often the hub looks for new commits in the repository, in seconds; none: never.
  std::optional<int> poll_seconds;
  Retention retention;

  friend bool operator==(const PipelineSettings&, const PipelineSettings&) = default;
};

/// What runs and waits in a pipeline now.
struct PipelineCounts {
  std::int64_t scheduled_builds = 0;
  std::int64_t running_builds = 0;
  std::int64_t scheduled_jobs = 0;
  std::int64_t running_jobs = 0;
  std::int64_t waiting_jobs = 0;
};

struct Pipeline {
  PipelineId id;
  OrganizationId organization;
  ClusterId cluster;
  PipelineSettings settings;
  PipelineCounts counts;
  std::optional<User> created_by;
  Timestamp created_at;
  std::optional<Timestamp> archived_at;  ///< none: it is in use
};

}  // namespace ostler::model
