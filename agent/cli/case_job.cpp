// SPDX-License-Identifier: Apache-2.0
#include "cli/case_job.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "base/joined.hpp"
#include "files/file.hpp"
#include "plugin_host/json_value.hpp"
#include "plugin_host/unknown_keys.hpp"

namespace ostler::cli {

using plugin_host::JsonValue;
using JobType = JsonValue::Type;

namespace {

constexpr std::size_t kLongestCaseJob = 4u << 20;  // bytes of a file
const std::vector<std::string_view> kGivenFacts = {"job_id",
                                                   "build_id",
                                                   "build_number",
                                                   "organization",
                                                   "pipeline",
                                                   "step_key",
                                                   "step_label",
                                                   "branch",
                                                   "commit",
                                                   "host_name",
                                                   "agent_name",
                                                   "parallel_job",
                                                   "parallel_job_count"};
constexpr std::string_view kOutcomes[] = {
    "passed", "soft_failed", "hard_failed", "errored",  "waiting_for_dependencies",
    "ready",  "running",     "canceled",    "finished", "waiting_for_input"};

Error job_fault(const std::string& what) { return {Errc::UserFault, what}; }

/// `known` empty: any member.
Result<void> check_object(const JsonValue& value, const std::string& name,
                          const std::vector<std::string_view>& known) {
  if (value.type != JobType::Object) return job_fault(name + " is no object");
  std::vector<std::string> faults;
  if (!known.empty()) plugin_host::refuse_unknown(value, known, name + "/", faults);
  return faults.empty() ? Result<void>(success()) : job_fault(joined(faults, "; "));
}

Result<std::map<std::string, std::string>> read_texts(const JsonValue& value,
                                                      const std::string& name) {
  OSTLER_TRY(check_object(value, name, {}));
  std::map<std::string, std::string> texts;
  for (const auto& [key, text] : value.members) {
    if (text.type != JobType::String) return job_fault(name + "/" + key + " is no text");
    texts.emplace(key, text.text);
  }
  return texts;
}

Result<void> read_facts(const JsonValue& value, CaseJob& job) {
  OSTLER_TRY(check_object(value, "facts", kGivenFacts));
  OSTLER_TRY(const auto facts, read_texts(value, "facts"));
  job.facts.assign(facts.begin(), facts.end());
  return success();
}

Result<void> read_attempt(const JsonValue& value, CaseJob& job) {
  const char* end = value.text.data() + value.text.size();
  const auto read = std::from_chars(value.text.data(), end, job.attempt);
  const bool is_number = value.type == JobType::Number && read.ec == std::errc();
  if (is_number && read.ptr == end && job.attempt > 0) return success();
  return job_fault("attempt is no whole number from 1 on");
}

Result<void> read_variables(const JsonValue& value, CaseJob& job) {
  OSTLER_TRY(const auto variables, read_texts(value, "environment"));
  for (const auto& [name, text] : variables) job.variables.insert_or_assign(name, text);
  return success();
}

Result<CaseJob::Step> read_step(const JsonValue& value, const std::string& name) {
  OSTLER_TRY(check_object(value, name, {"outcome", "outputs"}));
  CaseJob::Step step;
  if (const JsonValue* outcome = value.member("outcome")) {
    step.outcome = outcome->text;
    const bool is_known = std::ranges::find(kOutcomes, step.outcome) != std::end(kOutcomes);
    if (!is_known || outcome->type != JobType::String) {
      return job_fault(name + "/outcome is none of " + joined(kOutcomes, ", "));
    }
  }
  if (const JsonValue* outputs = value.member("outputs")) {
    OSTLER_TRY(check_object(*outputs, name + "/outputs", {}));
    for (const auto& [key, json] : outputs->members) step.outputs[key] = canonical_json(json);
  }
  return step;
}

Result<void> read_steps(const JsonValue& value, CaseJob& job) {
  OSTLER_TRY(check_object(value, "steps", {}));
  for (const auto& [key, step] : value.members) {
    OSTLER_TRY(job.steps[key], read_step(step, "steps/" + key));
  }
  return success();
}

Result<void> read_meta_data(const JsonValue& value, CaseJob& job) {
  OSTLER_TRY(job.meta_data, read_texts(value, "meta_data"));
  return success();
}

Result<void> read_state(const JsonValue& value, CaseJob& job) {
  OSTLER_TRY(check_object(value, "state", {"pipeline", "host", "everywhere"}));
  for (const auto& [scope, values] : value.members) {
    OSTLER_TRY(const auto texts, read_texts(values, "state/" + scope));
    for (const auto& [key, text] : texts) job.state.push_back({scope, key, text});
  }
  return success();
}

Result<void> read_locks(const JsonValue& value, CaseJob& job) {
  if (value.type != JobType::Array) return job_fault("locks is no array");
  for (const JsonValue& name : value.items) {
    if (name.type != JobType::String) return job_fault("locks has what is no text");
    job.locks.push_back(name.text);
  }
  return success();
}

using PartReader = Result<void> (*)(const JsonValue& value, CaseJob& job);
constexpr std::pair<std::string_view, PartReader> kParts[] = {
    {"facts", read_facts}, {"attempt", read_attempt},     {"environment", read_variables},
    {"steps", read_steps}, {"meta_data", read_meta_data}, {"state", read_state},
    {"locks", read_locks}};

Result<CaseJob> parse_case_job(const std::string& text) {
  OSTLER_TRY(const JsonValue all, plugin_host::parse_json(text, {.size = kLongestCaseJob}));
  std::vector<std::string_view> known;
  for (const auto& [name, read] : kParts) known.push_back(name);
  OSTLER_TRY(check_object(all, "job", known));
  CaseJob job;
  for (const auto& [name, read] : kParts) {
    if (const JsonValue* part = all.member(name)) {
      OSTLER_TRY(read(*part, job));
    }
  }
  return job;
}

}  // namespace

Result<std::optional<CaseJob>> read_case_job(const std::filesystem::path& file) {
  const auto text = files::read_file(file, kLongestCaseJob);
  if (!text && text.error().code() == Errc::NotFound) return std::optional<CaseJob>();
  if (!text) return text.error();
  auto job = parse_case_job(text.value());
  if (!job) return std::move(job).error().with_context(file.filename().string());
  return std::optional(std::move(job).value());
}

}  // namespace ostler::cli
