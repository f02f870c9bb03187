// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "wire/rest_answers.hpp"

namespace ostler::wire {

/// What a job is called, as it was written: its label, else its key, else its command, the pipeline
/// that it builds, or what it asks a person; empty when it has nothing of these.
std::string rest_job_words(const RestJobAnswer& job);

/// Sets `distinction` of the jobs of a build that are called alike: which of parallel ones, the
/// values of the matrix, else the key or as much of the id as it takes. Attempts of one job are no
/// others.
void tell_jobs_apart(std::vector<RestJobAnswer>& jobs);

}  // namespace ostler::wire
