// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ostler::plugin_host {

/// The function of a shared object that an offset lies in, as function_name() gives it; empty when
/// the object does not say. `elf` may be anything.
std::string symbol_at(std::string_view elf, std::uint64_t offset);

}  // namespace ostler::plugin_host
