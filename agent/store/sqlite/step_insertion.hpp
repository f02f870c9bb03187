// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "model/pipeline.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/job_moves.hpp"

namespace ostler::store::sqlite {

/// Room that a step leaves in its build's order for those that come in behind it.
inline constexpr std::int64_t kSortStep = std::int64_t{1} << 20;

/// One step that comes into a build.
struct NewStep {
  const model::StepDefinition& definition;
  QueueId queue;
  std::int64_t sort_key = 0;
  StepNeeds needs{};
  std::optional<StepId> uploader{};  ///< the step whose job uploaded it
  Timestamp scheduled_at{};
};

/// Inserts steps of one build, each with its job, and edges between them. All of it outlives this.
class StepInsertion {
 public:
  StepInsertion(Connection& database, JobMoves& moves, const model::Pipeline& pipeline,
                BuildId build, Timestamp now)
      : database_(database), moves_(moves), pipeline_(pipeline), build_(build), now_(now) {}

  /// The queue of a step. Errors: UserFault when its rules name one that is not there.
  Result<QueueId> queue_of(const model::StepDefinition& step);
  /// The step's job, which is Waiting.
  Result<JobRow> insert(const NewStep& step);
  Result<void> connect(StepId dependency, StepId dependent, bool allow_failure);

 private:
  Connection& database_;
  JobMoves& moves_;
  const model::Pipeline& pipeline_;
  BuildId build_;
  Timestamp now_;
};

}  // namespace ostler::store::sqlite
