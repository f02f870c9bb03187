// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/gate.hpp"

// What a step keeps of a block or an input, as JSON.
namespace ostler::store::sqlite {

std::string gate_text(const model::Gate& gate);
/// None when the text is not of `gate_text`.
std::optional<model::Gate> read_gate(std::string_view text);

}  // namespace ostler::store::sqlite
