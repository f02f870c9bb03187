// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "model/pipeline_definition.hpp"
#include "pipeline/fault_list.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// Finds the queues of the jobs of one build's steps. What it is given outlives it.
class StepQueues {
 public:
  StepQueues(Connection& database, ClusterId cluster, pipeline::FaultList& faults)
      : database_(database), cluster_(cluster), faults_(faults) {}

  /// One for each job of the step with that number, counted from 1. A queue that is not there is a
  /// fault, told once where several steps share the text that names it, and left out.
  Result<std::vector<QueueId>> of(const model::StepDefinition& step, std::size_t number);

 private:
  /// A queue, or why there is none.
  struct Choice {
    std::optional<QueueId> queue;
    std::string fault;
  };

  /// The queue of a job with these values of the matrix; none, and a fault, when it is not there.
  Result<std::optional<QueueId>> find(const model::StepDefinition& step, std::size_t number,
                                      const model::MatrixValues& matrix);
  Result<Choice> choose(const std::vector<std::string>& rules);
  void complain(const model::StepDefinition& step, std::size_t number, const std::string& fault);

  Connection& database_;
  ClusterId cluster_;
  pipeline::FaultList& faults_;
  std::map<std::vector<std::string>, Choice> known_;  ///< for the rules of steps
  std::set<std::tuple<int, int, std::string>> told_;  ///< line, column, fault
};

}  // namespace ostler::store::sqlite
