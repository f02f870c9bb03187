// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "checkout/progress_log.hpp"
#include "checkout/settings.hpp"
#include "git/repository.hpp"

namespace ostler::checkout {

/// Opens the repository in the checkout directory, or makes one whose objects are those of
/// `mirror`. What an earlier job broke there (no references, another work tree, objects that are
/// not there, left-over locks) is put right or thrown away. Requires: the directory exists.
Result<git::Repository> open_workspace(const Settings& settings, const git::Repository& mirror,
                                       JobLog& log);

}  // namespace ostler::checkout
