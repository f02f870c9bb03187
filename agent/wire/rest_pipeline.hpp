// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/pipeline.hpp"
#include "wire/rest_error.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::wire {

/// {id, graphql_id, name, email, avatar_url, created_at}.
std::string encode_rest_user(const model::User& user);

/// The steps of a pipeline's configuration as REST sums them up: a JSON array.
/// Source: rest-api, 8.3.
std::string encode_rest_steps(const std::vector<model::StepDefinition>& steps);

/// A pipeline object; `steps` is a JSON array. Source: rest-api, 8.1 and 8.2.
std::string encode_rest_pipeline(const model::Pipeline& pipeline, std::string_view steps,
                                 const RestUrls& urls);

/// The body of a request that makes a pipeline.
struct RestPipelineRequest {
  model::PipelineSettings settings;  ///< slug: as given, or made from the name
  std::string cluster_id;            ///< empty: the default cluster
  bool sets_poll = false;            ///< `poll_interval_seconds` is named
};

/// What a request's body was found to be: a value, or every fault of its fields.
template <class T>
struct RestDecoded {
  T value;
  std::vector<RestFieldError> errors;  ///< empty: `value` is whole
};

/// Unknown fields are ignored and null is an absent field.
/// Errors: Protocol when the text is not a JSON object, with the place of the fault.
Result<RestDecoded<RestPipelineRequest>> decode_rest_pipeline_request(std::string_view json);

/// `settings` with what the body of a change names: a new name brings a new slug unless one is
/// given, 0 ends polling and timeouts, `env` is left to the YAML. Errors: as
/// decode_rest_pipeline_request. Source: rest-api, 8.5.
Result<RestDecoded<RestPipelineRequest>> decode_rest_pipeline_change(
    std::string_view json, model::PipelineSettings settings);

/// The slug of a name: lower case, runs of spaces become one hyphen, at most 100 characters.
std::string slug_of(std::string_view name);

}  // namespace ostler::wire
