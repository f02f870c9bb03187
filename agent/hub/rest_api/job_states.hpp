// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "hub/rest_api/query.hpp"

namespace ostler::rest_api {

/// The states of jobs that `name` and "name[]" ask for; empty: any.
/// Errors: UserFault for a word that is no state.
Result<std::vector<std::string>> read_job_states(const Query& query, std::string_view name);

}  // namespace ostler::rest_api
