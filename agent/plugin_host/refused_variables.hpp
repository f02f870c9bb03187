// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace ostler::plugin_host {

/// Variables that no step plugin may set: through them it would act outside its box.
struct RefusedVariable {
  std::string_view pattern;  ///< a name, or with one star at its beginning or end
  std::string_view reason;
};

std::span<const RefusedVariable> refused_variables();

/// What refuses `name`; null when nothing does.
const RefusedVariable* refusal_of(std::string_view name);

/// Whether it has a program load what it names, before the program does anything.
bool is_obeyed_by_loaders(std::string_view name);

}  // namespace ostler::plugin_host
