// SPDX-License-Identifier: Apache-2.0
#include "worker/metric_calls.hpp"

#include "log/lines.hpp"
#include "plugin_host/metric_call.hpp"
#include "worker/state_calls.hpp"
#include "worker/step_events.hpp"

namespace ostler::worker {

Result<void> tell_metric(JobContext& job, const std::string& plugin, const std::string& method,
                         const std::vector<std::string>& arguments) {
  OSTLER_TRY(const plugin_host::Metric metric, plugin_host::read_metric_call(method, arguments));
  for (const std::string& text : {metric.name, metric.value}) {
    if (job.log.redacted(text) == text) continue;
    return Error(Errc::Denied, "a metric has a secret of the job in it");
  }
  if (job.metrics == plugin_host::kMostMetrics) {
    return Error(Errc::UserFault, "the job has told 500 metrics already; tell sums");
  }
  ++job.metrics;
  if (check_server_keeps(job, "events")) {
    job.link.post(metric_event(plugin, metric));
  } else {
    job.log.line(log::comment(describe(metric)));
  }
  return success();
}

}  // namespace ostler::worker
