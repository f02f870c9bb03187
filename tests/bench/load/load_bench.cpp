// SPDX-License-Identifier: Apache-2.0
// What one hub bears: agents that speak the protocol and run nothing, against the real `ostler
// hub`. Prints rows of one table: figure, median, 99th of a hundred, aim; of all figures, or of
// those that its arguments name (dispatch, streams, throughput, memory, cancel, events, log,
// reads, artifacts).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "bench/chain/process_memory.hpp"
#include "bench/chain/table.hpp"
#include "bench/load/fleet.hpp"
#include "bench/load/listeners.hpp"
#include "bench/load/log_reads.hpp"
#include "support/child_program.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::bench {
namespace {

using Clock = std::chrono::steady_clock;

/// A row of their median and of the 99th of a hundred.
void row_of_tail(const std::string& figure, std::vector<double> millis, const std::string& aim) {
  std::ranges::sort(millis);
  row(figure, number(millis[millis.size() / 2], "ms"),
      number(millis[millis.size() * 99 / 100], "ms"), aim);
}

enum class Waits { ByHeldPing, ByStream };

std::string of_agents(std::size_t agents, Waits waits = Waits::ByHeldPing) {
  return ", " + std::to_string(agents) + (agents == 1 ? " agent" : " agents") +
         (waits == Waits::ByStream ? " on streams" : "");
}

/// A hub with a pipeline whose builds have so many jobs.
struct Bed {
  explicit Bed(int jobs = 1) {
    std::string yaml = "steps:\n";
    for (int i = 0; i < jobs; ++i) yaml += "  - command: \"true\"\n";
    pipeline = hub.make_pipeline("load", yaml);
  }
  support::TempDirectory directory;
  support::HubProcess hub{directory.path()};
  std::string pipeline;
  std::string build_id;
};

/// One build of one job after the other, all agents idle: from the call that makes the build (its
/// commit included) to the offer in an agent's hands.
void measure_dispatch(std::size_t agents, Waits waits) {
  Bed bed;
  Fleet fleet(bed.hub, agents, {.listens_to_stream = waits == Waits::ByStream});
  std::vector<double> whole;
  std::vector<double> answered;
  for (int i = 0; i < 300; ++i) {
    const auto asked = Clock::now();
    bed.hub.make_build(bed.pipeline);
    const auto made = Clock::now();
    const auto times = fleet.take(1).front();
    whole.push_back(millis_between(asked, times.offered));
    answered.push_back(millis_between(asked, made));
  }
  row_of_tail("build asked for to job offered" + of_agents(agents, waits), whole,
              "median 5 ms, p99 50 ms");
  row_of_tail("  of which the build's own answer took", answered, "");
}

/// Builds of 500 jobs, all of them runnable at once.
void measure_throughput(std::size_t agents) {
  constexpr std::size_t kJobs = 500;
  constexpr std::size_t kBuilds = 6;
  Bed bed(kJobs);
  Fleet fleet(bed.hub, agents, {});
  bed.hub.make_build(bed.pipeline);
  fleet.take(kJobs);
  std::vector<double> assign;
  std::vector<double> rates;
  for (std::size_t i = 0; i < kBuilds; ++i) {
    bed.hub.make_build(bed.pipeline);
    const auto times = fleet.take(kJobs);
    const auto first = std::ranges::min(times, {}, &JobTimes::offered).offered;
    rates.push_back(kJobs / (millis_between(first, times.back().finished) / 1e3));
    for (const JobTimes& job : times) assign.push_back(millis_between(job.offered, job.started));
  }
  std::ranges::sort(rates);
  row("jobs per second (median, best)" + of_agents(agents), number(rates[kBuilds / 2], "/s"),
      number(rates.back(), "/s"), "1,000 dispatches/s");
  row_of_tail("  assign to start" + of_agents(agents), assign, "");
}

void measure_memory(Waits waits) {
  constexpr std::size_t kAgents = 10'000;
  Bed bed;
  const pid_t hub = bed.hub.program().pid();
  const auto before = memory_of(hub);
  Fleet fleet(bed.hub, kAgents, {.listens_to_stream = waits == Waits::ByStream});
  std::this_thread::sleep_for(std::chrono::seconds(3));  // until the last of them waits
  const auto after = memory_of(hub);
  row("hub's memory per agent" + of_agents(kAgents, waits) + " (RSS, private dirty)",
      number((after.rss_kib - before.rss_kib) / kAgents, "KiB"),
      number((after.private_dirty_kib - before.private_dirty_kib) / kAgents, "KiB"), "");
  row("hub's memory" + of_agents(kAgents, waits) + " (RSS, private dirty)",
      number(after.rss_kib, "KiB"), number(after.private_dirty_kib, "KiB"), "");
}

/// From the call that cancels the build to the job's agent having been told.
void measure_cancel() {
  Bed bed;
  Fleet fleet(bed.hub, 1, {.awaits_cancel = true});
  std::vector<double> told;
  for (int i = 0; i < 200; ++i) {
    const int build = bed.hub.make_build(bed.pipeline);
    fleet.next_started();
    const auto asked = Clock::now();
    bed.hub.rest("PUT", "/organizations/ostler/pipelines/" + bed.pipeline + "/builds/" +
                            std::to_string(build) + "/cancel");
    told.push_back(millis_between(asked, fleet.take(1).front().canceled));
  }
  row_of_tail("cancel asked for to the job's agent told", told, "");
}

/// A build of 300 jobs that 100 agents run, followed by so many: what they hear, from the first
/// offer on until the last of them has heard the end.
void measure_events(std::size_t listeners) {
  constexpr int kJobs = 300;
  constexpr std::size_t kAgents = 100;
  std::vector<double> rates;
  for (int i = 0; i < 3; ++i) {
    Bed bed(kJobs);
    bed.hub.make_build(bed.pipeline);
    Listeners followers(bed.hub, "/pipelines/" + bed.pipeline + "/builds/1/events", listeners,
                        kJobs + 1);
    Fleet fleet(bed.hub, kAgents, {});
    const auto first = fleet.take(1).front().offered;
    const auto heard = followers.take();
    rates.push_back(static_cast<double>(heard.events) /
                    (millis_between(first, heard.last_end) / 1e3));
  }
  std::ranges::sort(rates);
  row("events per second to " + std::to_string(listeners) + " listeners (median, best)",
      number(rates[1], "/s"), number(rates.back(), "/s"), "");
}

/// Text that deflates as logs do, to about a quarter.
std::string log_text(std::size_t size) {
  std::string text;
  unsigned seed = 7;
  while (text.size() < size) {
    seed = seed * 1'103'515'245 + 12'345;
    text += "[" + std::to_string(seed % 100'000) + "/100000] Building CXX object src/part_" +
            std::to_string(seed / 65'536) + ".cpp.o\r\n";
  }
  text.resize(size);
  return text;
}

void measure_log() {
  constexpr std::size_t kJobs = 8;
  constexpr std::size_t kChunk = 1u << 20;
  constexpr std::size_t kChunks = 64;
  Bed bed(kJobs);
  const std::string text = log_text(kChunk);
  Fleet fleet(bed.hub, kJobs,
              {.log_chunks = kChunks, .chunk = support::gzip(text), .chunk_size = kChunk});
  std::vector<double> rates;
  for (int i = 0; i < 5; ++i) {
    bed.hub.make_build(bed.pipeline);
    const auto times = fleet.take(kJobs);
    const auto first = std::ranges::min(times, {}, &JobTimes::started).started;
    const double seconds = millis_between(first, times.back().finished) / 1e3;
    rates.push_back(static_cast<double>(kJobs * kChunks) / seconds * (kChunk / 1e6));
  }
  std::ranges::sort(rates);
  row("log ingest over HTTP, 8 jobs (median, best)", number(rates[2], "MB/s"),
      number(rates.back(), "MB/s"), "200 MB/s");
}

/// A log of 2 GiB, of which the hub keeps as much as its limit lets it, read by people and pages.
void measure_reads() {
  constexpr std::size_t kChunk = 1u << 20;
  constexpr std::size_t kChunks = 2048;
  constexpr int kReads = 100;
  Bed bed;
  Fleet fleet(
      bed.hub, 1,
      {.log_chunks = kChunks, .chunk = support::gzip(log_text(kChunk)), .chunk_size = kChunk});
  bed.hub.make_build(bed.pipeline);
  fleet.take(1);
  const std::string job = bed.hub.build(bed.pipeline, 1)["jobs"][0]["id"];
  const std::string log = "/organizations/ostler/jobs/" + job + "/log";
  const auto measure = [&](const std::string& figure, const LogRead& read) {
    row_of_tail(figure, times_of(bed.hub, read, kReads), "");
  };
  measure("first byte of a log of 2 GiB", {.path = log + ".txt", .ends_at_first_byte = true});
  measure("  as a page", {.path = log + ".html", .ends_at_first_byte = true});
  measure("  as a stream", {.path = log + "/stream", .ends_at_first_byte = true});
  measure("its last 1,000 lines, whole",
          {.path = log + ".txt", .headers = {{"Range", "bytes=-65536"}}});
  measure("  first byte of them as a stream",
          {.path = log + "/stream?tail=65536", .ends_at_first_byte = true});
}

/// Seconds that `ostler artifact` takes with these words in `folder` within a running job.
double artifact_seconds(const Bed& bed, const StartedJob& job, const std::filesystem::path& folder,
                        const std::vector<std::string>& words) {
  const auto program = std::filesystem::path(std::getenv("OSTLER_BUILD_DIR")) / "bin/ostler";
  std::vector<std::string> all = {"env",
                                  "-C",
                                  folder.string(),
                                  "BUILDKITE_AGENT_ENDPOINT=" + bed.hub.endpoint(),
                                  "BUILDKITE_AGENT_ACCESS_TOKEN=" + job.token,
                                  "BUILDKITE_JOB_ID=" + job.id,
                                  "BUILDKITE_BUILD_ID=" + bed.build_id,
                                  program.string(),
                                  "artifact"};
  all.insert(all.end(), words.begin(), words.end());
  const auto begin = Clock::now();
  const auto result = support::run_program(all);
  if (result.code != 0) std::fputs(result.err.c_str(), stderr);
  OSTLER_ASSERT(result.code == 0);
  return millis_between(begin, Clock::now()) / 1e3;
}

void measure_artifacts() {
  Bed bed;
  Fleet fleet(bed.hub, 1, {.awaits_cancel = true});
  const int build = bed.hub.make_build(bed.pipeline);
  bed.build_id = bed.hub.build(bed.pipeline, build)["id"];
  const StartedJob job = fleet.next_started();
  const auto folder = bed.directory / "files";
  for (const char* part : {"", "many", "one"}) std::filesystem::create_directory(folder / part);
  constexpr int kFiles = 10'000;
  constexpr std::uint64_t kLarge = 4ull << 30;
  for (int i = 0; i < kFiles; ++i) {
    std::ofstream(folder / (std::to_string(i) + ".small")) << std::string(1024, 'x') << i;
  }
  std::ofstream(folder / "large").close();
  std::filesystem::resize_file(folder / "large", kLarge);
  const auto measure = [&](const std::string& what, const std::vector<std::string>& many,
                           const std::vector<std::string>& one) {
    const double small = artifact_seconds(bed, job, folder, many);
    row(what + ", 10,000 artifacts of 1 KiB", number(small, "s"), number(kFiles / small, "/s"), "");
    const double large = artifact_seconds(bed, job, folder, one);
    row(what + ", one artifact of 4 GiB", number(large, "s"), number(kLarge / large / 1e6, "MB/s"),
        "");
  };
  measure("upload", {"upload", "*.small"}, {"upload", "large"});
  measure("download", {"download", "*.small", "many/"}, {"download", "large", "one/"});
}

int run(std::span<char*> names) {
  constexpr std::size_t kSizes[] = {1, 100, 10'000};
  const auto wanted = [&](std::string_view name) {
    return names.empty() || std::ranges::find(names, name) != names.end();
  };
  row("figure", "median", "p99", "aim");
  for (const std::size_t size : kSizes) {
    if (wanted("dispatch")) measure_dispatch(size, Waits::ByHeldPing);
    if (wanted("streams")) measure_dispatch(size, Waits::ByStream);
    if (wanted("throughput")) measure_throughput(size);
  }
  if (wanted("memory")) {
    measure_memory(Waits::ByHeldPing);
    measure_memory(Waits::ByStream);
  }
  if (wanted("cancel")) measure_cancel();
  if (wanted("events")) measure_events(1'000);
  if (wanted("log")) measure_log();
  if (wanted("reads")) measure_reads();
  if (wanted("artifacts")) measure_artifacts();
  return 0;
}

}  // namespace
}  // namespace ostler::bench

int main(int count, char** arguments) {
  return ostler::bench::run(std::span(arguments, static_cast<std::size_t>(count)).subspan(1));
}
