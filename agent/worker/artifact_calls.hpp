// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "worker/service_calls.hpp"

namespace ostler::worker {

/// The build whose artifacts are meant: the job's own when none is given.
std::string build_of_artifacts(const JobContext& job, const std::string& given);

/// Calls of ostler.artifact/1 that the server answers.
std::span<const ServiceMethod> artifact_methods();

}  // namespace ostler::worker
