// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "wire/rest_answers.hpp"

// Addresses of repositories, as a person gives them and is shown them.
namespace ostler::cli {

/// The address to store for one that a person gave: of a directory on this machine its absolute
/// path, or that of the repository around it; anything else as it is. An absolute path may be one
/// of the agents' machines.
/// Errors: UserFault when it is neither URL, host:path nor directory.
Result<std::string> given_repository(const std::string& text);

/// What `--json` of a command says of itself that answers with pipelines, or builds of them.
inline constexpr const char* kPipelineJsonHelp =
    "Print the REST API's answer, without the credentials in addresses of repositories";

/// A pipeline without user name and password in the address of its repository.
wire::RestPipelineAnswer without_credentials(wire::RestPipelineAnswer pipeline);
/// The same of what REST answers: pipelines or builds, one or several. Errors: Protocol.
Result<std::string> without_credentials(const std::string& json);

}  // namespace ostler::cli
