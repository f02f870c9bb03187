// SPDX-License-Identifier: Apache-2.0
#include "console/start_command.hpp"

namespace ostler::console {

// Without --endpoint the agent would go to the server that genuine agents have by default.
std::string agent_start_command(const std::string& url, const std::string& queue,
                                const std::string& tags) {
  return "ostler agent start --endpoint " + url +
         "/v3 --build-path ~/builds --token TOKEN --queue " + queue +
         (tags.empty() ? "" : " --tags " + tags);
}

}  // namespace ostler::console
