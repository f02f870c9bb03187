// SPDX-License-Identifier: Apache-2.0
#include "worker/job_context.hpp"

#include <cstdlib>

#include "environment/redacted_vars.hpp"

namespace ostler::worker {

std::string JobContext::variable(std::string_view name) const {
  const auto own = env.find(name);
  if (own != env.end()) return own->second;
  const char* inherited = std::getenv(std::string(name).c_str());
  return inherited == nullptr ? std::string() : std::string(inherited);
}

void JobContext::hide_secret_variables() {
  for (const std::string& secret : environment::redacted_values(env).values) {
    log.needles().add(secret);
  }
}

}  // namespace ostler::worker
