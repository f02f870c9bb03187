// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/pipeline.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::rest_api {

/// A pipeline object with the summary of its steps, which is empty for a configuration that can
/// only be read with a build's environment.
std::string pipeline_json(const model::Pipeline& pipeline, const wire::RestUrls& urls);

}  // namespace ostler::rest_api
