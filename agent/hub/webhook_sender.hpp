// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hub/rest_api/call.hpp"
#include "hub/secret_vault.hpp"
#include "hub/waiter.hpp"
#include "hub/webhook_request.hpp"
#include "net/http_client.hpp"
#include "store/store.hpp"

namespace ostler::hub {

/// Tells the webhooks of builds what has become of these, several at a time, not more than two of
/// them at one host. What is to be told is in the store: a hub that is killed loses nothing, and
/// may tell a thing twice, under the same X-Ostler-Delivery. A webhook that does not answer has
/// five attempts in about two minutes.
///
/// The cluster's secret WEBHOOK_TOKEN, where there is one, signs what its pipelines tell.
class WebhookSender {
 public:
  static constexpr int kAtOnce = 4;

  /// `executor`: the strand of every lane. All that is referred to outlives this.
  WebhookSender(const boost::asio::any_io_executor& executor, rest_api::Backend backend,
                const SecretVault& vault, std::string forbidden_networks);

  /// One of kAtOnce lanes, `lane` from 0; tells until `stop`.
  boost::asio::awaitable<void> run(int lane);
  void stop();

 private:
  boost::asio::awaitable<bool> tell_one(Waiter& end);
  std::optional<store::WebhookDelivery> claim(const std::vector<store::WebhookDelivery>& due);
  boost::asio::awaitable<Result<net::HttpResponse>> tell(store::WebhookDelivery delivery,
                                                         Waiter& end);
  boost::asio::awaitable<Result<net::HttpRequest>> request_for(store::WebhookDelivery delivery);
  boost::asio::awaitable<Result<std::optional<Secret>>> token_of(ClusterId cluster);
  boost::asio::awaitable<void> settle(store::WebhookDelivery delivery,
                                      Result<net::HttpResponse> outcome, Waiter& end);

  rest_api::Backend backend_;
  const SecretVault& vault_;
  net::HttpClient client_;
  std::vector<std::unique_ptr<Waiter>> pauses_;  ///< one for each lane
  // On the strand:
  std::set<DeliveryId> busy_;         ///< claimed by a lane
  std::map<std::string, int> hosts_;  ///< how many lanes are at each
  std::atomic<bool> stopping_ = false;
};

}  // namespace ostler::hub
