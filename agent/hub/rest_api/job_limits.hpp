// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "hub/rest_api/job_why.hpp"
#include "hub/rest_api/lookup.hpp"

namespace ostler::rest_api {

/// "step "deploy" of app #41"
Lookup<std::string> name_of_job(const Backend& backend, const model::Job& job);

/// Why a job that its concurrency group holds back is held back: who has the slots, and who goes
/// before it.
Lookup<std::vector<WhyReason>> why_limited(const Backend& backend, JobId limited);

}  // namespace ostler::rest_api
