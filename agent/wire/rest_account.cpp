// SPDX-License-Identifier: Apache-2.0
#include "wire/rest_account.hpp"

#include "wire/rest_json.hpp"

namespace ostler::wire {
namespace {

/// "2025-07-16 06:07:42 UTC": how this one endpoint prints times.
std::string spaced_time(Timestamp at) {
  std::string text = format_rfc3339(at, 0);  // 2025-07-16T06:07:42Z
  text[10] = ' ';
  text.replace(text.size() - 1, 1, " UTC");
  return text;
}

}  // namespace

std::string encode_rest_organization(const model::Organization& organization,
                                     const RestUrls& urls) {
  const std::string url = urls.organization();
  return JsonObjectText()
      .text("id", organization.id.str())
      .text("graphql_id", graphql_id("Organization", organization.id.uuid))
      .text("url", url)
      .text("web_url", urls.web_organization())
      .text("name", organization.name)
      .text("slug", organization.slug)
      .text("pipelines_url", url + "/pipelines")
      .text("agents_url", url + "/agents")
      .text("emojis_url", url + "/emojis")
      .time("created_at", organization.created_at)
      .finish();
}

std::string encode_rest_member(const model::User& user) {
  return JsonObjectText()
      .text("id", user.id.str())
      .text("name", user.name)
      .text("email", user.email)
      .text("role", "admin")  // a hub's users may do what their tokens may
      .finish();
}

std::string encode_rest_access_token(const RestAccessToken& token) {
  const std::string user =
      JsonObjectText().text("name", token.user.name).text("email", token.user.email).finish();
  return JsonObjectText()
      .text("uuid", token.id.str())
      .texts("scopes", token.scopes)
      .text("description", token.description)
      .text("created_at", spaced_time(token.created_at))
      .text_or_null("expires_at", token.expires_at ? spaced_time(*token.expires_at) : "")
      .raw("user", user)
      .finish();
}

std::string encode_rest_rate_limit(const RestRateLimit& limit) {
  const auto scope = [](const RestRateLimit& of) {
    return JsonObjectText()
        .number("limit", of.limit)
        .number("current", of.current)
        .number("reset", of.reset)
        .time("reset_at", of.reset_at)
        .flag("enforced", of.limit > 0)
        .finish();
  };
  RestRateLimit none;
  none.reset_at = limit.reset_at;
  const std::string scopes =
      JsonObjectText().raw("rest", scope(limit)).raw("graphql", scope(none)).finish();
  return JsonObjectText().raw("scopes", scopes).finish();
}

std::string encode_rest_rate_refusal(std::int64_t limit, std::int64_t current, std::int64_t reset) {
  return JsonObjectText()
      .text("message", "Rate limit exceeded: this token may make " + std::to_string(limit) +
                           " calls in a minute; try again in " + std::to_string(reset) + " s")
      .text("scope", "rest_user")
      .number("limit", limit)
      .number("current", current)
      .number("reset", reset)
      .finish();
}

}  // namespace ostler::wire
