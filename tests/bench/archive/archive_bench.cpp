// SPDX-License-Identifier: Apache-2.0
// How long people wait for pages of a hub that has 10,000 pipelines and agents, and of one that has
// kept a million builds: the real `ostler hub` over a store of those, and over one of 1,000,000
// builds (or as many as the argument says), asked through REST on one connection. Prints rows of
// one table: page and size, median, 99th of a hundred.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "bench/archive/large_fleet.hpp"
#include "bench/archive/old_builds.hpp"
#include "bench/archive/page_reader.hpp"
#include "support/hub_process.hpp"
#include "support/temp_directory.hpp"

namespace ostler::bench {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

constexpr int kPipelines = 20;

/// What the hub has written itself is what the fill copies: one ended build in each pipeline.
void make_patterns(const support::HubProcess& hub) {
  for (int i = 0; i < kPipelines; ++i) {
    const std::string slug = hub.make_pipeline("p" + std::to_string(i), "steps:\n  - command: x\n");
    hub.make_build(slug);
    hub.rest("PUT", "/organizations/ostler/pipelines/" + slug + "/builds/1/cancel");
  }
}

std::string time_before_now(std::chrono::hours ago) {
  const std::time_t at =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now() - ago);
  char text[32];
  std::tm parts{};
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", ::gmtime_r(&at, &parts));
  return text;
}

std::vector<Page> pages_of(const json& some_build) {
  const std::string commit = some_build.at("commit").get<std::string>();
  const std::string creator = some_build.at("creator").at("id").get<std::string>();
  const std::string old = time_before_now(std::chrono::hours(24 * 50));
  const std::string recent = time_before_now(std::chrono::hours(24));
  const std::string number = std::to_string(some_build.at("number").get<int>());
  return {
      {"builds", "/builds"},
      {"builds, without jobs", "/builds?exclude_jobs=true&exclude_pipeline=true"},
      {"builds, page 100", "/builds?page=100"},
      {"builds, 100 a page", "/builds?per_page=100"},
      {"builds of a pipeline", "/pipelines/p0/builds"},
      {"builds of a branch", "/builds?branch=main"},
      {"builds of a rare branch", "/builds?branch=feature/12347"},
      {"builds of an unknown branch", "/builds?branch=none"},
      {"builds of branches feature/1234*", "/builds?branch=feature/1234*"},
      {"builds of branches *none*", "/builds?branch=*none*"},
      {"builds of branches release/*", "/builds?branch=release/*"},
      {"builds of branches release/123*", "/builds?branch=release/123*"},
      {"builds of branches */123*", "/builds?branch=*/123*"},
      {"failed builds of branches release/*, none", "/builds?branch=release/*&state=failed"},
      {"builds of a pipeline's branches release/*", "/pipelines/p0/builds?branch=release/*"},
      {"builds of a pipeline's branches release/123*", "/pipelines/p0/builds?branch=release/123*"},
      {"builds of a commit", "/builds?commit=" + commit},
      {"failed builds", "/builds?state=failed"},
      {"running builds (none)", "/builds?state=running"},
      {"finished builds", "/builds?state=finished"},
      {"builds by creator", "/builds?creator=" + creator},
      {"builds created before", "/builds?created_to=" + old},
      {"builds created since", "/builds?created_from=" + recent},
      {"builds finished since", "/builds?finished_from=" + recent},
      {"builds finished since, none", "/builds?finished_from=2100-01-01T00:00:00Z"},
      {"builds with meta-data", "/builds?meta_data[env]=production"},
      {"builds with meta-data, none", "/builds?meta_data[env]=none"},
      {"failed builds of a pipeline's branch", "/pipelines/p3/builds?branch=main&state=failed"},
      {"canceled builds of a pipeline's branch", "/pipelines/p0/builds?branch=main&state=canceled"},
      {"failed builds of a rare branch", "/builds?branch=feature/12347&state=failed"},
      {"failed builds created before", "/builds?state=failed&created_to=" + old},
      {"failed builds finished since", "/builds?state=failed&finished_from=" + recent},
      {"builds of a creator's branch", "/builds?branch=feature/12347&creator=" + creator},
      {"pipelines", "/pipelines"},
      {"a build", "/pipelines/p0/builds/" + number},
      {"30 builds of 4,000 jobs", "/pipelines/p19/builds"},
      {"30 builds of 4,000 jobs, without jobs", "/pipelines/p19/builds?exclude_jobs=true"},
      {"a build of 4,000 jobs", "/pipelines/p19/builds/2"},
      {"jobs of a build of 4,000", "/pipelines/p19/builds/2/jobs"},
  };
}

void measure_builds(std::int64_t count) {
  support::TempDirectory directory;
  support::HubProcess hub(directory.path(), {"--rest-rate-limit", "0"});
  make_patterns(hub);
  hub.program().signal(SIGTERM);
  hub.program().wait(std::chrono::seconds(30));
  const auto start = Clock::now();
  fill(hub.data() / "ostler.db", {.count = count});
  std::fprintf(stderr, "filled in %.0f s\n",
               std::chrono::duration<double>(Clock::now() - start).count());
  hub.start_again();
  PageReader reader(hub);
  const auto newest =
      hub.rest("GET", "/organizations/ostler/pipelines/p0/builds?per_page=1").json();
  for (const auto& page : pages_of(newest.at(0))) reader.measure(page);
}

}  // namespace
}  // namespace ostler::bench

int main(int count, char** arguments) {
  ostler::bench::measure_fleet();
  ostler::bench::measure_builds(count > 1 ? std::atoll(arguments[1]) : 1'000'000);
}
