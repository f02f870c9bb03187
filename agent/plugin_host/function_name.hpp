// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ostler::plugin_host {

/// The name of a function as a person reads it, of one line of printable characters and bounded
/// length: "deploy::send(std::string const&)" for "_ZN6deploy4sendERKSs". A name of another
/// language, or one that would take long to take apart, stays as the linker has it. It may be
/// anything.
std::string function_name(std::string_view linker_name);

}  // namespace ostler::plugin_host
