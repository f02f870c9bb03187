// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "store/sqlite/paging.hpp"
#include "store/sqlite/queries.hpp"
#include "store/sqlite/rows.hpp"

namespace ostler::store::sqlite {
namespace {

/// Something that a list of agents may ask for. Each has an index of its own with the connected
/// agents in the order of the list.
struct AgentCriterion {
  bool is_asked = false;
  std::string_view index;
  std::string_view condition;
};

/// The one that fewest agents meet comes first.
std::array<AgentCriterion, 6> criteria_of(const AgentFilter& filter) {
  return {{{!filter.name.empty(), "agents_by_name", "name = ?2"},
           {!filter.hostname.empty(), "agents_by_hostname", "hostname = ?3"},
           {filter.is_paused.has_value(), "agents_by_pause", "(paused_at IS NOT NULL) = ?4"},
           {filter.has_job.has_value(), "agents_by_work", "(job_id IS NOT NULL) = ?5"},
           {filter.queue.has_value(), "agents_by_queue", "queue_id = ?6"},
           {!filter.version.empty(), "agents_by_version", "version = ?7"}}};
}

/// Every text has all place holders, the last of which is always there.
std::string agent_list_sql(const AgentFilter& filter) {
  std::string_view index = "agents_by_state";
  std::string conditions;
  for (const AgentCriterion& criterion : criteria_of(filter)) {
    if (!criterion.is_asked) continue;
    if (conditions.empty()) index = criterion.index;
    conditions.append(" AND ").append(criterion.condition);
  }
  return sql(kSelectAgent, "INDEXED BY ") + std::string(index) + " WHERE state = 2" + conditions +
         " AND cluster_id IN (SELECT id FROM clusters WHERE organization_id = ?1)"
         " ORDER BY created_at DESC, id DESC LIMIT ?8 OFFSET ?9";
}

}  // namespace

Result<Page<model::Agent>> list_agents(Connection& database, const AgentFilter& filter,
                                       const PageRequest& page) {
  OSTLER_TRY(const auto window, window_of(page));
  return page_of(database.list(agent_list_sql(filter), read_agent, filter.organization, filter.name,
                               filter.hostname, filter.is_paused, filter.has_job, filter.queue,
                               filter.version, window.limit, window.offset),
                 page);
}

}  // namespace ostler::store::sqlite
