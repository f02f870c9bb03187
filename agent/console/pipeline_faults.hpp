// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "pipeline/fault_list.hpp"

namespace ostler::console {

/// The line of `text` of this number, from 1 on, as it stands there, for programs; of a long one
/// its beginning and "…". Empty where there is no such line.
std::string source_line(std::string_view text, int number);

/// The line of `text` where something is and, on a second one, a caret under the place; both
/// indented, long lines cut. Empty where there is no such line. Safe for a terminal.
std::string source_excerpt(std::string_view text, model::SourcePosition at);

/// The faults of a pipeline for its author: UserFault with the line of each and its excerpt. Safe
/// for a terminal.
Error shown_faults(const pipeline::FaultList& faults, std::string_view text);

/// The same of faults that are known by their lines alone, as FaultList::error has them: those that
/// begin with `file` and a place of `text` get their excerpts.
Error shown_faults(const Error& faults, std::string_view file, std::string_view text);

}  // namespace ostler::console
