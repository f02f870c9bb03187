// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "pipeline/fault_list.hpp"
#include "pipeline/plan_upload.hpp"
#include "store/sqlite/upload_site.hpp"

namespace ostler::store::sqlite {

/// Whether the jobs are as few as an upload, and a build of `most_jobs`, may have; else a fault.
bool check_upload_jobs(const Site& site, const model::PipelineDefinition& definition,
                       std::size_t most_jobs, pipeline::FaultList& faults);

/// That the build would get too much env is a fault.
Result<void> check_upload_env(Connection& database, BuildId build,
                              const model::PipelineDefinition& definition,
                              pipeline::FaultList& faults);

/// That the build would get too many dependencies is a fault.
void check_upload_edges(const Site& site, const pipeline::UploadPlan& plan,
                        pipeline::FaultList& faults);

}  // namespace ostler::store::sqlite
