// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/upload_insertion.hpp"

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "model/variables.hpp"
#include "pipeline/step_choice.hpp"
#include "store/sqlite/build_facts.hpp"
#include "store/sqlite/concurrency.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/step_insertion.hpp"
#include "store/sqlite/step_queues.hpp"
#include "store/sqlite/upload_limits.hpp"
#include "store/sqlite/upload_site.hpp"
#include "store/sqlite/webhook_queue.hpp"

namespace ostler::store::sqlite {
namespace {

using pipeline::UploadedStep;

constexpr std::string_view kGroupOfStep =
    "SELECT g.id FROM steps s JOIN step_groups g ON g.id = s.group_id "
    "WHERE s.id = ? AND g.label = ?";
constexpr std::string_view kRemoveEmptyGroups =
    "DELETE FROM step_groups WHERE build_id = ? AND NOT EXISTS "
    "(SELECT 1 FROM steps s WHERE s.group_id = step_groups.id)";

class UploadInsertion {
 public:
  UploadInsertion(Connection& database, JobMoves& moves, const UploadPipeline& command,
                  const JobRow& uploader, model::Pipeline pipeline)
      : database_(database),
        moves_(moves),
        command_(command),
        uploader_(uploader),
        pipeline_(std::move(pipeline)) {}

  /// Errors: UserFault, with nothing written.
  Result<void> run() {
    OSTLER_TRY(site_, load_site(database_, uploader_, command_.replace));
    name_steps();
    OSTLER_TRY(auto definition, chosen_definition());
    OSTLER_TRY(check(definition));
    auto plan = plan_upload(std::move(definition), planner_site(site_), faults_);
    if (plan) check_upload_edges(site_, *plan, faults_);
    if (!faults_.empty()) return faults_.error();
    plan_ = std::move(*plan);
    OSTLER_TRY(insert_webhooks(database_, uploader_.build, command_.definition.notifications));
    OSTLER_TRY(remove_replaced());
    OSTLER_TRY(insert_steps());
    OSTLER_TRY(connect_steps());
    OSTLER_TRY(connect_dependents());
    return begin_steps();
  }

  std::int64_t created_jobs() const {
    std::size_t jobs = 0;
    for (const InsertedStep& step : steps_) jobs += step.jobs.size();
    return static_cast<std::int64_t>(jobs);
  }

 private:
  /// Its author does not see the text in which they are counted.
  void name_steps() {
    for (std::size_t at = 0; at < command_.definition.steps.size(); ++at) {
      const model::StepDefinition& step = command_.definition.steps[at];
      faults_.name_step(at + 1, step.label.empty() ? step.key : step.label);
    }
  }

  Result<model::PipelineDefinition> chosen_definition() {
    model::PipelineDefinition definition = command_.definition;
    if (!pipeline::has_choice(definition)) return definition;
    OSTLER_TRY(auto facts, load_build_facts(database_, uploader_.build));
    const model::Variables own = model::overlaid(definition.env, facts.build.request.env);
    facts.env = model::overlaid(std::move(facts.env), own);
    pipeline::choose_steps(definition, facts, faults_);
    return definition;
  }

  /// Adds what stands in the way of the steps, whoever waits for whom; finds their queues.
  Result<void> check(const model::PipelineDefinition& definition) {
    const bool are_few = check_upload_jobs(site_, definition, command_.most_jobs, faults_);
    OSTLER_TRY(check_upload_env(database_, uploader_.build, definition, faults_));
    if (are_few) {
      OSTLER_TRY(choose_queues(definition));
    }
    return check_webhooks(database_, uploader_.build, definition.notifications, faults_);
  }

  /// Requires: the jobs are few, for each has one.
  Result<void> choose_queues(const model::PipelineDefinition& definition) {
    StepQueues queues(database_, pipeline_.cluster, faults_);
    for (std::size_t at = 0; at < definition.steps.size(); ++at) {
      OSTLER_TRY(queues_.emplace_back(), queues.of(definition.steps[at], at + 1));
    }
    return success();
  }

  Result<void> remove_replaced() {
    for (const StepId step : site_.removed) {
      OSTLER_TRY(remove_dependency(database_, step));
      OSTLER_TRY(remove_jobs(step));
      OSTLER_TRY(database_.run("DELETE FROM step_edges WHERE dependent_id = ?", step));
      OSTLER_TRY(database_.run("DELETE FROM steps WHERE id = ?", step));
    }
    if (site_.removed.empty()) return success();
    OSTLER_TRY(database_.run(kRemoveEmptyGroups, uploader_.build));
    return success();
  }

  Result<void> remove_jobs(StepId step) {
    OSTLER_TRY(const auto jobs,
               database_.list("SELECT id FROM jobs WHERE step_id = ?", read_value<JobId>, step));
    for (const JobId id : jobs) {
      OSTLER_TRY(const auto job, moves_.load(id));
      moves_.count_removed(job);
      OSTLER_TRY(database_.run("DELETE FROM jobs WHERE id = ?", id));
      if (job.group) {
        OSTLER_TRY(forget_unused_group(database_, *job.group));
      }
    }
    return success();
  }

  Result<void> insert_steps() {
    OSTLER_TRY(const auto scheduled_at,
               require(database_.find("SELECT scheduled_at FROM jobs WHERE id = ?",
                                      read_value<Timestamp>, uploader_.id),
                       "job"));
    OSTLER_TRY(auto sort_key, make_room());
    OSTLER_TRY(groups_, insertion_.insert_groups(plan_.groups));
    OSTLER_TRY(join_group_of_uploader());
    for (std::size_t at = 0; at < plan_.steps.size(); ++at) {
      OSTLER_TRY(auto step, insertion_.insert({.definition = plan_.steps[at].planned.definition,
                                               .queues = queues_[at],
                                               .sort_key = sort_key += spacing_,
                                               .needs = needs_of(plan_.steps[at]),
                                               .uploader = uploader_.step,
                                               .group = group_of(plan_.steps[at]),
                                               .scheduled_at = scheduled_at}));
      steps_.push_back(std::move(step));
    }
    return success();
  }

  std::optional<StepId> group_of(const UploadedStep& step) const {
    const auto group = step.planned.definition.group;
    return group ? std::optional(groups_[*group]) : std::nullopt;
  }

  /// A first group that is named like the uploader's is shown as one with it.
  Result<void> join_group_of_uploader() {
    const bool begins_with_group = !plan_.steps.empty() && plan_.steps[0].planned.definition.group;
    if (!begins_with_group || !plan_.groups[0].key.empty()) return success();
    OSTLER_TRY(const auto same, database_.find(kGroupOfStep, read_value<StepId>, uploader_.step,
                                               plan_.groups[0].label));
    if (!same) return success();
    OSTLER_TRY(database_.run("DELETE FROM step_groups WHERE id = ?", groups_[0]));
    groups_[0] = *same;
    return success();
  }

  /// Sets `spacing_`; the sort key that the new ones come behind, that far apart.
  Result<std::int64_t> make_room() {
    const auto count = static_cast<std::int64_t>(plan_.steps.size());
    const std::int64_t before = site_.steps[site_.place].sort_key;
    spacing_ = kSortStep;
    if (site_.place + 1 == site_.steps.size()) return before;
    spacing_ = (site_.steps[site_.place + 1].sort_key - before) / (count + 1);
    if (spacing_ > 0) return before;
    return renumber(count);
  }

  /// Spaces all steps out, with room for `count` new ones.
  Result<std::int64_t> renumber(std::int64_t count) {
    // Out of the way first: two steps of a build never have one sort key.
    OSTLER_TRY(database_.run("UPDATE steps SET sort_key = -1 - sort_key WHERE build_id = ?",
                             uploader_.build));
    spacing_ = kSortStep;
    for (std::size_t at = 0; at < site_.steps.size(); ++at) {
      const auto place = static_cast<std::int64_t>(at) + (at > site_.place ? count : 0);
      const StepId step = site_.steps[at].id;
      OSTLER_TRY(
          database_.run("UPDATE steps SET sort_key = ? WHERE id = ?", place * kSortStep, step));
      OSTLER_TRY(
          database_.run("UPDATE jobs SET sort_key = ? WHERE step_id = ?", place * kSortStep, step));
    }
    return static_cast<std::int64_t>(site_.place) * kSortStep;
  }

  /// What a dependency on a present step has come to; none while it is open.
  std::optional<bool> is_met(const pipeline::PresentEdge& edge) const {
    const SiteStep& step = *site_.find(edge.step);
    if (!step.counts.is_over()) return std::nullopt;
    return model::is_met(step.counts.result(), edge.allow_failure);
  }

  StepNeeds needs_of(const UploadedStep& step) const {
    StepNeeds needs;
    needs.unmet = static_cast<std::int64_t>(step.planned.dependencies.size());
    for (const pipeline::PresentEdge& edge : step.present_dependencies) {
      const auto met = is_met(edge);
      needs.unmet += int{met != true};
      needs.obstructed += int{met == false};
    }
    return needs;
  }

  Result<void> connect_steps() {
    for (std::size_t at = 0; at < steps_.size(); ++at) {
      for (const pipeline::Edge& edge : plan_.steps[at].planned.dependencies) {
        OSTLER_TRY(insertion_.connect(steps_[edge.step].id, steps_[at].id, edge.allow_failure));
      }
      for (const pipeline::PresentEdge& edge : plan_.steps[at].present_dependencies) {
        OSTLER_TRY(insertion_.connect(edge.step, steps_[at].id, edge.allow_failure));
      }
    }
    return success();
  }

  struct Awaited {
    StepId id;
    bool is_strict = false;
  };

  /// Whether it stops later waits after a failure, those that continue on failures too.
  static bool is_strict_barrier(const UploadedStep& step) {
    const model::StepDefinition& definition = step.planned.definition;
    const bool stops = pipeline::Before<StepId>::holds_up(definition);
    return stops && !definition.continue_on_failure && !definition.group;
  }

  Result<void> connect_dependents() {
    std::vector<Awaited> awaited;
    for (std::size_t at = 0; at < steps_.size(); ++at) {
      // Nothing waits for an input that does not say so.
      const auto kind = plan_.steps[at].planned.definition.kind;
      if (kind == model::StepKind::Input) continue;
      awaited.push_back({steps_[at].id, is_strict_barrier(plan_.steps[at])});
    }
    const auto count = static_cast<std::int64_t>(awaited.size());
    for (const SiteDependent& dependent : site_.dependents) {
      const bool is_wait = site_.find(dependent.step)->kind == model::StepKind::Wait;
      for (const Awaited& step : awaited) {
        const bool allow_failure = dependent.allow_failure && !(is_wait && step.is_strict);
        OSTLER_TRY(insertion_.connect(step.id, dependent.step, allow_failure));
      }
      OSTLER_TRY(
          database_.run("UPDATE steps SET unmet = unmet + ? WHERE id = ?", count, dependent.step));
    }
    return success();
  }

  /// Steps that depend on one that is over and was not to fail never run.
  Result<void> begin_steps() {
    for (std::size_t at = 0; at < steps_.size(); ++at) {
      const bool hopeless = needs_of(plan_.steps[at]).obstructed > 0;
      OSTLER_TRY(insertion_.begin(
          steps_[at], hopeless ? std::optional(model::JobEvent::Obstruct) : std::nullopt));
    }
    return success();
  }

  Connection& database_;
  JobMoves& moves_;
  const UploadPipeline& command_;
  const JobRow& uploader_;
  model::Pipeline pipeline_;
  StepInsertion insertion_{database_, moves_, pipeline_, uploader_.build, command_.now};
  Site site_;
  pipeline::UploadPlan plan_;
  std::vector<std::vector<QueueId>> queues_;  ///< of the plan's steps
  std::vector<StepId> groups_;                ///< of the plan
  std::vector<InsertedStep> steps_;           ///< of the plan
  std::int64_t spacing_ = kSortStep;
  pipeline::FaultList faults_{"pipeline", pipeline::FaultList::Naming::Steps};
};

}  // namespace

Result<std::int64_t> insert_upload(Connection& database, JobMoves& moves,
                                   const UploadPipeline& command, const JobRow& uploader,
                                   model::Pipeline pipeline) {
  UploadInsertion insertion(database, moves, command, uploader, std::move(pipeline));
  OSTLER_TRY(insertion.run());
  return insertion.created_jobs();
}

}  // namespace ostler::store::sqlite
