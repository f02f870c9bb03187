// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/pipeline_definition.hpp"

namespace ostler::store::sqlite {

/// What a trigger step asks for as the store keeps it, in JSON.
std::string trigger_text(const model::Trigger& trigger);
/// None when the text is not of that form.
std::optional<model::Trigger> read_trigger(std::string_view text);

}  // namespace ostler::store::sqlite
