// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "cli/build_finder.hpp"
#include "cli/job_choice.hpp"
#include "cli/run_plan.hpp"
#include "console/build_page.hpp"
#include "console/job_words.hpp"
#include "console/plain_text.hpp"
#include "git/library.hpp"
#include "model/told_commit.hpp"
#include "pipeline/print.hpp"
#include "wire/rest_job.hpp"
#include "wire/secrets_config.hpp"

namespace ostler::cli {
namespace {

namespace fs = std::filesystem;

using Environment = std::map<std::string, std::string>;

std::string value_in(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

/// The job that is named, or else the one that failed first.
Result<std::string> choose_job_to_repeat(const FoundBuild& found, const std::string& step) {
  const wire::RestJobAnswer* const failed = console::first_failure(found.build);
  const bool is_said = !found.job.empty() || !step.empty();
  if (!is_said && failed != nullptr) return failed->id;
  return choose_job(found, step, JobPurpose::Run, "run --from-build");
}

/// The whole environment goes with the step: what the hub of the run sets itself, it sets above it.
model::StepDefinition step_of(const wire::RestJobAnswer& job, const Environment& environment) {
  model::StepDefinition step;
  step.key = job.step_key;
  step.label = job.name;
  step.command = value_in(environment, "BUILDKITE_COMMAND");
  step.artifact_paths = value_in(environment, "BUILDKITE_ARTIFACT_PATHS");
  step.env.assign(environment.begin(), environment.end());
  step.carried.secrets = job.secrets;
  const std::string timeout = value_in(environment, "BUILDKITE_TIMEOUT");
  int minutes = 0;
  std::from_chars(timeout.data(), timeout.data() + timeout.size(), minutes);
  if (minutes > 0) step.timeout_in_minutes = minutes;
  return step;
}

/// The keys of the secrets that the step names.
Result<std::vector<std::string>> secrets_of(const wire::RestJobAnswer& job) {
  std::vector<std::string> keys;
  if (job.secrets.empty()) return keys;
  OSTLER_TRY(const auto wanted, wire::decode_secrets_config(job.secrets));
  for (const auto& secret : wanted) {
    if (std::ranges::find(keys, secret.key) == keys.end()) keys.push_back(secret.key);
  }
  return keys;
}

/// A build of HEAD is of the commit that its first job found there and told the hub, which knows
/// it then; not so a hub that is older.
void resolve_commit(wire::RestNewBuild& build) {
  if (model::is_commit_id(build.commit)) return;
  const auto text = build.meta_data.find(std::string(model::kToldCommitKey));
  if (text == build.meta_data.end()) return;
  if (const auto told = model::told_commit(text->second)) build.commit = told->id;
}

Result<void> take_work_tree(const fs::path& directory, const fs::path& store, RunPlan& plan) {
  OSTLER_TRY(const auto snapshot, git::take_snapshot(directory, store));
  plan.repository = store.string();
  plan.build.commit = snapshot.commit;
  plan.changed_files = snapshot.changed_files;
  return success();
}

/// Leaves the plan's repository as it is when the one here does not have the commit.
Result<void> take_commit(const fs::path& directory, const fs::path& store, RunPlan& plan) {
  OSTLER_TRY(const auto snapshot,
             git::snapshot_of_commit(directory, plan.build.commit, plan.build.branch, store));
  if (snapshot) {
    plan.repository = store.string();
  } else {
    plan.notes.push_back("the commit is not in a repository here: it is fetched from " +
                         console::plain_line(plan.repository));
  }
  return success();
}

Result<RunPlan> plan_from(HubClient& hub, const JobToRepeat& wanted, const fs::path& directory) {
  OSTLER_TRY(const auto found, BuildFinder(hub, directory).find(wanted.build));
  OSTLER_TRY(const std::string id, choose_job_to_repeat(found, wanted.step));
  OSTLER_TRY(const auto text, hub.ask("GET", "/jobs/" + id));
  OSTLER_TRY(const auto job, wire::decode_rest_job(text));
  OSTLER_TRY(const auto answer, hub.ask("GET", "/jobs/" + id + "/env"));
  OSTLER_TRY(const auto environment, wire::decode_rest_job_env(answer));
  OSTLER_TRY(auto build, wire::decode_rest_repeated_build(found.text));
  resolve_commit(build);
  OSTLER_TRY(auto secrets, secrets_of(job));
  model::PipelineDefinition pipeline;
  pipeline.steps.push_back(step_of(job, environment));
  return RunPlan{.title = console::job_title(job) + " of " + console::build_name(found.build),
                 .configuration = pipeline::print(pipeline),
                 .repository = value_in(environment, "BUILDKITE_REPO"),
                 .build = std::move(build),
                 .secret_keys = std::move(secrets)};
}

}  // namespace

Result<RunPlan> plan_run_of_job(const JobToRepeat& job, const fs::path& directory) {
  const git::Library library;
  OSTLER_TRY(const auto access, find_access_to_organization(job.client));
  HubClient hub(access.url, access.organization, access.token);
  return plan_from(hub, job, directory);
}

Result<void> take_files(const JobToRepeat& job, const fs::path& directory, const fs::path& store,
                        RunPlan& plan) {
  return job.uses_work_tree ? take_work_tree(directory, store, plan)
                            : take_commit(directory, store, plan);
}

}  // namespace ostler::cli
