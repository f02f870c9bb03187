// SPDX-License-Identifier: Apache-2.0
#include "worker/job_context.hpp"

#include <algorithm>
#include <cstdlib>

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

environment::RedactedValues JobContext::redaction_of(const std::string& name,
                                                     const std::string& value) const {
  constexpr const char* kPatterns = "BUILDKITE_REDACTED_VARS";
  environment::Variables one = {{kPatterns, environment::value_of(env, kPatterns)}};
  one.insert_or_assign(name, value);
  return environment::redacted_values(one);
}

bool JobContext::is_secret_variable(const std::string& name) const {
  const std::string any(environment::kShortestRedactedValue, 'x');
  const auto hidden = redaction_of(name, any).values;
  return std::ranges::find(hidden, any) != hidden.end();
}

void JobContext::hide_secret_variable(const std::string& name) {
  for (const std::string& secret : redaction_of(name, environment::value_of(env, name)).values) {
    log.needles().add(secret);
  }
}

}  // namespace ostler::worker
