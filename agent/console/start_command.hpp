// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ostler::console {

/// What people type to start an agent of a queue of the hub at `url`, with TOKEN where the agent
/// token belongs. `tags` are as the command takes them: "gpu=true,os=linux"; empty: none.
std::string agent_start_command(const std::string& url, const std::string& queue,
                                const std::string& tags = "");

constexpr const char* kHowToMakeAToken = "\"ostler token create NAME\" makes a TOKEN";

}  // namespace ostler::console
