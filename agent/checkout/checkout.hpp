// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "checkout/interrupter.hpp"
#include "checkout/progress_log.hpp"
#include "checkout/settings.hpp"
#include "git/repository.hpp"

namespace ostler::checkout {

struct CheckedOut {
  std::string commit;  ///< 40 hex
  std::filesystem::path mirror;
  git::CommitDescription description;
};

/// Makes the checkout directory an ordinary repository at the built commit, retrying what may heal.
/// Everything is told in the job's log, but for the final error.
/// Errors: one sentence on what, where and what to do. Timeout with native() kMirrorLockTimeout;
/// NotFound (repository, commit, reference), Denied, Unavailable, UserFault (the commit is not on
/// its branch; submodules), Cancelled.
/// Killed at any point it leaves nothing that the next one cannot put right.
Result<CheckedOut> check_out(const Settings& settings, JobLog& log, Interrupter& interrupter);

}  // namespace ostler::checkout
