// SPDX-License-Identifier: Apache-2.0
#include "hub/sweep_log.hpp"

#include <string>

#include "diag/log.hpp"

namespace ostler::hub {
namespace {

void log_lost(const store::LostAgent& lost) {
  const std::string id = lost.agent.str();
  const std::string heard_at = format_rfc3339(lost.heard_at);
  if (!lost.job || !lost.ends_at) {
    diag::warn("an agent is lost, it gets no jobs until it is heard again",
               {{"agent", lost.name}, {"agent_id", id}, {"last_heard", heard_at}});
    return;
  }
  diag::warn("an agent is lost, its job ends with -1 unless it is heard again in time",
             {{"agent", lost.name},
              {"agent_id", id},
              {"last_heard", heard_at},
              {"job", lost.job->str()},
              {"job_ends_at", format_rfc3339(*lost.ends_at)}});
}

/// What has happened and what happens next.
std::string_view line_of(store::Overdue what) {
  switch (what) {
    case store::Overdue::Lease:
      return "the lease of a job's agent has ended, the job ends with -1 and is not run again";
    case store::Overdue::Start:
      return "a job was accepted and not started in time, it ends with -1 and is not run again";
    case store::Overdue::Timeout: return "a job's time is over, its agent is told to stop it";
    case store::Overdue::Wait: return "no agent has taken a job in time, it expires";
  }
  return "";
}

bool is_loss(store::Overdue what) {
  return what == store::Overdue::Lease || what == store::Overdue::Start;
}

void log_overdue(const store::OverdueJob& job) {
  diag::log(is_loss(job.what) ? diag::Level::Warn : diag::Level::Notice, line_of(job.what),
            {{"job", job.job.str()},
             {"build", job.pipeline + "/" + std::to_string(job.build)},
             {"build_state", std::string(model::to_string(job.build_state))},
             {"agent", job.agent_name},
             {"agent_id", job.agent ? job.agent->str() : ""}});
}

}  // namespace

void log_sweep(const store::SweepResult& swept) {
  for (const auto& lost : swept.lost) log_lost(lost);
  for (const auto& job : swept.overdue) log_overdue(job);
}

}  // namespace ostler::hub
