// SPDX-License-Identifier: Apache-2.0
#include "hub/webhook_sender.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "agent_client/retry.hpp"
#include "diag/log.hpp"
#include "hub/rest_api/build_json.hpp"
#include "model/web_host.hpp"
#include "wire/rest_pipeline.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

using std::chrono::seconds;

constexpr seconds kWebhookTick{1};
constexpr std::size_t kMostToldAtOnce = 128;
constexpr int kMostAtOneHost = 2;
constexpr int kMostAttempts = 5;
constexpr seconds kFirstPause{5};
constexpr std::string_view kTokenKey = "WEBHOOK_TOKEN";

/// Doubled after each attempt, with up to a quarter more, so that what failed together does not
/// come again together.
Timestamp next_attempt(Timestamp now, int attempts) {
  const auto pause = std::chrono::duration_cast<std::chrono::microseconds>(kFirstPause) *
                     (1 << std::min(attempts, kMostAttempts));
  const double extra = static_cast<double>(pause.count()) * agent_client::jitter() / 4;
  return now + pause + std::chrono::microseconds(static_cast<std::int64_t>(extra));
}

/// Why an attempt failed, without the address beyond its host.
std::string reason_of(const store::WebhookDelivery& delivery,
                      const Result<net::HttpResponse>& outcome) {
  if (outcome) return "status " + std::to_string(outcome.value().status);
  std::string text = outcome.error().message();
  for (std::size_t at = 0; (at = text.find(delivery.url, at)) != text.npos;) {
    text.replace(at, delivery.url.size(), model::web_host(delivery.url));
  }
  return text;
}

void tell_failure(const store::WebhookDelivery& delivery,
                  const Result<net::HttpResponse>& outcome) {
  diag::warn("a webhook was not told", {{"build", delivery.build.str()},
                                        {"event", delivery.event},
                                        {"host", model::web_host(delivery.url)},
                                        {"attempts", std::to_string(delivery.attempts + 1)},
                                        {"error", reason_of(delivery, outcome)}});
}

/// Variables, and the configuration with its commands, its variables, and other webhooks: hosts
/// that hear of a build are no readers of them.
void leave_out_what_may_be_secret(rest_api::FoundBuild& found) {
  found.pipeline.settings.configuration.clear();
  found.pipeline.settings.env.clear();
  found.build.request.env.clear();
}

/// Whether a delivery cannot be made any more: its build has gone meanwhile.
bool is_gone(const Result<net::HttpResponse>& outcome) {
  return !outcome && outcome.error().code() == Errc::NotFound;
}

}  // namespace

WebhookSender::WebhookSender(const asio::any_io_executor& executor, rest_api::Backend backend,
                             const SecretVault& vault, std::string forbidden_networks)
    : executor_(executor),
      backend_(std::move(backend)),
      vault_(vault),
      client_(executor,
              {.user_agent = "ostler-hub", .forbidden_networks = std::move(forbidden_networks)}),
      pause_(executor) {}

asio::awaitable<void> WebhookSender::run() {
  while (!stopping_) {
    co_await begin_what_is_due();
    if (!stopping_) co_await pause_.wait(kWebhookTick);
  }
}

void WebhookSender::stop() {
  stopping_ = true;
  pause_.wake();
  asio::post(executor_, [this] {
    for (const auto& [id, end] : under_way_) end->wake();
  });
}

/// A store that does not answer is asked again at the next tick. What is under way is due, too:
/// that many more are asked for.
asio::awaitable<void> WebhookSender::begin_what_is_due() {
  if (under_way_.size() >= kMostToldAtOnce) co_return;
  const store::DeliveryLimits limits{.all = 2 * kMostToldAtOnce, .of_host = kMostAtOneHost};
  const auto due = co_await backend_.store.due_deliveries(backend_.clock.now(), limits);
  if (!due) co_return;
  for (const store::DueDelivery& one : due.value()) {
    if (!claim(one)) continue;
    asio::co_spawn(executor_, deliver(one), [](const std::exception_ptr& bug) {
      if (bug) std::rethrow_exception(bug);
    });
  }
}

bool WebhookSender::claim(const store::DueDelivery& due) {
  if (stopping_ || under_way_.size() >= kMostToldAtOnce || under_way_.contains(due.id))
    return false;
  int& there = hosts_[due.host];
  if (there >= kMostAtOneHost) return false;
  ++there;
  under_way_.emplace(due.id, std::make_unique<Waiter>(executor_));
  return true;
}

asio::awaitable<void> WebhookSender::deliver(store::DueDelivery due) {
  const bool told = co_await tell_claimed(due.id, *under_way_.at(due.id));
  under_way_.erase(due.id);
  if (--hosts_.at(due.host) == 0) hosts_.erase(due.host);
  if (told) pause_.wake();  // there is room for another
}

/// Whether there was something to tell. It is read once it is claimed: the list that it was in may
/// be older than the end of an attempt.
asio::awaitable<bool> WebhookSender::tell_claimed(DeliveryId id, Waiter& end) {
  const auto delivery = co_await backend_.store.due_delivery(id, backend_.clock.now());
  if (stopping_ || !delivery || !delivery.value()) co_return false;
  auto outcome = co_await tell(*delivery.value(), end);
  if (!stopping_) co_await settle(*delivery.value(), std::move(outcome), end);
  co_return true;
}

/// `end` is woken when the hub stops: what is under way then is told again by the next.
asio::awaitable<Result<net::HttpResponse>> WebhookSender::tell(store::WebhookDelivery delivery,
                                                               Waiter& end) {
  using namespace asio::experimental::awaitable_operators;
  OSTLER_CO_TRY(auto request, co_await request_for(delivery));
  const auto limit = 2 * request.total_timeout;
  auto first = co_await (client_.send(std::move(request)) || end.wait(limit));
  if (first.index() == 0) co_return std::move(std::get<0>(first));
  co_return Error(Errc::Timeout, "no answer");
}

asio::awaitable<Result<net::HttpRequest>> WebhookSender::request_for(
    store::WebhookDelivery delivery) {
  rest_api::FoundBuild found;
  OSTLER_CO_TRY(found.build, co_await backend_.store.build(delivery.build));
  OSTLER_CO_TRY(found.pipeline, co_await backend_.store.pipeline(found.build.pipeline));
  OSTLER_CO_TRY(found.organization,
                co_await backend_.store.organization(found.pipeline.organization));
  leave_out_what_may_be_secret(found);
  const wire::RestUrls urls = rest_api::urls_of(backend_, found.organization);
  WebhookNews news{.build = {}, .pipeline = {}, .sender = found.build.creator};
  OSTLER_CO_TRY(news.build,
                co_await rest_api::build_json(backend_, found, {.jobs = false, .pipeline = false}));
  news.pipeline = wire::encode_rest_pipeline(found.pipeline, "[]", urls);
  OSTLER_CO_TRY(const auto token, co_await token_of(found.pipeline.cluster));
  co_return webhook_request(delivery, news, token, backend_.clock.now());
}

asio::awaitable<Result<std::optional<Secret>>> WebhookSender::token_of(ClusterId cluster) {
  OSTLER_CO_TRY(const auto found,
                co_await backend_.store.secret_of_cluster(cluster, std::string(kTokenKey)));
  if (!found) co_return std::optional<Secret>();
  OSTLER_CO_TRY(auto token, vault_.open(*found));
  co_return std::optional<Secret>(std::move(token));
}

/// What the store does not take in would be told again and again: it is asked until it does.
asio::awaitable<void> WebhookSender::settle(store::WebhookDelivery delivery,
                                            Result<net::HttpResponse> outcome, Waiter& end) {
  const bool is_told = outcome && outcome.value().ok();
  const bool is_last = delivery.attempts + 1 >= kMostAttempts;
  const bool comes_again = !is_told && !is_last && is_worth_another(outcome);
  if (!is_told && !comes_again && !is_gone(outcome)) tell_failure(delivery, outcome);
  const Timestamp next = next_attempt(backend_.clock.now(), delivery.attempts);
  while (!stopping_) {
    const auto kept = comes_again ? co_await backend_.store.postpone_delivery({delivery.id, next})
                                  : co_await backend_.store.end_delivery(delivery.id);
    if (kept) co_return;
    co_await end.wait(kFirstPause);
  }
}

}  // namespace ostler::hub
