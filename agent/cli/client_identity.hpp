// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "wire/local_api.hpp"
#include "wire/rest_answers.hpp"

namespace ostler::cli {

/// A JSON object: the hub that commands speak to, and as whom; no token's text.
std::string identity_json(const wire::HubAccess& access, const wire::RestTokenAnswer& who);

}  // namespace ostler::cli
