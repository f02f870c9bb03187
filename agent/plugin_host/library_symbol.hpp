// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ostler::plugin_host {

/// The functions of a shared object that the offsets lie in, one for each, as function_name() gives
/// them; empty where the object does not say. `elf` may be anything; its table is read once.
std::vector<std::string> symbols_at(std::string_view elf, std::span<const std::uint64_t> offsets);

}  // namespace ostler::plugin_host
