// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "base/result.hpp"
#include "pipeline/plan_upload.hpp"
#include "store/sqlite/upload_site.hpp"

namespace ostler::store::sqlite {

/// Errors: UserFault when the build would get too much, or more jobs than `most_jobs`.
Result<void> check_upload_limits(Connection& database, BuildId build, const Site& site,
                                 const pipeline::UploadPlan& plan, std::size_t most_jobs);

}  // namespace ostler::store::sqlite
