// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "plugin_host/bundle.hpp"

namespace ostler::cli {

/// Maps a plugin in a box of its own and has it make its step, which is not run. Says why that does
/// not work; empty when it does. Errors: there is no box.
Result<std::string> fault_when_looked_at(const plugin_host::Bundle& bundle);
/// The same of a shared object that no manifest names.
Result<std::string> fault_when_looked_at(const std::filesystem::path& library);

}  // namespace ostler::cli
