// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/rest_api/call.hpp"

// Handlers that are about the API itself.
namespace ostler::rest_api {

// open_api.cpp
Answer get_open_api(const Backend& backend, Call call);

// graphql.cpp
Answer graphql(const Backend& backend, Call call);

}  // namespace ostler::rest_api
