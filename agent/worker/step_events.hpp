// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "plugin_host/box_usage.hpp"
#include "plugin_host/metric_call.hpp"
#include "plugin_host/step_log.hpp"
#include "plugin_host/step_result.hpp"
#include "supervise/message.hpp"
#include "worker/job_log.hpp"

// What a step plugin comes to, as events for the journal, without the secrets of the job. Kinds and
// their JSON: agent/docs/step-plugins.md.
namespace ostler::worker {

supervise::Event progress_event(JobLog& log, const plugin_host::Progress& progress);
/// `json` is the output. Requires, as the next: no secret of the job is in it.
supervise::Event output_event(const std::string& plugin, const std::string& name,
                              const std::string& json);
/// Of one that was not run there is no usage.
supervise::Event result_event(const std::string& plugin, const plugin_host::StepResult& result,
                              const std::optional<plugin_host::BoxUsage>& usage = {});

/// Requires: no secret of the job is in it.
supervise::Event metric_event(const std::string& plugin, const plugin_host::Metric& metric);

/// What tests and tools have found.
struct Report {
  std::string kind;  ///< "junit", "coverage", "sarif" or "table"
  std::string name;
  std::string summary;  ///< JSON
};
/// Requires: no secret of the job is in it.
supervise::Event report_event(const std::string& plugin, const Report& report);

}  // namespace ostler::worker
