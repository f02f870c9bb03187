// SPDX-License-Identifier: Apache-2.0
#include "hub/webhook_sender.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <chrono>
#include <utility>

#include "agent_client/retry.hpp"
#include "diag/log.hpp"
#include "hub/rest_api/build_json.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::hub {

namespace asio = boost::asio;

namespace {

using std::chrono::seconds;

constexpr seconds kWebhookTick{1};
/// So many due ones are looked through for one whose host has room.
constexpr std::int64_t kLookThrough = 200;
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
    text.replace(at, delivery.url.size(), host_of(delivery.url));
  }
  return text;
}

void tell_failure(const store::WebhookDelivery& delivery,
                  const Result<net::HttpResponse>& outcome) {
  diag::warn("a webhook was not told", {{"build", delivery.build.str()},
                                        {"event", delivery.event},
                                        {"host", host_of(delivery.url)},
                                        {"attempts", std::to_string(delivery.attempts + 1)},
                                        {"error", reason_of(delivery, outcome)}});
}

/// Whether a delivery cannot be made any more: its build has gone meanwhile.
bool is_gone(const Result<net::HttpResponse>& outcome) {
  return !outcome && outcome.error().code() == Errc::NotFound;
}

}  // namespace

WebhookSender::WebhookSender(const asio::any_io_executor& executor, rest_api::Backend backend,
                             const SecretVault& vault, std::string forbidden_networks)
    : backend_(std::move(backend)),
      vault_(vault),
      client_(executor,
              {.user_agent = "ostler-hub", .forbidden_networks = std::move(forbidden_networks)}) {
  for (int lane = 0; lane < kAtOnce; ++lane) pauses_.push_back(std::make_unique<Waiter>(executor));
}

asio::awaitable<void> WebhookSender::run(int lane) {
  Waiter& pause = *pauses_[static_cast<std::size_t>(lane)];
  while (!stopping_) {
    const bool told = co_await tell_one(pause);
    if (!told && !stopping_) co_await pause.wait(kWebhookTick);
  }
}

void WebhookSender::stop() {
  stopping_ = true;
  for (const auto& pause : pauses_) pause->wake();
}

/// Whether there was one. A store that does not answer is asked again at the next tick.
asio::awaitable<bool> WebhookSender::tell_one(Waiter& end) {
  const auto due = co_await backend_.store.due_deliveries(backend_.clock.now(), kLookThrough);
  if (!due) co_return false;
  const auto mine = claim(due.value());
  if (!mine) co_return false;
  const std::string host = host_of(mine->url);
  ++hosts_[host];
  auto outcome = co_await tell(*mine, end);
  if (!stopping_) co_await settle(*mine, std::move(outcome), end);
  if (--hosts_[host] == 0) hosts_.erase(host);
  busy_.erase(mine->id);
  co_return true;
}

std::optional<store::WebhookDelivery> WebhookSender::claim(
    const std::vector<store::WebhookDelivery>& due) {
  for (const store::WebhookDelivery& one : due) {
    const auto there = hosts_.find(host_of(one.url));
    const bool is_full = there != hosts_.end() && there->second >= kMostAtOneHost;
    if (!is_full && busy_.insert(one.id).second) return one;
  }
  return std::nullopt;
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
  const wire::RestUrls urls = rest_api::urls_of(backend_, found.organization);
  WebhookNews news{.build = {}, .pipeline = {}, .sender = found.build.creator};
  OSTLER_CO_TRY(news.build,
                co_await rest_api::build_json(backend_, found, {.jobs = false, .pipeline = false}));
  OSTLER_CO_TRY(news.pipeline, co_await rest_api::pipeline_json(backend_, found.pipeline, urls));
  OSTLER_CO_TRY(const auto token, co_await token_of(found.pipeline.cluster));
  co_return webhook_request(delivery, news, token, backend_.clock.now());
}

asio::awaitable<Result<std::optional<Secret>>> WebhookSender::token_of(ClusterId cluster) {
  OSTLER_CO_TRY(const auto secrets, co_await backend_.store.secrets(cluster));
  const auto found = std::ranges::find(secrets, kTokenKey, &store::ClusterSecret::key);
  if (found == secrets.end()) co_return std::optional<Secret>();
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
