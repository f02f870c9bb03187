// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "hub/rest_api/lookup.hpp"

namespace ostler::rest_api {

/// Why no webhook is made where the pipeline's repository is, and what comes instead.
std::string refusal_of_webhook(const model::Pipeline& pipeline);

}  // namespace ostler::rest_api
