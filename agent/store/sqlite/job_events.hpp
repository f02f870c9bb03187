// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/job_events.hpp"
#include "store/page.hpp"
#include "store/sqlite/connection.hpp"

// Reads and writes of store/job_events.hpp, as those of commands.hpp and queries.hpp.
namespace ostler::store::sqlite {

Result<void> keep_job_events(Connection& database, const KeepJobEvents& command);
Result<Page<JobEvent>> list_job_events(Connection& database, JobId job, const PageRequest& page);

}  // namespace ostler::store::sqlite
