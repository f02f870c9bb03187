// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>

#include "hub/rest_api/graphql_documents.hpp"
#include "wire/rest_job.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

using model::JobState;
using wire::GraphqlRequest;
using wire::JsonObjectText;

/// Those that a job of an agent can have.
constexpr std::array kStatesOfCommands = {
    JobState::Waiting,  JobState::WaitingFailed, JobState::Limited,  JobState::Scheduled,
    JobState::Accepted, JobState::Running,       JobState::Finished, JobState::TimingOut,
    JobState::TimedOut, JobState::Canceling,     JobState::Canceled, JobState::Expired,
    JobState::Broken,   JobState::Skipped,
};

std::string graphql_state_of(const model::Job& job) {
  return wire::graphql_job_state(wire::rest_job_state(job));
}

std::vector<JobState> states_named(const std::vector<std::string>& names) {
  std::vector<JobState> states;
  for (const JobState state : kStatesOfCommands) {
    model::Job job;
    job.state = state;
    if (std::ranges::find(names, graphql_state_of(job)) != names.end()) states.push_back(state);
  }
  return states;
}

/// What the variables ask for. None: nothing can match them.
std::optional<store::NewestJobs> query_of(const GraphqlRequest& request) {
  store::NewestJobs query{.rules = request.list("agentQueryRules"),
                          .limit = graphql_page_size(request)};
  for (const std::string& id : request.list("clusterQueue")) {
    if (const auto queue = wire::uuid_of_graphql_id(id, "ClusterQueue")) {
      query.queues.push_back({*queue});
    }
  }
  query.states = states_named(request.list("state"));
  const bool matches_none = (request.has("clusterQueue") && query.queues.empty()) ||
                            (request.has("state") && query.states.empty());
  if (matches_none) return std::nullopt;
  query.before = JobId::parse(request.variable("after"));
  return query;
}

/// What the jobs of a page refer to.
struct PageSurroundings {
  wire::RestUrls urls;
  std::map<BuildId, std::pair<std::string, std::int64_t>> builds{};  ///< pipeline and number
  std::map<AgentId, model::Agent> agents{};
  std::map<QueueId, model::Queue> queues{};
  std::map<ClusterId, std::string> clusters{};  ///< names
};

Lookup<PageSurroundings> surroundings_of(const Backend& backend,
                                         const model::Organization& organization,
                                         const std::vector<model::Job>& jobs) {
  PageSurroundings around{.urls = urls_of(backend, organization)};
  std::vector<AgentId> agents;
  for (const model::Job& job : jobs) {
    if (job.agent) agents.push_back(*job.agent);
    if (around.builds.contains(job.step.build)) continue;
    OSTLER_CO_TRY(const auto build, co_await backend.store.build(job.step.build));
    OSTLER_CO_TRY(const auto pipeline, co_await backend.store.pipeline(build.pipeline));
    around.builds.emplace(build.id, std::pair(pipeline.settings.slug, build.number));
  }
  OSTLER_CO_TRY(auto found, co_await backend.store.agents(std::move(agents)));
  for (model::Agent& agent : found) around.agents.emplace(agent.id, std::move(agent));
  OSTLER_CO_TRY(auto queues, co_await backend.store.queues(organization.id));
  for (model::Queue& queue : queues) around.queues.emplace(queue.id, std::move(queue));
  OSTLER_CO_TRY(auto clusters, co_await backend.store.clusters(organization.id));
  for (model::Cluster& cluster : clusters) around.clusters.emplace(cluster.id, cluster.name);
  co_return around;
}

std::string agent_node(const model::Job& job, const PageSurroundings& around) {
  const auto found = job.agent ? around.agents.find(*job.agent) : around.agents.end();
  if (found == around.agents.end()) return "null";
  const model::AgentDescription& description = found->second.description;
  return JsonObjectText()
      .text("id", wire::graphql_id("Agent", found->first.uuid))
      .text("name", description.name)
      .text("hostname", description.hostname)
      .texts("metaData", description.tags)
      .finish();
}

void add_queue(JsonObjectText& object, const model::Job& job, const PageSurroundings& around) {
  const auto queue = around.queues.find(job.queue);
  if (queue == around.queues.end()) {
    object.null("cluster").null("clusterQueue");
    return;
  }
  const ClusterId cluster = queue->second.cluster;
  const auto name = around.clusters.find(cluster);
  object
      .raw("cluster", JsonObjectText()
                          .text("id", wire::graphql_id("Cluster", cluster.uuid))
                          .text("name", name == around.clusters.end() ? "" : name->second)
                          .finish())
      .raw("clusterQueue", JsonObjectText()
                               .text("id", wire::graphql_id("ClusterQueue", job.queue.uuid))
                               .text("key", queue->second.key)
                               .finish());
}

std::string node_of(const model::Job& job, const PageSurroundings& around,
                    const GraphqlRequest& request) {
  const auto& [pipeline, number] = around.builds.at(job.step.build);
  JsonObjectText object;
  object.text("__typename", "JobTypeCommand")
      .text("id", wire::graphql_id("JobTypeCommand", job.id.uuid))
      .text("uuid", job.id.str());
  if (request.asks_for("label")) object.text_or_null("label", job.step.label);
  object.text_or_null("command", job.step.command)
      .text("state", graphql_state_of(job))
      .text_or_null("exitStatus", job.outcome ? std::to_string(job.outcome->exit_status) : "")
      .text("url", around.urls.web_job(pipeline, number, job.id))
      .time("startedAt", job.started_at)
      .time("finishedAt", job.finished_at)
      .time("createdAt", job.created_at);
  // An argument of that name has no "cluster" beside it.
  if (request.asks_for("cluster")) add_queue(object, job, around);
  return object.raw("agent", agent_node(job, around)).finish();
}

}  // namespace

GraphqlData list_graphql_jobs(const Backend& backend, const Call& call,
                              const GraphqlRequest& request) {
  OSTLER_CO_TRY(const auto organization,
                co_await organization_named(backend, call, request.variable("org")));
  if (!organization) co_return graphql_field("organization", "null");
  store::JobSlice slice;
  if (auto query = query_of(request)) {
    OSTLER_CO_TRY(slice, co_await backend.store.newest_jobs(std::move(*query)));
  }
  OSTLER_CO_TRY(const auto around, co_await surroundings_of(backend, *organization, slice.jobs));
  std::vector<std::string> nodes;
  for (const model::Job& job : slice.jobs) nodes.push_back(node_of(job, around, request));
  const auto next = slice.next ? std::optional(slice.next->str()) : std::nullopt;
  co_return graphql_field("organization", graphql_field("jobs", graphql_connection(nodes, next)));
}

}  // namespace ostler::rest_api
