// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/rest_api/call.hpp"

// Plugins that are published already: they are downloaded, and taken off.
namespace ostler::rest_api {

Answer download_plugin_archive(const Backend& backend, Call call);
Answer unpublish_plugin(const Backend& backend, Call call);

}  // namespace ostler::rest_api
