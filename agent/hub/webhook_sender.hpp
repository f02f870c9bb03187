// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "hub/rest_api/call.hpp"
#include "hub/secret_vault.hpp"
#include "hub/waiter.hpp"
#include "hub/webhook_request.hpp"
#include "net/http_client.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Tells the webhooks of builds what has become of these, many at a time, but not more than two at
/// one host: silent ones hold no other up. What is to be told is in the store: a hub that is killed
/// loses nothing, and may tell a thing twice, under the same X-Ostler-Delivery. A webhook that does
/// not answer has five attempts in about two minutes.
///
/// The cluster's secret WEBHOOK_TOKEN, where there is one, signs what its pipelines tell.
class WebhookSender {
 public:
  /// `executor`: a strand. All that is referred to outlives this.
  WebhookSender(const boost::asio::any_io_executor& executor, rest_api::Backend backend,
                const SecretVault& vault, std::string forbidden_networks);

  /// Tells until `stop`. Runs on: the executor.
  boost::asio::awaitable<void> run();
  void stop();

 private:
  boost::asio::awaitable<void> begin_what_is_due();
  bool claim(const store::DueDelivery& due);
  boost::asio::awaitable<void> deliver(store::DueDelivery due);
  boost::asio::awaitable<bool> tell_claimed(DeliveryId id, Waiter& end);
  boost::asio::awaitable<Result<net::HttpResponse>> tell(store::WebhookDelivery delivery,
                                                         Waiter& end);
  boost::asio::awaitable<Result<net::HttpRequest>> request_for(store::WebhookDelivery delivery);
  boost::asio::awaitable<Result<std::optional<Secret>>> token_of(ClusterId cluster);
  boost::asio::awaitable<void> settle(store::WebhookDelivery delivery,
                                      Result<net::HttpResponse> outcome, Waiter& end);

  boost::asio::any_io_executor executor_;
  rest_api::Backend backend_;
  const SecretVault& vault_;
  net::HttpClient client_;
  Waiter pause_;
  // On the executor:
  std::map<DeliveryId, std::unique_ptr<Waiter>> under_way_;  ///< which `stop` wakes
  std::map<std::string, int> hosts_;                         ///< how many are at each
  std::atomic<bool> stopping_ = false;
};

}  // namespace ostler::hub
