// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "model/pipeline.hpp"
#include "model/step_jobs.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/job_moves.hpp"

namespace ostler::store::sqlite {

/// Room that a step leaves in its build's order for those that come in behind it.
inline constexpr std::int64_t kSortStep = std::int64_t{1} << 20;

/// One step that comes into a build.
struct NewStep {
  const model::StepDefinition& definition;
  const std::vector<QueueId>& queues;  ///< of its jobs
  std::int64_t sort_key = 0;
  StepNeeds needs{};
  std::optional<StepId> uploader{};  ///< the step whose job uploaded it
  std::optional<StepId> group{};
  Timestamp scheduled_at{};
};

struct InsertedStep {
  StepId id;
  std::vector<JobRow> jobs;
  std::vector<bool> broken;  ///< which of them are not to run
};

/// Inserts steps of one build, each with its jobs, and edges between them. All of it outlives this.
class StepInsertion {
 public:
  StepInsertion(Connection& database, JobMoves& moves, const model::Pipeline& pipeline,
                BuildId build, Timestamp now)
      : database_(database), moves_(moves), pipeline_(pipeline), build_(build), now_(now) {}

  /// The ids of groups that come into the build, in their order.
  Result<std::vector<StepId>> insert_groups(const std::vector<model::GroupDefinition>& groups);
  /// The step's jobs, which are Waiting but for those that are not to run; see `begin`.
  Result<InsertedStep> insert(const NewStep& step);
  /// Moves the jobs of a step that is connected: `event` is for those that are to run; none: they
  /// wait.
  Result<void> begin(InsertedStep& step, std::optional<model::JobEvent> event);
  Result<void> connect(StepId dependency, StepId dependent, bool allow_failure);

 private:
  Result<void> insert_job(const NewStep& step, const model::StepJob& job, QueueId queue,
                          InsertedStep& inserted);

  Connection& database_;
  JobMoves& moves_;
  const model::Pipeline& pipeline_;
  BuildId build_;
  Timestamp now_;
};

}  // namespace ostler::store::sqlite
