// SPDX-License-Identifier: Apache-2.0
#include "worker/phase.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

bool always(const JobContext&) { return true; }

bool is_prepared(const JobContext& job) {
  return !job.result.preparation && !job.cancellation.is_cancelled();
}

bool is_ready_for_command(const JobContext& job) {
  return job.result.may_run_command() && !job.cancellation.is_cancelled();
}

bool has_plugins_to_find(const JobContext& job) {
  return job.step_plugin_count > 0 && is_ready_for_command(job);
}

bool has_artifacts(const JobContext& job) {
  return job.result.command && !job.cancellation.is_killed() &&
         !environment::value_of(job.env, "BUILDKITE_ARTIFACT_PATHS").empty();
}

constexpr Phase kPhases[] = {
    {"prepare", always, prepare},
    {"checkout", is_prepared, check_out},
    {"plugins", has_plugins_to_find, find_plugins},
    {"command", is_ready_for_command, run_command},
    {"artifacts", has_artifacts, upload_artifacts},
    {"teardown", always, tear_down},
};

}  // namespace

std::span<const Phase> phases() { return kPhases; }

asio::awaitable<void> run_phases(JobContext& job) {
  for (const Phase& phase : phases()) {
    if (!phase.is_due(job)) continue;
    const std::string name(phase.name);
    job.link.post(supervise::PhaseBegin{name, "{}"});
    co_await phase.run(job);
    job.log.push();
    job.link.post(supervise::PhaseEnd{name, "{}"});
  }
}

}  // namespace ostler::worker
