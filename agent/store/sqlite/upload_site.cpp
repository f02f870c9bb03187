// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/upload_site.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kSteps =
    "SELECT s.id, s.key, s.kind, s.is_full_wait, s.sort_key, s.uploader_id, s.open_jobs, "
    "s.failed_jobs, s.barred_jobs, "
    "(SELECT count(*) FROM jobs j WHERE j.step_id = s.id AND j.retried_in_job_id IS NULL), "
    "EXISTS (SELECT 1 FROM jobs j WHERE j.step_id = s.id AND j.state NOT IN (1, 2, 3, 12, 13, "
    "14, 17)), "
    "EXISTS (SELECT 1 FROM jobs j INDEXED BY jobs_by_step "
    "WHERE j.step_id = s.id AND j.state = 1), s.continue_on_failure, "
    "EXISTS (SELECT 1 FROM jobs j INDEXED BY jobs_by_step "
    "WHERE j.step_id = s.id AND j.state = 12), "
    "g.id IS NOT NULL, coalesce(g.key, '') "
    "FROM steps s LEFT JOIN step_groups g ON g.id = s.group_id WHERE s.build_id = ? "
    "ORDER BY s.sort_key";
/// What the job uploaded itself only runs after it; it does not wait for more of the same.
constexpr std::string_view kDependents =
    "SELECT e.dependent_id, e.allow_failure FROM step_edges e "
    "JOIN steps s ON s.id = e.dependent_id "
    "WHERE e.dependency_id = ?1 AND s.uploader_id IS NOT ?1 ORDER BY s.sort_key";
constexpr std::string_view kWaiting =
    "WITH RECURSIVE waiting (id) AS (SELECT e.dependent_id FROM step_edges e "
    "JOIN steps s ON s.id = e.dependent_id "
    "WHERE e.dependency_id = ?1 AND s.uploader_id IS NOT ?1 "
    "UNION SELECT e.dependent_id FROM waiting JOIN step_edges e ON e.dependency_id = waiting.id) "
    "SELECT id FROM waiting ORDER BY id";
constexpr std::string_view kDependentIds =
    "SELECT dependent_id FROM step_edges WHERE dependency_id = ?";

SiteStep read_step(Row& row) {
  SiteStep step;
  row.take(step.id, step.key, step.kind, step.is_full_wait, step.sort_key, step.uploader,
           step.counts.open, step.counts.failed, step.counts.barred, step.jobs, step.has_begun,
           step.is_waiting, step.continues_on_failure, step.is_broken, step.is_grouped,
           step.group_key);
  return step;
}

SiteDependent read_dependent(Row& row) {
  SiteDependent dependent;
  row.take(dependent.step, dependent.allow_failure);
  return dependent;
}

std::string name_of(const SiteStep& step) {
  return step.key.empty() ? "a step without a key" : "step \"" + step.key + "\"";
}

/// Errors: UserFault when a step of the site waits for a removed one.
Result<void> check_not_stranded(Connection& database, const Site& site, const SiteStep& removed) {
  OSTLER_TRY(const auto dependents, database.list(kDependentIds, read_value<StepId>, removed.id));
  for (const StepId dependent : dependents) {
    const SiteStep* step = site.find(dependent);
    if (step == nullptr || !step->is_waiting) continue;
    return Error(Errc::UserFault, "pipeline: replace would remove " + name_of(removed) +
                                      ", for which " + name_of(*step) +
                                      " waits, and that one stays; remove its depends_on, or "
                                      "upload without replace");
  }
  return success();
}

/// Takes the steps behind `uploader_key` that have not begun out of `steps`.
std::vector<SiteStep> take_replaced(std::vector<SiteStep>& steps, std::int64_t uploader_key) {
  std::vector<SiteStep> kept;
  std::vector<SiteStep> removed;
  for (SiteStep& step : steps) {
    const bool is_replaced = step.sort_key > uploader_key && !step.has_begun;
    (is_replaced ? removed : kept).push_back(std::move(step));
  }
  steps = std::move(kept);
  return removed;
}

void index_steps(Site& site) {
  for (std::size_t at = 0; at < site.steps.size(); ++at) {
    const SiteStep& step = site.steps[at];
    site.index.emplace(step.id, at);
    if (step.id == site.uploader || step.uploader == site.uploader) site.place = at;
  }
}

bool waits_for_upload(const Site& site, StepId step) {
  return std::ranges::binary_search(site.waiting, step);
}

}  // namespace

const SiteStep* Site::find(StepId step) const {
  const auto found = index.find(step);
  return found == index.end() ? nullptr : &steps[found->second];
}

Result<Site> load_site(Connection& database, const JobRow& uploader, bool replace) {
  Site site;
  site.uploader = uploader.step;
  OSTLER_TRY(site.steps, database.list(kSteps, read_step, uploader.build));
  const auto self = std::ranges::find(site.steps, uploader.step, &SiteStep::id);
  if (self == site.steps.end()) {
    return Error(Errc::Corrupt, "a job whose step its build does not have");
  }
  std::vector<SiteStep> removed;
  if (replace) removed = take_replaced(site.steps, self->sort_key);
  index_steps(site);
  for (const SiteStep& step : removed) {
    OSTLER_TRY(check_not_stranded(database, site, step));
    site.removed.push_back(step.id);
  }
  OSTLER_TRY(site.dependents, database.list(kDependents, read_dependent, uploader.step));
  std::erase_if(site.dependents, [&](const SiteDependent& dependent) {
    return site.find(dependent.step) == nullptr;
  });
  OSTLER_TRY(site.waiting, database.list(kWaiting, read_value<StepId>, uploader.step));
  return site;
}

pipeline::UploadSite planner_site(const Site& site) {
  pipeline::UploadSite planner;
  planner.uploader = site.uploader;
  for (const SiteStep& step : site.steps) {
    for (const std::string& key : {step.key, step.group_key}) {
      if (key.empty()) continue;
      planner.keyed_steps.push_back({step.id, key, waits_for_upload(site, step.id)});
    }
  }
  for (std::size_t at = 0; at <= site.place; ++at) {
    const SiteStep& step = site.steps[at];
    // A step may stand before the uploading one and yet wait for it.
    if (waits_for_upload(site, step.id)) continue;
    if (step.kind == model::StepKind::Input) continue;
    const bool may_hold_up = !step.is_broken && !step.is_grouped;
    if (step.kind == model::StepKind::Wait && may_hold_up) {
      planner.before.pass_wait(step.id, step.is_full_wait, step.continues_on_failure);
    } else if (step.kind == model::StepKind::Block && may_hold_up) {
      planner.before.pass_block(step.id, step.is_full_wait);
    } else {
      planner.before.pass(step.id);
    }
  }
  return planner;
}

}  // namespace ostler::store::sqlite
