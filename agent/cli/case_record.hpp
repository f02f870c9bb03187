// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "cli/plugin_case.hpp"

namespace ostler::cli {

/// Runs the plugin of a case with the real servers that its manifest names and in real time, and
/// writes what they answer to the case's NAME.http.json. How many exchanges: without one, where
/// there was no file, none is written. Errors: the plugin could not be run, or took too long.
Result<std::size_t> record_case(const plugin_host::Bundle& bundle, const PluginCase& golden,
                                std::chrono::seconds limit);

}  // namespace ostler::cli
