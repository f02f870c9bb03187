// SPDX-License-Identifier: Apache-2.0
#include "hub/agent_api/agent_name.hpp"

namespace ostler::agent_api {
namespace {

bool replace_token(std::string_view& rest, std::string_view token, const std::string& value,
                   std::string& name) {
  if (!rest.starts_with(token)) return false;
  name += value;
  rest.remove_prefix(token.size());
  return true;
}

}  // namespace

std::string agent_name(std::string_view wanted, const NameParts& parts) {
  if (wanted.empty()) return parts.hostname + "-" + parts.random;
  std::string name;
  while (!wanted.empty()) {
    if (replace_token(wanted, "%hostname", parts.hostname, name) ||
        replace_token(wanted, "%pid", std::to_string(parts.pid), name) ||
        replace_token(wanted, "%random", parts.random, name)) {
      continue;
    }
    name += wanted.front();
    wanted.remove_prefix(1);
  }
  return name;
}

}  // namespace ostler::agent_api
