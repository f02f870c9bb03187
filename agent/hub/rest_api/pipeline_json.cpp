// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/pipeline_json.hpp"

#include "pipeline/parse.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::rest_api {

std::string pipeline_json(const model::Pipeline& pipeline, const wire::RestUrls& urls) {
  const auto parsed = pipeline::parse(pipeline.settings.configuration, pipeline.settings.env);
  const std::string steps = parsed ? wire::encode_rest_steps(parsed.value().steps) : "[]";
  return wire::encode_rest_pipeline(pipeline, steps, urls);
}

}  // namespace ostler::rest_api
