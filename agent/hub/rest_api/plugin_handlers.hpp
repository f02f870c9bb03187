// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/rest_api/call.hpp"

// What changes the plugins that are published already.
namespace ostler::rest_api {

Answer unpublish_plugin(const Backend& backend, Call call);

}  // namespace ostler::rest_api
