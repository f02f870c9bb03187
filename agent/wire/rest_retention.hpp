// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "model/pipeline.hpp"
#include "wire/rest_fields.hpp"

// What a pipeline keeps, as the object "retention" of a pipeline. Ours: Buildkite has no such
// thing.
namespace ostler::wire {

/// Reads the object into `into`, all of it: what it leaves out is as the hub says.
void read_rest_retention(RestFields& fields, model::Retention& into);
std::string encode_rest_retention(const model::Retention& retention);

/// Sets the number of that name ("builds_days"). False when there is no such name, or the number is
/// less than 0 or more than a billion.
bool set_rest_retention(model::Retention& retention, std::string_view name, std::int64_t number);

}  // namespace ostler::wire
