// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/uuid.hpp"
#include "model/branch_head.hpp"

// Pipelines whose repository the hub looks at, and what it has seen there.
namespace ostler::store {

/// How often a pipeline's repository is looked at. `seconds`: none for never, which also forgets
/// what was seen, so that a later first look makes no builds.
struct SetPoll {
  PipelineId pipeline;
  std::optional<int> seconds{};
  Timestamp now{};
};

/// A repository that is to be looked at now.
struct DuePoll {
  PipelineId pipeline;
  std::string repository{};
  int seconds = 0;
  int failures = 0;  ///< in a row
};

/// A look that succeeded.
struct TakeHeads {
  PipelineId pipeline;
  std::vector<model::BranchHead> heads{};  ///< all branches, each once
  Timestamp next{};                        ///< when to look again
};
struct TakenHeads {
  bool is_first = false;  ///< everything was remembered and nothing is to be built
  /// Heads that want a build: not yet seen on their branch, and never built there.
  std::vector<model::BranchHead> fresh{};
};

/// A head that gets no build.
struct PassHead {
  PipelineId pipeline;
  model::BranchHead head{};
};

/// A look that failed.
struct PostponePoll {
  PipelineId pipeline;
  Timestamp next{};
};

}  // namespace ostler::store
