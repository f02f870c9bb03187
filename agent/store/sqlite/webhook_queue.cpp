// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/webhook_queue.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "diag/log.hpp"
#include "model/build_state.hpp"
#include "model/web_host.hpp"
#include "store/sqlite/build_facts.hpp"
#include "store/sqlite/commands.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"
#include "store/webhooks.hpp"

namespace ostler::store::sqlite {
namespace {

using model::BuildState;

constexpr std::int64_t kMostWebhooks = 100;
constexpr std::string_view kWebhooks =
    "SELECT position, host, condition FROM build_webhooks WHERE build_id = ? ORDER BY position";
constexpr std::string_view kCountWebhooks =
    "SELECT count(*) FROM build_webhooks WHERE build_id = ?";
constexpr std::string_view kFindWebhook =
    "SELECT position FROM build_webhooks WHERE build_id = ? AND url = ? AND condition = ?";
constexpr std::string_view kInsertWebhook =
    "INSERT INTO build_webhooks (build_id, position, url, host, condition) VALUES (?, ?, ?, ?, ?)";
constexpr std::string_view kInsertDelivery =
    "INSERT INTO webhook_deliveries (id, build_id, position, host, event, due_at) "
    "VALUES (?, ?, ?, ?, ?, ?)";
/// One host after the other by the index, however many wait for each.
constexpr std::string_view kDue =
    "WITH RECURSIVE hosts (host) AS (SELECT min(host) FROM webhook_deliveries UNION ALL "
    "SELECT (SELECT min(d.host) FROM webhook_deliveries d WHERE d.host > hosts.host) FROM hosts "
    "WHERE hosts.host IS NOT NULL) "
    "SELECT d.id, d.host FROM hosts CROSS JOIN webhook_deliveries d ON d.id IN "
    "(SELECT id FROM webhook_deliveries INDEXED BY webhook_deliveries_by_host "
    "WHERE host = hosts.host AND due_at <= ?1 ORDER BY due_at, id LIMIT ?2) "
    "WHERE hosts.host IS NOT NULL ORDER BY d.due_at, d.id LIMIT ?3";
constexpr std::string_view kFindDue =
    "SELECT d.id, d.build_id, w.url, d.event, d.attempts FROM webhook_deliveries d "
    "JOIN build_webhooks w ON w.build_id = d.build_id AND w.position = d.position "
    "WHERE d.id = ? AND d.due_at <= ?";
constexpr std::string_view kCountThere = "SELECT count(*) FROM webhook_deliveries WHERE host = ?";
constexpr std::string_view kPostpone =
    "UPDATE webhook_deliveries SET attempts = attempts + 1, due_at = ? WHERE id = ?";

struct Webhook {
  std::int64_t position = 0;
  std::string host;
  std::string condition;
};
Webhook read_webhook(Row& row) {
  Webhook webhook;
  row.take(webhook.position, webhook.host, webhook.condition);
  return webhook;
}

DueDelivery read_due(Row& row) {
  DueDelivery due;
  row.take(due.id, due.host);
  return due;
}

WebhookDelivery read_delivery(Row& row) {
  WebhookDelivery delivery;
  row.take(delivery.id, delivery.build, delivery.url, delivery.event, delivery.attempts);
  return delivery;
}

/// Something that webhooks hear of, and the state in which the build then is.
struct Occasion {
  std::string_view event;
  BuildState state = BuildState::Scheduled;
};

bool was_begun(std::int64_t told_state) {
  const auto was = [&](BuildState state) { return told_state == static_cast<std::int64_t>(state); };
  return was(BuildState::Running) || was(BuildState::Failing) || was(BuildState::Canceling);
}

/// Created, started, blocked and over. Source: reference/rest-api.md 18.3, 18.5.
std::vector<Occasion> occasions_of(std::int64_t told_state, BuildState state) {
  std::vector<Occasion> occasions;
  if (told_state == 0) occasions.push_back({"build.scheduled", BuildState::Scheduled});
  const bool is_begun = state == BuildState::Running || state == BuildState::Failing;
  if (is_begun && !was_begun(told_state)) occasions.push_back({"build.running", state});
  if (state == BuildState::Skipped) {
    occasions.push_back({"build.skipped", state});
  } else if (model::is_at_rest(state)) {
    occasions.push_back({"build.finished", state});
  }
  return occasions;
}

/// A condition that cannot be answered, or not without too much work, does not hold.
bool is_wanted(const Webhook& webhook, pipeline::BuildConditions& conditions) {
  if (webhook.condition.empty()) return true;
  const auto holds = conditions.hold(webhook.condition);
  return holds && holds.value();
}

}  // namespace

Result<void> check_webhooks(Connection& database, BuildId build,
                            const std::vector<model::Notification>& notifications,
                            pipeline::FaultList& faults) {
  OSTLER_TRY(auto count, require(database.find(kCountWebhooks, read_int, build), "build"));
  std::set<std::pair<std::string_view, std::string_view>> added;
  for (const model::Notification& one : notifications) {
    if (one.webhook.empty()) continue;
    OSTLER_TRY(const auto known,
               database.find(kFindWebhook, read_int, build, one.webhook, one.condition));
    if (!known && added.emplace(one.webhook, one.condition).second) ++count;
  }
  if (count > kMostWebhooks) {
    faults.add({}, "notify gives the build more than 100 webhooks; remove some");
  }
  return success();
}

Result<void> insert_webhooks(Connection& database, BuildId build,
                             const std::vector<model::Notification>& notifications) {
  OSTLER_TRY(auto count, require(database.find(kCountWebhooks, read_int, build), "build"));
  for (const model::Notification& one : notifications) {
    if (one.webhook.empty()) continue;
    OSTLER_TRY(const auto known,
               database.find(kFindWebhook, read_int, build, one.webhook, one.condition));
    if (known) continue;
    OSTLER_TRY(database.run(kInsertWebhook, build, count++, one.webhook,
                            model::web_host(one.webhook), one.condition));
  }
  return success();
}

Result<void> WebhookQueue::tell(BuildId build, std::int64_t told_state, std::int64_t state) {
  const auto occasions = occasions_of(told_state, static_cast<BuildState>(state));
  if (occasions.empty()) return success();
  OSTLER_TRY(const auto webhooks, database_.list(kWebhooks, read_webhook, build));
  if (webhooks.empty()) return success();
  OSTLER_TRY(auto facts, load_build_facts(database_, build));
  int left_out = 0;
  for (const Occasion& occasion : occasions) {
    facts.build.state = occasion.state;
    pipeline::BuildConditions conditions(facts, pipeline::ConditionPlace::Notification, work_);
    for (const Webhook& webhook : webhooks) {
      if (!is_wanted(webhook, conditions)) continue;
      OSTLER_TRY(const bool is_queued,
                 insert(build, webhook.position, webhook.host, occasion.event));
      left_out += is_queued ? 0 : 1;
    }
  }
  if (left_out > 0) {
    diag::warn("webhooks are not told: too much waits for them already",
               {{"build", build.str()}, {"count", std::to_string(left_out)}});
  }
  return success();
}

Result<bool> WebhookQueue::insert(BuildId build, std::int64_t position, const std::string& host,
                                  std::string_view event) {
  if (!waiting_) {
    OSTLER_TRY(
        waiting_,
        require(database_.find("SELECT count(*) FROM webhook_deliveries", read_int), "count"));
  }
  auto there = waiting_there_.find(host);
  if (there == waiting_there_.end()) {
    OSTLER_TRY(const auto count, require(database_.find(kCountThere, read_int, host), "count"));
    there = waiting_there_.emplace(host, count).first;
  }
  if (*waiting_ >= kMostDeliveries || there->second >= kMostDeliveriesOfHost) return false;
  OSTLER_TRY(database_.run(kInsertDelivery, DeliveryId::make(), build, position, host,
                           std::string(event), now_));
  ++*waiting_;
  ++there->second;
  return true;
}

Result<std::vector<DueDelivery>> list_due_deliveries(Connection& database, Timestamp now,
                                                     const DeliveryLimits& limits) {
  return database.list(kDue, read_due, now, limits.of_host, limits.all);
}

Result<std::optional<WebhookDelivery>> find_due_delivery(Connection& database, const DeliveryId& id,
                                                         Timestamp now) {
  return database.find(kFindDue, read_delivery, id, now);
}

Result<void> postpone_delivery(Connection& database, const PostponeDelivery& command) {
  OSTLER_TRY(database.run(kPostpone, command.due_at, command.delivery));
  return success();
}

Result<void> end_delivery(Connection& database, const DeliveryId& delivery) {
  OSTLER_TRY(database.run("DELETE FROM webhook_deliveries WHERE id = ?", delivery));
  return success();
}

}  // namespace ostler::store::sqlite
