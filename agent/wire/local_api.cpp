// SPDX-License-Identifier: Apache-2.0
#include "wire/local_api.hpp"

#include <nlohmann/json.hpp>

#include "wire/json_reader.hpp"

namespace ostler::wire {

namespace {

using nlohmann::json;

json time_or_null(const std::optional<Timestamp>& at) {
  return at ? json(format_rfc3339(*at)) : json(nullptr);
}

}  // namespace

std::string encode(const NewApiToken& token) {
  json object{{"description", token.description}};
  if (!token.scopes.empty()) object["scopes"] = token.scopes;
  if (token.expires_at) object["expires_at"] = time_or_null(token.expires_at);
  return to_text(object);
}

Result<NewApiToken> decode_new_api_token(std::string_view text) {
  OSTLER_TRY(const auto object, parse_json(text, "token request"));
  ObjectReader reader(object, "token request");
  NewApiToken token;
  reader.read("description", token.description);
  reader.read("scopes", token.scopes);
  reader.read("expires_at", token.expires_at);
  OSTLER_TRY(reader.finish());
  return token;
}

std::string encode(const std::vector<ApiTokenLine>& tokens) {
  json list = json::array();
  for (const ApiTokenLine& token : tokens) {
    list.push_back({{"id", token.id},
                    {"description", token.description},
                    {"scopes", token.scopes},
                    {"created_at", format_rfc3339(token.created_at)},
                    {"expires_at", time_or_null(token.expires_at)}});
  }
  return to_text(list);
}

Result<std::vector<ApiTokenLine>> decode_api_tokens(std::string_view text) {
  OSTLER_TRY(const auto list, parse_json(text, "API tokens"));
  if (!list.is_array()) return Error(Errc::Protocol, "API tokens: expected a list");
  std::vector<ApiTokenLine> tokens;
  for (const json& object : list) {
    ObjectReader reader(object, "API token");
    ApiTokenLine token;
    std::optional<Timestamp> created_at;
    reader.read("id", token.id);
    reader.read("description", token.description);
    reader.read("scopes", token.scopes);
    reader.read("created_at", created_at);
    reader.read("expires_at", token.expires_at);
    reader.require(!token.id.empty(), "id", "an id");
    OSTLER_TRY(reader.finish());
    token.created_at = created_at.value_or(Timestamp{});
    tokens.push_back(std::move(token));
  }
  return tokens;
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
