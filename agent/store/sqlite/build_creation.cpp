// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/build_placeholders.hpp"
#include "model/variables.hpp"
#include "pipeline/step_choice.hpp"
#include "store/sqlite/build_cancellation.hpp"
#include "store/sqlite/build_facts.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/job_moves.hpp"
#include "store/sqlite/meta_data.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/sqlite/step_insertion.hpp"
#include "store/sqlite/step_queues.hpp"
#include "store/sqlite/webhook_queue.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kNextNumber =
    "UPDATE pipelines SET last_build_number = last_build_number + 1 WHERE id = ? "
    "RETURNING last_build_number";
constexpr std::string_view kInsertBuild =
    "INSERT INTO builds (id, pipeline_id, number, state, source, commit_ref, branch, message, tag, "
    "pipeline_env, env, clean_checkout, author_name, author_email, author_username, "
    "pull_request_id, pull_request_base_branch, pull_request_repository, creator_id, created_at, "
    "scheduled_at, triggered_by, triggered_from_id, triggered_from_number, triggered_from_slug, "
    "trigger_depth, rebuilt_from_id, rebuilt_from_number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kOrigin =
    "SELECT b.id, b.number, p.slug FROM jobs j JOIN builds b ON b.id = j.build_id "
    "JOIN pipelines p ON p.id = b.pipeline_id WHERE j.id = ?";

model::BuildOrigin read_origin(Row& row) {
  model::BuildOrigin origin;
  row.take(origin.id, origin.number, origin.pipeline);
  return origin;
}

/// Inserts the rows of one new build.
class BuildInsertion {
 public:
  BuildInsertion(Connection& database, const CreateBuild& command, model::Pipeline pipeline)
      : database_(database),
        command_(command),
        pipeline_(std::move(pipeline)),
        moves_(database, command.now) {}

  Result<BuildChange> run() {
    OSTLER_TRY(take_origin());
    OSTLER_TRY(insert_build());
    OSTLER_TRY(choose_steps());
    OSTLER_TRY(choose_queues());
    OSTLER_TRY(check_webhooks(database_, id_, command_.plan.notifications, faults_));
    if (!faults_.empty()) return faults_.error();
    OSTLER_TRY(insert_webhooks(database_, id_, command_.plan.notifications));
    fill_in_build();
    OSTLER_TRY(groups_, insertion_.insert_groups(plan_->groups));
    for (std::size_t at = 0; at < plan_->steps.size(); ++at) {
      OSTLER_TRY(insert_step(at));
    }
    for (std::size_t at = 0; at < plan_->steps.size(); ++at) {
      OSTLER_TRY(insert_edges(at));
    }
    OSTLER_TRY(insert_meta_data(database_, id_, command_.meta_data));
    OSTLER_TRY(end_superseded(database_, moves_, pipeline_,
                              {.branch = command_.request.branch,
                               .number = number_,
                               .triggered_from = of(origin_, &model::BuildOrigin::id)}));
    OSTLER_TRY(begin_steps());
    OSTLER_TRY(auto follow_ups, moves_.finish());
    OSTLER_TRY(auto build, load_build(database_, id_));
    return BuildChange{.build = std::move(build), .follow_ups = std::move(follow_ups)};
  }

 private:
  template <class Whole, class Field>
  static std::optional<Field> of(const std::optional<Whole>& whole, Field Whole::* field) {
    return whole ? std::optional((*whole).*field) : std::nullopt;
  }

  /// The job of a trigger has its build from here on.
  Result<void> take_origin() {
    if (!command_.triggered_by) return success();
    OSTLER_TRY(trigger_depth_, moves_.attach_build(*command_.triggered_by, id_));
    OSTLER_TRY(origin_, require(database_.find(kOrigin, read_origin, *command_.triggered_by),
                                "build that triggers"));
    return success();
  }

  Result<void> insert_build() {
    const model::BuildRequest& request = command_.request;
    OSTLER_TRY(number_, require(database_.find(kNextNumber, read_int, pipeline_.id), "pipeline"));
    const auto of_author = [&](auto field) { return of(request.author, field); };
    const auto of_pull_request = [&](auto field) { return of(request.pull_request, field); };
    using Origin = model::BuildOrigin;
    OSTLER_TRY(database_.run(
        kInsertBuild, id_, pipeline_.id, number_, model::BuildState::Scheduled, command_.source,
        request.commit, request.branch, request.message, request.tag,
        model::overlaid(pipeline_.settings.env, command_.plan.env), request.env,
        request.clean_checkout, of_author(&model::Author::name), of_author(&model::Author::email),
        of_author(&model::Author::username), of_pull_request(&model::PullRequest::id),
        of_pull_request(&model::PullRequest::base_branch),
        of_pull_request(&model::PullRequest::repository), command_.creator, command_.now,
        command_.now, command_.triggered_by, of(origin_, &Origin::id), of(origin_, &Origin::number),
        of(origin_, &Origin::pipeline), trigger_depth_, of(command_.rebuilt_from, &Origin::id),
        of(command_.rebuilt_from, &Origin::number)));
    moves_.touch(id_);
    return success();
  }

  /// A build has its number, which conditions may ask for, only from here on.
  Result<void> choose_steps() {
    if (!has_choice(command_.plan)) return success();
    OSTLER_TRY(const auto facts, load_build_facts(database_, id_));
    OSTLER_TRY(chosen_, pipeline::chosen(command_.plan, facts, faults_));
    plan_ = &chosen_;
    return success();
  }

  Result<void> choose_queues() {
    StepQueues queues(database_, pipeline_.cluster, faults_);
    for (std::size_t at = 0; at < plan_->steps.size(); ++at) {
      OSTLER_TRY(queues_.emplace_back(), queues.of(plan_->steps[at].definition, at + 1));
    }
    return success();
  }

  /// Nor do texts that name it have it before.
  void fill_in_build() {
    using model::BuildPlaceholders;
    const auto names_build = [](const auto& step) {
      return BuildPlaceholders::has_any(step.definition);
    };
    const auto is_named_so = [](const auto& group) {
      return BuildPlaceholders::has_any(group.label);
    };
    if (std::ranges::none_of(plan_->steps, names_build) &&
        std::ranges::none_of(plan_->groups, is_named_so)) {
      return;
    }
    if (plan_ != &chosen_) chosen_ = *plan_;
    plan_ = &chosen_;
    const BuildPlaceholders build(id_, number_);
    for (auto& step : chosen_.steps) build.fill_in(step.definition);
    for (auto& group : chosen_.groups) group.label = build.filled_in(std::move(group.label));
  }

  Result<void> insert_step(std::size_t at) {
    const pipeline::PlannedStep& planned = plan_->steps[at];
    OSTLER_TRY(auto step,
               insertion_.insert(
                   {.definition = planned.definition,
                    .queues = queues_[at],
                    .sort_key = static_cast<std::int64_t>(at) * kSortStep,
                    .needs = {.unmet = static_cast<std::int64_t>(planned.dependencies.size())},
                    .group = group_of(planned.definition),
                    .scheduled_at = command_.now}));
    steps_.push_back(std::move(step));
    return success();
  }

  std::optional<StepId> group_of(const model::StepDefinition& step) const {
    return step.group ? std::optional(groups_[*step.group]) : std::nullopt;
  }

  Result<void> insert_edges(std::size_t at) {
    for (const auto& edge : plan_->steps[at].dependencies) {
      OSTLER_TRY(insertion_.connect(steps_[edge.step].id, steps_[at].id, edge.allow_failure));
    }
    return success();
  }

  Result<void> begin_steps() {
    for (std::size_t at = 0; at < steps_.size(); ++at) {
      const bool is_free = plan_->steps[at].dependencies.empty();
      OSTLER_TRY(insertion_.begin(
          steps_[at], is_free ? std::optional(model::JobEvent::Satisfy) : std::nullopt));
    }
    return success();
  }

  Connection& database_;
  const CreateBuild& command_;
  model::Pipeline pipeline_;
  JobMoves moves_;
  BuildId id_ = BuildId::make();
  std::int64_t number_ = 0;
  std::optional<model::BuildOrigin> origin_;  ///< whose trigger it comes from
  std::int64_t trigger_depth_ = 0;
  pipeline::Plan chosen_;  ///< the command's, once its steps are clear; empty: as it is
  const pipeline::Plan* plan_ = &command_.plan;
  StepInsertion insertion_{database_, moves_, pipeline_, id_, command_.now};
  pipeline::FaultList faults_{"pipeline.yml"};
  std::vector<std::vector<QueueId>> queues_;  ///< of the plan's steps
  std::vector<StepId> groups_;                ///< of the plan
  std::vector<InsertedStep> steps_;           ///< of the plan
};

}  // namespace

Result<BuildChange> create_build(Connection& database, const CreateBuild& command) {
  OSTLER_TRY(auto pipeline, load_pipeline(database, command.pipeline));
  if (command.once) {
    OSTLER_TRY(auto known, find_build_of_request(database, {*command.once, command.now}));
    if (known) return BuildChange{.build = std::move(*known), .follow_ups = {}};
  }
  if (pipeline.archived_at) {
    return Error(Errc::Conflict, "The pipeline " + pipeline.settings.slug +
                                     " is archived and gets no builds; unarchive it first");
  }
  if (command.is_polled) {
    OSTLER_TRY(begin_polled_build(
        database, {command.pipeline, {command.request.branch, command.request.commit}}));
  }
  OSTLER_TRY(auto created, BuildInsertion(database, command, std::move(pipeline)).run());
  if (command.once) {
    OSTLER_TRY(keep_request_key(database, *command.once, created.build.id, command.now));
  }
  return created;
}

}  // namespace ostler::store::sqlite
