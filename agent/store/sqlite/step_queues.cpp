// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/step_queues.hpp"

#include <algorithm>
#include <utility>

#include "model/step_jobs.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {

Result<std::vector<QueueId>> StepQueues::of(const model::StepDefinition& step, std::size_t number) {
  std::vector<QueueId> queues;
  const auto has_token = [](const std::string& rule) { return rule.find("{{") != rule.npos; };
  if (!step.matrix || std::ranges::none_of(step.agent_query_rules, has_token)) {
    OSTLER_TRY(const auto queue, find(step, number, {}));
    if (queue) queues.assign(model::count_jobs(step), *queue);
    return queues;
  }
  for (const model::StepJob& job : model::jobs_of(step)) {
    OSTLER_TRY(const auto queue, find(step, number, job.variation.matrix));
    if (queue) queues.push_back(*queue);
  }
  return queues;
}

Result<std::optional<QueueId>> StepQueues::find(const model::StepDefinition& step,
                                                std::size_t number,
                                                const model::MatrixValues& matrix) {
  auto rules = step.agent_query_rules;
  vary_rules(rules, matrix);
  OSTLER_TRY(const Choice choice, choose(rules));
  if (!choice.queue) complain(step, number, choice.fault);
  return choice.queue;
}

Result<StepQueues::Choice> StepQueues::choose(const std::vector<std::string>& rules) {
  const auto known = known_.find(rules);
  if (known != known_.end()) return known->second;
  const auto found = choose_queue(database_, cluster_, rules);
  if (!found && found.error().code() != Errc::UserFault) return found.error();
  Choice choice;
  if (found) {
    choice.queue = found.value().id;
  } else {
    choice.fault = found.error().message();
  }
  return known_.emplace(rules, std::move(choice)).first->second;
}

void StepQueues::complain(const model::StepDefinition& step, std::size_t number,
                          const std::string& fault) {
  const bool has_agents = step.agents_at.line > 0;
  const model::SourcePosition at = has_agents ? step.agents_at : step.at;
  if (!told_.insert({at.line, at.column, fault}).second) return;
  faults_.enter_step(number);
  faults_.add(at, fault);
  faults_.enter_step(0);
}

}  // namespace ostler::store::sqlite
