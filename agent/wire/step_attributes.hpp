// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/step_view.hpp"

namespace ostler::wire {

/// What `step get` prints of a step: one attribute, or all of them as an object when `attribute` is
/// empty. `format` is "json", or empty for text, which only a simple value has; an absent value is
/// the empty text, and the object is JSON either way.
/// Errors: UserFault for an attribute or format that there is not, and for a complex value as text.
Result<std::string> step_attribute(const model::StepView& step, std::string_view attribute,
                                   std::string_view format);

}  // namespace ostler::wire
