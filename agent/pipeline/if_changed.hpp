// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pipeline/read_upload.hpp"

namespace ostler::pipeline {

/// An `if_changed`: globs over the paths of changed files. One counts when it matches an `include`
/// and no `exclude`.
struct ChangedFileGlobs {
  std::vector<std::string> include;
  std::vector<std::string> exclude;

  auto operator<=>(const ChangedFileGlobs&) const = default;
};

/// Whether a file that counts has changed. An error: that cannot be said, and the step runs. None:
/// all such steps run, and nothing is said.
using ChangeTest = std::function<Result<bool>(const ChangedFileGlobs&)>;

/// Takes `if_changed` out of the command, trigger and group steps of `document`. Where `test` says
/// that nothing has changed, `skip` says so instead. What cannot be understood or tested runs: the
/// result says so, a sentence for each. Source: job-lifecycle 9.7.
std::vector<std::string> apply_if_changed(UploadDocument& document, const ChangeTest& test);

}  // namespace ostler::pipeline
