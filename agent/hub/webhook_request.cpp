// SPDX-License-Identifier: Apache-2.0
#include "hub/webhook_request.hpp"

#include <chrono>
#include <utility>

#include "crypto/hmac.hpp"
#include "wire/rest_json.hpp"

namespace ostler::hub {
namespace {

constexpr std::chrono::seconds kWebhookPatience{10};

std::string sender_json(const std::optional<model::User>& user) {
  if (!user) return "null";
  return wire::JsonObjectText().text("id", user->id.str()).text("name", user->name).finish();
}

}  // namespace

std::string webhook_signature(const std::string& body, const Secret& token, Timestamp now) {
  const std::string at = std::to_string(now.micros / 1'000'000);
  return "timestamp=" + at + ",signature=" + crypto::hmac_sha256_hex(token, at + "." + body);
}

net::HttpRequest webhook_request(const store::WebhookDelivery& delivery, const WebhookNews& news,
                                 const std::optional<Secret>& token, Timestamp now) {
  std::string body = wire::JsonObjectText()
                         .text("event", delivery.event)
                         .raw("build", news.build)
                         .raw("pipeline", news.pipeline)
                         .raw("sender", sender_json(news.sender))
                         .finish();
  net::HttpRequest request;
  request.method = "POST";
  request.url = delivery.url;
  request.headers = {{"Content-Type", "application/json"},
                     {"X-Buildkite-Event", delivery.event},
                     {"X-Ostler-Delivery", delivery.id.str()}};
  if (token) {
    request.headers.emplace_back("X-Buildkite-Signature", webhook_signature(body, *token, now));
  }
  request.body = std::move(body);
  request.response_limit = 0;  // nobody reads what a webhook answers
  request.connect_timeout = kWebhookPatience;
  request.total_timeout = kWebhookPatience;
  request.follow_redirects = false;
  return request;
}

bool is_worth_another(const Result<net::HttpResponse>& outcome) {
  if (!outcome) {
    const Errc code = outcome.error().code();
    return code == Errc::Unavailable || code == Errc::Timeout;
  }
  const int status = outcome.value().status;
  return status == 408 || status == 429 || status >= 500;
}

}  // namespace ostler::hub
