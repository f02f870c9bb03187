// SPDX-License-Identifier: Apache-2.0
#include "object_store/access_token.hpp"

#include <nlohmann/json.hpp>

#include "object_store/send.hpp"
#include "wire/json_reader.hpp"

namespace ostler::object_store {
namespace {

using namespace std::chrono_literals;

constexpr agent_client::RetryPolicy kTokenCall{3, agent_client::Growth::Exponential, 500ms};

/// Never the answer's body, which may hold what it refuses.
std::optional<Error> token_refusal(const net::HttpResponse& answer, const std::string& who) {
  if (answer.ok()) return std::nullopt;
  return Error(code_of_status(answer.status), who + " answered " + std::to_string(answer.status) +
                                                  " to the request for an access token")
      .with_native(answer.status)
      .with_retryable(may_heal(answer.status));
}

/// Some give a number of seconds as text.
std::int64_t seconds_in(const nlohmann::json& document) {
  const auto at = document.find("expires_in");
  if (at == document.end()) return 0;
  if (at->is_number_integer()) return at->get<std::int64_t>();
  return at->is_string() ? std::strtoll(at->get<std::string>().c_str(), nullptr, 10) : 0;
}

}  // namespace

Result<AccessToken> ask_for_token(net::BlockingHttpClient& client, const net::HttpRequest& request,
                                  const std::string& who, const Clock& clock) {
  const Timestamp asked = clock.now();
  const auto make = [&] {
    net::HttpRequest once = request;
    once.follow_redirects = false;
    return Result<net::HttpRequest>(std::move(once));
  };
  OSTLER_TRY(const auto answer,
             send(client, make, kTokenCall,
                  [&](const net::HttpResponse& refused) { return token_refusal(refused, who); }));
  const std::string what = "the access token from " + who;
  OSTLER_TRY(const auto document, wire::parse_json(answer.body, what));
  AccessToken token;
  wire::ObjectReader reader(document, what);
  reader.read("access_token", token.text);
  reader.require(!token.text.empty(), "access_token", "a token");
  OSTLER_TRY(reader.finish());
  token.expires = asked + std::chrono::seconds(seconds_in(document));
  return token;
}

}  // namespace ostler::object_store
