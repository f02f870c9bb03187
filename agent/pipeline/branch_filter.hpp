// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace ostler::pipeline {

/// Whether a branch passes a filter: space-separated patterns, in which "*" stands for any run of
/// characters and a leading "!" turns the meaning round. It passes when it matches a plain pattern
/// (or there is none) and no turned one; a blank filter lets every branch pass.
/// Source: pipeline-yaml, 22.
bool matches_branch(std::string_view filter, std::string_view branch);

}  // namespace ostler::pipeline
