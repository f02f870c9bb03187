// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ostler::pipeline {

/// The plugins of a step, a JSON text in any of the forms that a pipeline may have, as a list of
/// objects that each have one plugin's full source and its configuration, or null.
/// Errors: UserFault when it has none of these forms.
/// Source: reference/pipeline-yaml.md 15.4.
Result<std::string> plugin_list(std::string_view json);

}  // namespace ostler::pipeline
