// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/concurrency.hpp"
#include "store/sqlite/connection.hpp"

// Concurrency groups. Who holds a slot and who stands in line follows from the states of the jobs:
// no counter can go wrong, and no end of a job can forget to give its slot back.
namespace ostler::store::sqlite {

/// Puts a new job into the group that its step names, which is made when it is not there.
Result<model::ConcurrencyGroupId> join_group(Connection& database, OrganizationId organization,
                                             JobId job, const model::Concurrency& concurrency);

/// Limited jobs of a group that its slots have room for now, in the order in which they go. None is
/// left out that may go when none is returned; after the returned ones are admitted there may be
/// more.
Result<std::vector<JobId>> admissible_jobs(Connection& database, model::ConcurrencyGroupId group);

/// The groups that the jobs of a step are in.
Result<std::vector<model::ConcurrencyGroupId>> groups_of_step(Connection& database, StepId step);

/// Forgets a group that has lost its last job.
Result<void> forget_unused_group(Connection& database, model::ConcurrencyGroupId group);

}  // namespace ostler::store::sqlite
