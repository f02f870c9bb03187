// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/plan_upload.hpp"
#include "store/sqlite/upload_site.hpp"

namespace ostler::store::sqlite {

/// That the build would get too much env, or more jobs than `most_jobs`, is a fault.
Result<void> check_upload_limits(Connection& database, BuildId build, const Site& site,
                                 const model::PipelineDefinition& definition, std::size_t most_jobs,
                                 pipeline::FaultList& faults);

/// That the build would get too many dependencies is a fault.
void check_upload_edges(const Site& site, const pipeline::UploadPlan& plan,
                        pipeline::FaultList& faults);

}  // namespace ostler::store::sqlite
