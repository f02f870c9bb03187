// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hub/rest_api/lookup.hpp"

namespace ostler::rest_api {

/// Which parts of a build are asked for.
struct BuildView {
  bool jobs = true;
  bool pipeline = true;
  bool job_counts = false;
  bool retried_jobs = false;                 ///< else the last attempts only
  std::vector<std::string> job_states = {};  ///< as REST prints them; empty: any
  std::vector<QueueId> left_out = {};        ///< queues whose jobs are not shown
  bool test_engine = false;

  std::optional<std::int64_t> retried_jobs_count = {};  ///< says what a retry has done

  static BuildView read(const Query& query);
};

/// A build object with the parts of `view`.
Lookup<std::string> build_json(const Backend& backend, const FoundBuild& found, BuildView view);

/// A job object.
Lookup<std::string> job_json(const Backend& backend, const FoundBuild& in, const model::Job& job);
/// That of the job which an agent holds. Requires: it holds one. Errors: NotFound when it is gone.
Lookup<std::string> held_job_json(const Backend& backend, model::Organization organization,
                                  const model::Agent& agent);

/// The agents that hold or held `jobs`, each once, sorted by id.
Lookup<std::vector<model::Agent>> agents_of(const Backend& backend,
                                            const std::vector<model::Job>& jobs);
/// The one of `agents` that took the job; nullptr when none did.
const model::Agent* agent_of(const model::Job& job, const std::vector<model::Agent>& agents);

}  // namespace ostler::rest_api
