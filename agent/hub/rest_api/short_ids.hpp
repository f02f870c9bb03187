// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hub/rest_api/lookup.hpp"

// A path may name a build or a job by the beginning of its id.
namespace ostler::rest_api {

/// Errors: NotFound, saying `missing`, when no build has such an id; Conflict, with those that
/// begin so, when there are several.
Lookup<BuildId> find_build_id(const Backend& backend, std::string text, std::string_view missing);
Lookup<JobId> find_job_id(const Backend& backend, std::string text, std::string_view missing);

}  // namespace ostler::rest_api
