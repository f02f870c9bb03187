// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::cli {

using GateAnswers = std::map<std::string, std::string>;  // by the keys of the fields

/// What is said to a gate: `given`, and what a person at the terminal answers to the fields that
/// are not in it. Where there is no terminal the defaults hold.
/// Errors: UserFault, naming what is wrong or missing and how to give it.
Result<GateAnswers> fill_gate_form(const wire::RestJobAnswer& gate, GateAnswers given);

/// What of `given` a gate asks for. Errors: UserFault, as fill_gate_form, of a field that is wrong,
/// or that is missing and has no default.
Result<GateAnswers> answers_to(const wire::RestJobAnswer& gate, const GateAnswers& given);

/// Errors: UserFault, naming what is given and no gate of the build asks for.
Result<void> require_asked(const wire::RestBuildAnswer& build, const GateAnswers& given);

/// "key=value" each; a key that is given again adds a line. Errors: UserFault.
Result<GateAnswers> read_gate_answers(const std::vector<std::string>& options);

}  // namespace ostler::cli
