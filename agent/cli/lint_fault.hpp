// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/pipeline_input.hpp"
#include "pipeline/fault_list.hpp"

namespace ostler::cli {

enum class LintSeverity : std::uint8_t {
  Fault,
  Warning,  ///< it may do harm, and is no reason to refuse the file
};

/// A fault of a pipeline file as data.
struct LintFault {
  std::string file;
  model::SourcePosition at;  ///< line 0: nowhere in particular
  std::string text;          ///< of that line, of a long one its beginning; empty: there is none
  std::string reason;        ///< what is wrong and what to do
  LintSeverity severity = LintSeverity::Fault;
};

/// Those of a list, which names their place, in the order of the text.
std::vector<LintFault> lint_faults(const pipeline::FaultList& faults, const PipelineInput& input,
                                   LintSeverity severity = LintSeverity::Fault);

/// A JSON array of them.
std::string encode(const std::vector<LintFault>& faults);

}  // namespace ostler::cli
