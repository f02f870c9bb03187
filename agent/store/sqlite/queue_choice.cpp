// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <string_view>

#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

constexpr std::string_view kQueueRule = "queue=";
constexpr std::string_view kNamedQueue =
    "SELECT id, lease_seconds FROM queues WHERE cluster_id = ? AND key = ? AND deleted_at IS NULL";
constexpr std::string_view kDefaultQueue =
    "SELECT id, lease_seconds FROM queues WHERE cluster_id = ? AND is_default = 1";

ChosenQueue read_choice(Row& row) {
  ChosenQueue choice;
  row.take(choice.id, choice.lease);
  return choice;
}

}  // namespace

Result<ChosenQueue> choose_queue(Connection& database, ClusterId cluster,
                                 const std::vector<std::string>& rules) {
  for (const std::string_view rule : rules) {
    if (!rule.starts_with(kQueueRule)) continue;
    const std::string key(rule.substr(kQueueRule.size()));
    OSTLER_TRY(const auto found, database.find(kNamedQueue, read_choice, cluster, key));
    if (found) return *found;
    return Error(Errc::UserFault, "queue \"" + key +
                                      "\" does not exist in the cluster; make it with \"ostler "
                                      "queue create " +
                                      key + "\", or use another one");
  }
  OSTLER_TRY(const auto found, database.find(kDefaultQueue, read_choice, cluster));
  if (found) return *found;
  return Error(Errc::UserFault, "the cluster has no default queue; name one with queue=KEY");
}

}  // namespace ostler::store::sqlite
