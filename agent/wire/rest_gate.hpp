// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/gate.hpp"
#include "wire/rest_json.hpp"
#include "wire/rest_pipeline.hpp"

// Blocks and inputs, and how a person opens them, in both directions. What such a step asks is our
// own addition to its job. Source: rest-api, 10.3 and 10.7; agent/docs/rest-api.md.
namespace ostler::wire {

/// Adds what a person is asked to the object of a job.
void add_rest_gate(JsonObjectText& object, const model::Gate& gate);
/// The same of the object of a job. Errors: Protocol.
Result<model::Gate> decode_rest_gate(const nlohmann::json& job);

/// What a request that opens a gate says.
struct RestUnblock {
  std::string unblocker;  ///< id of a user; empty: whoever asks
  std::map<std::string, std::string> fields;
};
/// A list is a text with a line for each of its items.
/// Errors: Protocol when the text is not a JSON object.
Result<RestDecoded<RestUnblock>> decode_rest_unblock(std::string_view body);
std::string encode_rest_unblock(const std::map<std::string, std::string>& fields);

}  // namespace ostler::wire
