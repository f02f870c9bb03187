// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/build_state.hpp"
#include "model/pipeline_definition.hpp"
#include "model/user.hpp"

namespace ostler::model {

/// Who asked for a build. The number is stored: append, never renumber.
enum class BuildSource : std::uint8_t {
  Api = 1,
  Webhook = 2,
  Ui = 3,
  TriggerJob = 4,
  Schedule = 5
};

struct Author {
  std::string name;
  std::string email;
  std::string username;
};

struct PullRequest {
  std::string id;  ///< decimal text
  std::string base_branch;
  std::string repository;
};

/// What a person or a service says when asking for a build.
struct BuildRequest {
  std::string commit = "HEAD";
  std::string branch;
  std::string message;
  std::string tag;
  Variables env;
  bool clean_checkout = false;
  std::optional<Author> author;
  std::optional<PullRequest> pull_request;
};

/// The build that another one comes from, as it was then: it may be gone.
struct BuildOrigin {
  BuildId id;
  std::int64_t number = 0;
  std::string pipeline;      ///< its slug
  std::optional<JobId> job;  ///< whose trigger step made the build
};

struct Build {
  BuildId id;
  PipelineId pipeline;
  std::int64_t number = 0;  ///< counts a pipeline's builds from 1
  BuildState state = BuildState::Scheduled;
  BuildSource source = BuildSource::Api;
  BuildRequest request;
  Variables meta_data;
  std::optional<User> creator;
  std::optional<BuildOrigin> triggered_from;
  std::optional<BuildOrigin> rebuilt_from;
  JobCounts counts;
  std::optional<BlockedState> blocked_state;  ///< of a blocked one: what its gate says
  std::string cancel_reason;                  ///< empty: none
  Timestamp created_at;
  std::optional<Timestamp> scheduled_at;
  std::optional<Timestamp> started_at;
  std::optional<Timestamp> failing_at;   ///< set once, never cleared
  std::optional<Timestamp> finished_at;  ///< since when it is at rest
  std::int64_t last_event = 0;  ///< the number of the last one that told of it; 0: none did
};

}  // namespace ostler::model
