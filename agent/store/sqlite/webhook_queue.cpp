// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/webhook_queue.hpp"

#include <string>
#include <string_view>

#include "model/build_state.hpp"
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
    "SELECT url, condition FROM build_webhooks WHERE build_id = ? ORDER BY position";
constexpr std::string_view kCountWebhooks =
    "SELECT count(*) FROM build_webhooks WHERE build_id = ?";
constexpr std::string_view kInsertWebhook =
    "INSERT INTO build_webhooks (build_id, position, url, condition) VALUES (?, ?, ?, ?)";
constexpr std::string_view kInsertDelivery =
    "INSERT INTO webhook_deliveries (id, build_id, url, event, due_at) SELECT ?, ?, ?, ?, ? "
    "WHERE (SELECT count(*) FROM webhook_deliveries) < ?";
constexpr std::string_view kDue =
    "SELECT id, build_id, url, event, attempts FROM webhook_deliveries WHERE due_at <= ? "
    "ORDER BY due_at, id LIMIT ?";
constexpr std::string_view kPostpone =
    "UPDATE webhook_deliveries SET attempts = attempts + 1, due_at = ? WHERE id = ?";

struct Webhook {
  std::string url;
  std::string condition;
};
Webhook read_webhook(Row& row) {
  Webhook webhook;
  row.take(webhook.url, webhook.condition);
  return webhook;
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

Result<void> insert_webhooks(Connection& database, BuildId build,
                             const std::vector<model::Notification>& notifications) {
  std::vector<const model::Notification*> webhooks;
  for (const model::Notification& one : notifications) {
    if (!one.webhook.empty()) webhooks.push_back(&one);
  }
  if (webhooks.empty()) return success();
  OSTLER_TRY(auto count, require(database.find(kCountWebhooks, read_int, build), "build"));
  if (count + static_cast<std::int64_t>(webhooks.size()) > kMostWebhooks) {
    return Error(Errc::UserFault,
                 "the build would have more than 100 webhooks in notify; remove some");
  }
  for (const model::Notification* one : webhooks) {
    OSTLER_TRY(database.run(kInsertWebhook, build, count++, one->webhook, one->condition));
  }
  return success();
}

Result<void> WebhookQueue::tell(BuildId build, std::int64_t told_state, std::int64_t state) {
  const auto occasions = occasions_of(told_state, static_cast<BuildState>(state));
  if (occasions.empty()) return success();
  OSTLER_TRY(const auto webhooks, database_.list(kWebhooks, read_webhook, build));
  if (webhooks.empty()) return success();
  OSTLER_TRY(auto facts, load_build_facts(database_, build));
  for (const Occasion& occasion : occasions) {
    facts.build.state = occasion.state;
    pipeline::BuildConditions conditions(facts, pipeline::ConditionPlace::Notification, work_);
    for (const Webhook& webhook : webhooks) {
      if (!is_wanted(webhook, conditions)) continue;
      OSTLER_TRY(insert(build, webhook.url, occasion.event));
    }
  }
  return success();
}

Result<void> WebhookQueue::insert(BuildId build, const std::string& url, std::string_view event) {
  OSTLER_TRY(database_.run(kInsertDelivery, DeliveryId::make(), build, url, std::string(event),
                           now_, kMostDeliveries));
  return success();
}

Result<std::vector<WebhookDelivery>> list_due_deliveries(Connection& database, Timestamp now,
                                                         std::int64_t limit) {
  return database.list(kDue, read_delivery, now, limit);
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
