// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "net/http_message.hpp"
#include "plugin_host/step_files.hpp"

namespace ostler::plugin_host {

/// A file of a step as the body of its request.
/// Errors: as open_readable_file(); UserFault for one of more than 5 GiB.
Result<net::OpenFileBody> open_http_body(const StepRoots& roots, const std::string& path);

/// SHA-256 of a body that is a text or such a file, in lower-case hex.
/// Errors: Conflict when the file was changed since; others of the file system.
Result<std::string> digest_of_body(const net::HttpBody& body);

}  // namespace ostler::plugin_host
