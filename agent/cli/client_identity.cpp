// SPDX-License-Identifier: Apache-2.0
#include "cli/client_identity.hpp"

#include <nlohmann/json.hpp>

namespace ostler::cli {

std::string identity_json(const wire::HubAccess& access, const wire::RestTokenAnswer& who) {
  const nlohmann::json object = {
      {"url", access.url},
      {"organization", access.organization},
      {"user", {{"name", who.user_name}, {"email", who.user_email}}},
      {"token", {{"description", who.description}, {"scopes", who.scopes}}}};
  return object.dump(2);
}

}  // namespace ostler::cli
