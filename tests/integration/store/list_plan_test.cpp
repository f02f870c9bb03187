// SPDX-License-Identifier: Apache-2.0
// Every parameter that a list of REST or GraphQL takes, with the index by which the store finds
// what it asks for in the order of the list.
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "files/file.hpp"
#include "store/sqlite/job_events.hpp"
#include "store/sqlite/queries.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using nlohmann::json;
using sqlite::Connection;
using Names = std::set<std::string>;

/// One question to the store, and the index that must answer it.
struct ListPlan {
  std::string index;
  std::function<bool(Connection&)> ask;
};

/// Parameters that say how much of what is found is shown, and not what is found.
const Names kShown = {"page",
                      "per_page",
                      "after",
                      "before",
                      "include_retried_jobs",
                      "exclude_jobs",
                      "exclude_pipeline",
                      "include_test_engine",
                      "omit_body"};

std::string list_detail(sqlite::Row& row) {
  std::int64_t unused = 0;
  std::string detail;
  row.take(unused, unused, unused, detail);
  return detail;
}

/// The parameters of every list in the document of REST, by its path.
std::map<std::string, Names> documented_lists() {
  const std::string file =
      std::string(::getenv("OSTLER_SOURCE_DIR")) + "/agent/hub/rest_api/openapi.json";
  const json document = json::parse(files::read_file(file).value());
  std::map<std::string, Names> lists;
  for (const auto& [path, item] : document.at("paths").items()) {
    if (!item.contains("get")) continue;
    Names names;
    for (const json& parameter : item.at("get").value("parameters", json::array())) {
      const std::string reference = parameter.at("$ref");
      names.insert(document.at(json::json_pointer(reference.substr(1))).at("name"));
    }
    if (names.contains("per_page")) lists.emplace(path, std::move(names));
  }
  return lists;
}

/// "pipelines/builds" of "/organizations/{org}/pipelines/{pipeline}/builds".
std::string list_name(const std::string& path) {
  std::vector<std::string> words;
  std::istringstream parts(path);
  for (std::string part; std::getline(parts, part, '/');) {
    if (!part.empty() && part.front() != '{') words.push_back(part);
  }
  return words.size() == 1 ? words.back() : words[words.size() - 2] + "/" + words.back();
}

class ListPlans : public testing::Test {
 protected:
  using PlansOfLists = std::map<std::string, std::map<std::string, ListPlan>>;

  void SetUp() override {
    build_ = house_->create_build("steps: [{command: a, key: a}]").build.id;
    job_ = house_->job_of(build_, "a").id;
    house_->store().close();
  }

  ListPlan builds(std::string index, BuildFilter filter) const {
    return {std::move(index), [filter](Connection& database) {
              return sqlite::list_builds(database, filter, {}).has_value();
            }};
  }
  ListPlan agents(std::string index, AgentFilter filter) const {
    return {std::move(index), [filter](Connection& database) {
              return sqlite::list_agents(database, filter, {}).has_value();
            }};
  }
  ListPlan newest_jobs(std::string index, NewestJobs query) const {
    return {std::move(index), [query](Connection& database) {
              return sqlite::list_newest_jobs(database, query).has_value();
            }};
  }
  ListPlan pipelines(std::string index, PipelineFilter filter) const {
    return {std::move(index), [filter](Connection& database) {
              return sqlite::list_pipelines(database, filter, {}).has_value();
            }};
  }
  ListPlan jobs(JobFilter filter) const {
    filter.builds = {build_};
    return {"jobs_by_build", [filter](Connection& database) {
              return sqlite::list_jobs(database, filter).has_value();
            }};
  }
  ListPlan artifacts(std::string index, ArtifactFilter filter) const {
    return {std::move(index), [filter](Connection& database) {
              return sqlite::list_artifacts(database, filter, {}).has_value();
            }};
  }
  ListPlan annotations(AnnotationFilter filter) const {
    return {"annotations_by_build", [filter](Connection& database) {
              return sqlite::list_annotations(database, filter, {}).has_value();
            }};
  }
  ListPlan plugins() const {
    return {"plugins_by_age", [organization = organization_](Connection& database) {
              return sqlite::list_plugins(database, organization, {}).has_value();
            }};
  }
  ListPlan uploads(FindUploads query) const {
    return {"PRIMARY KEY", [query](Connection& database) {
              return sqlite::list_pipeline_uploads(database, query).has_value();
            }};
  }
  ListPlan job_events() const {
    return {"sqlite_autoindex_job_events_1", [job = job_](Connection& database) {
              return sqlite::list_job_events(database, job, {}).has_value();
            }};
  }

  PlansOfLists plans() const;
  std::map<std::string, ListPlan> plans_of_builds(std::optional<PipelineId> pipeline) const;

  support::TempDirectory directory_;
  std::optional<support::StoreHouse> house_{directory_.path()};
  OrganizationId organization_ = house_->api().organization;
  BuildId build_;
  JobId job_;
};

/// Lists of what people make by hand: each is read as a whole, and takes no filter.
const Names kSmallLists = {"organizations",   "organizations/members", "organizations/clusters",
                           "clusters/queues", "clusters/tokens",       "clusters/secrets"};

std::map<std::string, ListPlan> ListPlans::plans_of_builds(
    std::optional<PipelineId> pipeline) const {
  const std::string of = pipeline ? "builds_by_pipeline" : "builds_by";
  const std::vector<std::pair<std::string, std::string>> value = {{"k", "v"}};
  return {
      {"", builds(pipeline ? of : of + "_age", {.pipeline = pipeline})},
      {"branch", builds(of + "_branch", {.pipeline = pipeline, .branches = {"a", "b"}})},
      {"branch=*part", builds(of + "_branch", {.pipeline = pipeline, .branches = {"*part"}})},
      {"commit", builds("builds_by_commit", {.pipeline = pipeline, .commits = {"a", "b"}})},
      {"state",
       builds(of + "_state", {.pipeline = pipeline,
                              .states = {model::BuildState::Passed, model::BuildState::Failed}})},
      {"creator", builds("builds_by_creator", {.pipeline = pipeline, .creator = UserId::make()})},
      {"created_from",
       builds(pipeline ? of : of + "_age", {.pipeline = pipeline, .created_from = Timestamp{1}})},
      {"created_to",
       builds(pipeline ? of : of + "_age", {.pipeline = pipeline, .created_to = Timestamp{2}})},
      {"finished_from",
       builds("builds_by_finish", {.pipeline = pipeline, .finished_from = Timestamp{1}})},
      {"meta_data", builds("meta_data_by_value (key=? AND <expr>=?)",
                           {.pipeline = pipeline, .meta_data = value})},
      {"include_paused",
       builds(pipeline ? of : of + "_age", {.pipeline = pipeline, .include_paused = false})},
  };
}

ListPlans::PlansOfLists ListPlans::plans() const {
  const OrganizationId in = organization_;
  const auto state = model::ArtifactState::Finished;
  const std::map<std::string, ListPlan> annotation_plans = {
      {"", annotations({.build = build_})},
      {"scope", annotations({.build = build_, .scope = model::AnnotationScope::Build})}};
  return {
      {"builds", plans_of_builds({})},
      {"organizations/builds", plans_of_builds({})},
      {"pipelines/builds", plans_of_builds(house_->pipeline())},
      {"organizations/agents",
       {{"", agents("agents_by_state", {.organization = in})},
        {"name", agents("agents_by_name", {.organization = in, .name = "a"})},
        {"hostname", agents("agents_by_hostname", {.organization = in, .hostname = "a"})},
        {"version", agents("agents_by_version", {.organization = in, .version = "a"})},
        {"cluster_queue_id",
         agents("agents_by_queue", {.organization = in, .queue = QueueId::make()})}}},
      {"graphql agents",
       {{"isRunningJob", agents("agents_by_work", {.organization = in, .has_job = false})},
        {"paused", agents("agents_by_pause", {.organization = in, .is_paused = true})}}},
      {"graphql jobs",
       {{"agentQueryRules", newest_jobs("sqlite_autoindex_jobs_1", {.rules = {"a=b"}})},
        {"clusterQueue", newest_jobs("jobs_by_queue", {.queues = {QueueId::make()}})},
        {"state", newest_jobs("jobs_by_state", {.states = {model::JobState::Expired}})}}},
      {"organizations/pipelines",
       {{"", pipelines("pipelines_by_age", {.organization = in})},
        {"name", pipelines("pipeline_numbers", {.organization = in, .name = "part"})},
        {"repository", pipelines("pipeline_numbers", {.organization = in, .repository = "part"})},
        {"name=ab", pipelines("pipelines_by_age", {.organization = in, .name = "ab"})},
        {"archived", pipelines("pipelines_by_age", {.organization = in, .is_archived = true})}}},
      {"builds/jobs",
       {{"", jobs({})},
        {"state", jobs({.states = {model::JobState::Expired}})},
        {"step_key", jobs({.step_key = "a"})},
        {"group_key", jobs({})}}},
      {"builds/artifacts",
       {{"", artifacts("artifacts_by_build", {.build = build_})},
        {"state", artifacts("artifacts_by_build", {.build = build_, .state = state})},
        {"path", artifacts("artifacts_by_build", {.build = build_, .path = "*"})}}},
      {"jobs/artifacts",
       {{"", artifacts("artifacts_by_job", {.build = build_, .job = job_})},
        {"state", artifacts("artifacts_by_job", {.build = build_, .job = job_, .state = state})},
        {"path", artifacts("artifacts_by_job", {.build = build_, .job = job_, .path = "*"})}}},
      {"builds/annotations", annotation_plans},
      {"jobs/annotations", annotation_plans},
      {"jobs/events", {{"", job_events()}}},
      {"builds/step-uploads",
       {{"", uploads({.build = build_})},
        {"filter[source_job_id]", uploads({.build = build_, .job = job_})}}},
      {"organizations/plugins", {{"", plugins()}}},
  };
}

struct PlanStep {
  std::int64_t parent = 0;
  std::string detail;
};

/// What is wrong with how a statement of a list is run; empty: nothing.
std::string fault_in(Connection& database, const std::string& sql) {
  const auto read = [](sqlite::Row& row) {
    PlanStep step;
    std::int64_t id = 0;
    std::int64_t unused = 0;
    row.take(id, step.parent, unused, step.detail);
    return step;
  };
  // Few builds or pipelines, counted before; branches up to a bound, of which each is found by the
  // index; those with one value of meta-data; queues, which people make.
  const bool is_bounded =
      sql.starts_with("WITH few ") || sql.starts_with("WITH RECURSIVE named(branch") ||
      sql.find("meta_data m") != sql.npos || sql.find("FROM queues") != sql.npos;
  std::set<std::int64_t> sorted;
  std::set<std::int64_t> walked;
  const auto steps = database.list("EXPLAIN QUERY PLAN " + sql, read).value();
  for (const PlanStep& step : steps) {
    const bool is_walk = step.detail.starts_with("SCAN ") && !step.detail.starts_with("SCAN (");
    const bool has_index = step.detail.find(" INDEX ") != step.detail.npos;
    if (is_walk && !has_index && !is_bounded) return "a whole table: " + step.detail;
    if (has_index) walked.insert(step.parent);
    if (step.detail.starts_with("USE TEMP B-TREE FOR ORDER BY")) sorted.insert(step.parent);
  }
  for (const std::int64_t parent : sorted) {
    if (walked.contains(parent) && !is_bounded) return "all that is found is sorted";
  }
  return "";
}

bool uses(Connection& database, const std::string& index) {
  for (const auto& sql : database.prepared_texts()) {
    if (sql.starts_with("EXPLAIN")) continue;
    const auto steps = database.list("EXPLAIN QUERY PLAN " + sql, list_detail).value();
    for (const std::string& step : steps) {
      const std::size_t at = step.find(" " + index);
      const std::size_t end = at + 1 + index.size();
      if (at != step.npos && (end == step.size() || step[end] == ' ')) return true;
    }
  }
  return false;
}

TEST_F(ListPlans, FindWhatEachFilterAsksForByAnIndexInTheOrderOfTheList) {
  for (const auto& [list, filters] : plans()) {
    for (const auto& [parameter, plan] : filters) {
      SCOPED_TRACE(list + "?" + parameter);
      auto database =
          Connection::open(directory_.path() / "ostler.db", sqlite::Access::ReadOnly).value();
      ASSERT_TRUE(plan.ask(database));
      const auto statements = database.prepared_texts();
      for (const auto& sql : statements) EXPECT_EQ(fault_in(database, sql), "") << sql;
      EXPECT_TRUE(uses(database, plan.index)) << plan.index << "\n" << statements.back();
    }
  }
}

TEST_F(ListPlans, AreKnownForEveryFilterOfEveryListOfTheDocument) {
  const PlansOfLists known = plans();
  const auto lists = documented_lists();
  EXPECT_GT(lists.size(), 15u);
  for (const auto& [path, parameters] : lists) {
    const std::string name = list_name(path);
    const auto found = known.find(name);
    ASSERT_TRUE(found != known.end() || kSmallLists.contains(name)) << name;
    for (const std::string& parameter : parameters) {
      if (kShown.contains(parameter)) continue;
      EXPECT_TRUE(found != known.end() && found->second.contains(parameter))
          << parameter << " of " << path << " has no plan in this test";
    }
  }
}

/// A filter with another field does not compile here, before its plan is among those above.
TEST(ListFilters, AreAllAmongThePlans) {
  [[maybe_unused]] const auto& [organization, name, host, version, queue, job, pause] =
      AgentFilter{};
  [[maybe_unused]] const auto& [of, named, repository, archived] = PipelineFilter{};
  [[maybe_unused]] const auto& [pipeline, branches, commits, states, creator, from, to, finished,
                                data, paused] = BuildFilter{};
  [[maybe_unused]] const auto& [queues, job_states, rules, before, limit] = NewestJobs{};
}

}  // namespace
}  // namespace ostler::store
