// SPDX-License-Identifier: Apache-2.0
#include "bench/archive/large_fleet.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/archive/page_reader.hpp"
#include "bench/archive/row_copier.hpp"
#include "support/temp_directory.hpp"

namespace ostler::bench {
namespace {

using nlohmann::json;
using std::chrono::microseconds;
using Text = RowCopier::Text;

constexpr std::int64_t kManyPipelines = 10'000;
constexpr std::int64_t kAgents = 10'000;
constexpr const char* kRareQueue = "rare";
constexpr const char* kOldVersion = "3.100.0";
constexpr const char* kVersion = "3.137.0";

json call(const support::HubProcess& hub, const std::string& path, const std::string& token,
          const json& body) {
  net::BlockingHttpClient client;
  const auto answer = client.send(
      {.method = "POST",
       .url = hub.endpoint() + path,
       .headers = {{"Authorization", "Token " + token}, {"Content-Type", "application/json"}},
       .body = body.dump()});
  if (answer && answer.value().status == 200) return json::parse(answer.value().body);
  std::fprintf(stderr, "POST %s: %s\n", path.c_str(),
               answer ? answer.value().body.c_str() : answer.error().message().c_str());
  std::exit(1);
}

void connect_agent(const support::HubProcess& hub) {
  const json agent = call(hub, "/register", hub.agent_token(),
                          {{"name", "pattern"},
                           {"hostname", "pattern"},
                           {"os", "Linux"},
                           {"arch", "amd64"},
                           {"version", kVersion},
                           {"build", "x"},
                           {"script_eval_enabled", true},
                           {"ignore_in_dispatches", false},
                           {"meta_data", json::array({"queue=default"})},
                           {"features", json::array()}});
  call(hub, "/connect", agent.at("access_token"), json::object());
}

/// The id of the queue that few agents are in.
std::string make_rare_queue(const support::HubProcess& hub) {
  const std::string clusters = "/organizations/ostler/clusters";
  const std::string cluster = hub.rest("GET", clusters).json().at(0).at("id");
  return hub.rest("POST", clusters + "/" + cluster + "/queues", {{"key", kRareQueue}})
      .json()
      .at("id");
}

void add_pipelines(sqlite3* database, Ids& ids, microseconds now) {
  const std::string pattern = column(database, "SELECT id FROM pipelines").at(0);
  RowCopier copier(database, "pipelines", {"id", "name", "slug", "repository", "created_at"});
  for (std::int64_t i = 0; i < kManyPipelines; ++i) {
    const microseconds at = now - std::chrono::days(365) + std::chrono::minutes(i);
    const std::string number = std::to_string(i);
    copier.copy(pattern, ids.next(at), Text{"Service " + number}, Text{"service-" + number},
                Text{"https://git.example/team-" + std::to_string(i % 100) + "/service-" + number},
                at.count());
  }
  execute(database, "UPDATE pipelines SET archived_at = created_at WHERE name GLOB 'Service *7'");
}

/// Nobody waits for a sign of life of them.
void add_agents(sqlite3* database, Ids& ids, microseconds now) {
  const std::string pattern = column(database, "SELECT id FROM agents").at(0);
  const std::string rare =
      column(database, "SELECT id FROM queues WHERE key = '" + std::string(kRareQueue) + "'").at(0);
  const std::string common = column(database, "SELECT queue_id FROM agents").at(0);
  RowCopier copier(database, "agents",
                   {"id", "queue_id", "name", "hostname", "version", "created_at"});
  for (std::int64_t i = 0; i < kAgents; ++i) {
    const microseconds at = now - std::chrono::hours(24) + std::chrono::seconds(i);
    copier.copy(pattern, ids.next(at), i % 10 == 3 ? rare : common,
                Text{"agent-" + std::to_string(i)}, Text{"host-" + std::to_string(i / 10)},
                Text{i % 100 == 50 ? kOldVersion : kVersion}, at.count());
  }
  execute(database, "UPDATE agents SET lost_due = NULL");
}

void fill_with_fleet(const std::filesystem::path& file) {
  const Database database = open_to_fill(file);
  const auto now =
      std::chrono::duration_cast<microseconds>(std::chrono::system_clock::now().time_since_epoch());
  Ids ids;
  execute(database.get(), "BEGIN");
  add_pipelines(database.get(), ids, now);
  add_agents(database.get(), ids, now);
  execute(database.get(), "COMMIT");
}

const std::vector<Page> kPagesOfPipelines = {
    {"10,000 pipelines", "/pipelines"},
    {"10,000 pipelines, page 300", "/pipelines?page=300"},
    {"10,000 pipelines, 100 a page", "/pipelines?per_page=100"},
    {"pipelines in use", "/pipelines?archived=false"},
    {"archived pipelines", "/pipelines?archived=true"},
    {"pipelines by a rare part of their name", "/pipelines?name=4711"},
    {"pipelines by a part of all names", "/pipelines?name=service"},
    {"pipelines by two letters of their name", "/pipelines?name=47"},
    {"pipelines by a name, none", "/pipelines?name=nothing"},
    {"pipelines by a rare part of their repository", "/pipelines?repository=service-4711"},
    {"pipelines by the repositories of a team", "/pipelines?repository=team-42/"},
    {"pipelines by a part of all repositories", "/pipelines?repository=git.example"},
    {"pipelines by a repository, none", "/pipelines?repository=nothing"},
    {"pipelines by name and repository", "/pipelines?name=service&repository=team-42/"},
    {"archived pipelines by name", "/pipelines?archived=true&name=service"},
    {"archived pipelines by repository", "/pipelines?archived=true&repository=team-47/"},
};

std::vector<Page> pages_of_agents(const std::string& queue) {
  const std::string of_queue = "/agents?cluster_queue_id=" + queue;
  const std::string of_old = std::string("/agents?version=") + kOldVersion;
  return {
      {"10,000 agents", "/agents"},
      {"10,000 agents, page 300", "/agents?page=300"},
      {"10,000 agents, 100 a page", "/agents?per_page=100"},
      {"agents by name", "/agents?name=agent-4711"},
      {"agents by name, none", "/agents?name=nothing"},
      {"agents of a host", "/agents?hostname=host-471"},
      {"agents of a host, none", "/agents?hostname=nothing"},
      {"agents of the version of most", std::string("/agents?version=") + kVersion},
      {"agents of an old version", of_old},
      {"agents of a version, none", "/agents?version=nothing"},
      {"agents of a queue", of_queue},
      {"agents of a queue, page 30", of_queue + "&page=30"},
      {"agents of a queue and an old version, none", of_queue + "&version=" + kOldVersion},
      {"agents of a queue and a version", of_queue + "&version=" + kVersion},
      {"agents of a host and a queue", of_queue + "&hostname=host-471"},
      {"agents of a host and an old version", of_old + "&hostname=host-475"},
      {"agents by name, of a host", "/agents?name=agent-4711&hostname=host-471"},
  };
}

}  // namespace

void measure_fleet() {
  const support::TempDirectory directory;
  support::HubProcess hub(directory.path(), {"--rest-rate-limit", "0"});
  hub.make_pipeline("pattern", "steps:\n  - command: x\n");
  connect_agent(hub);
  const std::string queue = make_rare_queue(hub);
  hub.program().signal(SIGTERM);
  hub.program().wait(std::chrono::seconds(30));
  fill_with_fleet(hub.data() / "ostler.db");
  hub.start_again();
  PageReader reader(hub);
  for (const Page& page : kPagesOfPipelines) reader.measure(page);
  for (const Page& page : pages_of_agents(queue)) reader.measure(page);
}

}  // namespace ostler::bench
