// SPDX-License-Identifier: Apache-2.0
#include "worker/phase.hpp"

namespace ostler::worker {

namespace asio = boost::asio;

namespace {

bool always(const JobContext&) { return true; }

bool is_prepared(const JobContext& job) {
  return !job.result.preparation && !job.cancellation.is_cancelled();
}

bool is_checked_out(const JobContext& job) {
  return job.result.may_run_command() && !job.cancellation.is_cancelled();
}

bool has_artifacts(const JobContext& job) {
  return job.result.command && !job.cancellation.is_killed() &&
         !environment::value_of(job.env, "BUILDKITE_ARTIFACT_PATHS").empty();
}

constexpr Phase kPhases[] = {
    {"prepare", always, prepare},
    {"checkout", is_prepared, check_out},
    {"command", is_checked_out, run_command},
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
