// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "model/user.hpp"
#include "net/http_message.hpp"
#include "store/webhooks.hpp"

namespace ostler::hub {

/// What a webhook is told, but for where. Both parts are JSON objects, as REST has them.
struct WebhookNews {
  std::string build;  ///< without its jobs
  std::string pipeline;
  std::optional<model::User> sender;
};

/// What vouches for a body that is sent `now`. Source: reference/rest-api.md 18.2.
std::string webhook_signature(const std::string& body, const Secret& token, Timestamp now);

/// One attempt at a delivery. With a token it is signed, at `now`.
/// Source: reference/rest-api.md 18.
net::HttpRequest webhook_request(const store::WebhookDelivery& delivery, const WebhookNews& news,
                                 const std::optional<Secret>& token, Timestamp now);

/// Whether an attempt that was answered so, or failed so, is worth another.
bool is_worth_another(const Result<net::HttpResponse>& outcome);

}  // namespace ostler::hub
