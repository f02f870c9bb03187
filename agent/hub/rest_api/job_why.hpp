// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/agent.hpp"
#include "model/cluster.hpp"
#include "model/job.hpp"

namespace ostler::rest_api {

/// Why a job does not run, as one sentence for people, and what it is about for programs.
struct WhyReason {
  std::string kind;     ///< "dependency", "gate", "concurrency", "queue", "agent", "tag", "build",
                        ///< "state"
  std::string message;  ///< "no agent of queue linux has gpu=true; the nearest is box-7"
};

/// What is to be said of the job of a trigger that waits for its build or has had it.
std::optional<WhyReason> why_of_trigger(const model::Job& job);

/// So many of a kind are told by name.
constexpr std::size_t kMostNamed = 3;

/// What jobs are called that agents run: "step "deploy" of app #41".
using JobNames = std::map<JobId, std::string>;

/// Those that have the tags which the job demands, in the same order.
std::vector<const model::Agent*> fitting_agents(const model::Job& job,
                                                const std::vector<model::Agent>& agents);

/// What is told of the queue in which a job waits.
struct QueueFacts {
  const model::Queue& queue;
  const std::vector<model::Agent>& agents;  ///< the connected ones
  const JobNames& names;                    ///< what those run that fit, of those that are known
  const std::string& public_url;            ///< of the hub, which agents are to join
};

/// Why a job that waits for an agent has none: its queue is paused, no agent of the queue is there
/// or has its tags, or those that have are not free.
WhyReason why_without_agent(const model::Job& job, const QueueFacts& facts);

/// What a job is called that another one waits for: "test", or its command or id.
std::string name_of_step(const model::Job& job);

}  // namespace ostler::rest_api
