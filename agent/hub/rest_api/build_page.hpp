// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "hub/rest_api/build_json.hpp"

namespace ostler::rest_api {

/// The body of a page of builds, in its order: one text, or, when they have thousands of jobs, one
/// that is made while it is sent, so that no more than one build is held at a time.
Lookup<decltype(net::ServerResponse::body)> build_page(const Backend& backend, wire::RestUrls urls,
                                                       std::vector<model::Build> builds,
                                                       BuildView view);

}  // namespace ostler::rest_api
