// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "model/job_environment.hpp"
#include "store/sqlite/connection.hpp"

namespace ostler::store::sqlite {

/// Everything that the environment of a job is made of.
Result<model::JobSurroundings> load_surroundings(Connection& database, model::Job job,
                                                 const std::string& public_url);

}  // namespace ostler::store::sqlite
