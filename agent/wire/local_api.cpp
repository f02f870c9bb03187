// SPDX-License-Identifier: Apache-2.0
#include "wire/local_api.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

std::string encode_new_api_token(const std::string& description) {
  return to_text({{"description", description}});
}

Result<std::string> decode_new_api_token(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "token request"));
  ObjectReader reader(object, "token request");
  std::string description;
  reader.read("description", description);
  OSTLER_TRY(reader.finish());
  return description;
}

std::string encode(const HubAccess& access) {
  return to_text({{"url", access.url},
                  {"organization", access.organization},
                  {"token", access.token.reveal()}});
}

Result<HubAccess> decode_hub_access(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "hub access"));
  ObjectReader reader(object, "hub access");
  HubAccess access;
  reader.read("url", access.url);
  reader.read("organization", access.organization);
  reader.read("token", access.token);
  reader.require(!access.url.empty(), "url", "the hub's address");
  reader.require(!access.token.empty(), "token", "a token");
  OSTLER_TRY(reader.finish());
  return access;
}

}  // namespace ostler::wire
