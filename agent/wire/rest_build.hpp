// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/build.hpp"
#include "model/pipeline.hpp"
#include "wire/rest_pipeline.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::wire {

/// "passed": the word for a state. A build object shows a blocked build otherwise.
/// Source: rest-api, 9.3.
std::string_view rest_build_state(model::BuildState state);

/// "api": where a build came from, as REST prints it.
std::string_view rest_build_source(model::BuildSource source);

/// The states that a value of the `state` filter selects; empty when it selects builds that do
/// not exist here (such as "skipped"); none when it is no state. Source: rest-api, 9.1.
std::optional<std::vector<model::BuildState>> rest_build_state_filter(std::string_view name);

/// The parts of a build object that are asked for. Each is JSON; empty: left out.
struct RestBuildParts {
  std::string pipeline;
  std::string jobs;  ///< an array
  std::string job_state_counts;
  bool test_engine = false;                          ///< says that there are no runs of it
  std::optional<std::int64_t> retried_jobs_count{};  ///< of an answer to a retry
};

/// A build object. Source: rest-api, 9.2.
std::string encode_rest_build(const model::Build& build, const model::Pipeline& pipeline,
                              const RestBuildParts& parts, const RestUrls& urls);

/// The body of a request that makes a build. Source: rest-api, 9.4.
struct RestBuildRequest {
  model::BuildRequest build;
  model::Variables meta_data;
  bool ignore_pipeline_branch_filters = false;
};

/// Unknown fields are ignored and null is an absent field; an empty author is none.
/// Errors: Protocol when the text is not a JSON object, with the place of the fault.
Result<RestDecoded<RestBuildRequest>> decode_rest_build_request(std::string_view json);

}  // namespace ostler::wire
