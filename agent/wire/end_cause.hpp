// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/end_cause.hpp"

namespace ostler::wire {

/// Header of finish: the word for why the job ended, where the protocol has none. Other servers
/// take no notice of it.
inline constexpr std::string_view kEndCauseHeader = "Ostler-End-Cause";

/// "out_of_memory"; empty for none.
std::string_view end_cause_word(std::optional<model::EndCause> cause);
/// None: no such word.
std::optional<model::EndCause> end_cause_of(std::string_view word);

}  // namespace ostler::wire
