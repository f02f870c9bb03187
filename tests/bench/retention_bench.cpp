// SPDX-License-Identifier: Apache-2.0
// What it costs a hub with many builds to remove them: how long its one writer is busy with each
// slice, and how long another write waits meanwhile. Prints rows of one table: figure, median, 99th
// of a hundred, aim. Its argument: how many builds there are (20,000).
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/assert.hpp"
#include "bench/chain/table.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::bench {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using support::StoreHouse;

constexpr int kAtOnce = 64;
constexpr int kLargeSteps = 3'000;
constexpr std::int64_t kLogPieces = 10'000;

store::CreateBuild build_of_steps(const StoreHouse& house, std::size_t steps) {
  store::CreateBuild command;
  command.pipeline = house.pipeline();
  command.plan.steps.resize(steps);
  command.now = house.now();
  return command;
}

asio::awaitable<void> make_ended_builds(StoreHouse& house, int count, std::size_t steps) {
  for (int i = 0; i < count; ++i) {
    const auto made = co_await house.store().create_build(build_of_steps(house, steps));
    OSTLER_ASSERT(made.has_value());
    const auto ended =
        co_await house.store().cancel_build({made.value().build.id, "", house.now()});
    OSTLER_ASSERT(ended.has_value());
  }
}

/// Every piece of the log whose number leaves `lane` as remainder.
asio::awaitable<void> send_pieces(StoreHouse& house, const support::Worker& agent, JobId job,
                                  std::int64_t lane) {
  for (std::int64_t i = lane; i < kLogPieces; i += kAtOnce) {
    const auto sent =
        co_await house.store().append_chunk(house.chunk(agent, job, i + 1, i * 6, "line.\n"));
    OSTLER_ASSERT(sent.has_value());
  }
}

/// Builds of one job, one of many, and one with a log that came in many pieces.
void fill(StoreHouse& house, int builds) {
  asio::io_context io;
  for (int i = 0; i < kAtOnce; ++i) {
    asio::co_spawn(io, make_ended_builds(house, builds / kAtOnce, 1), asio::detached);
  }
  asio::co_spawn(io, make_ended_builds(house, 1, kLargeSteps), asio::detached);
  io.run();
  const auto agent = house.connect_agent();
  const JobId job =
      house.get(house.store().create_build(build_of_steps(house, 1))).follow_ups.runnable.at(0);
  house.accept(agent, job);
  house.start(agent, job);
  io.restart();
  for (std::int64_t lane = 0; lane < kAtOnce; ++lane) {
    asio::co_spawn(io, send_pieces(house, agent, job, lane), asio::detached);
  }
  io.run();
  house.finish(agent, job);
}

/// What was measured while, and how long each took.
struct Times {
  std::vector<double> finds;
  std::vector<double> slices;
  std::vector<double> writes;
};

asio::awaitable<void> remove_all(StoreHouse& house, Times& times, bool& is_over) {
  for (;;) {
    const auto begin = Clock::now();
    const auto found = co_await house.store().expired_builds({.terms = {}, .now = house.now()});
    times.finds.push_back(millis_between(begin, Clock::now()));
    OSTLER_ASSERT(found.has_value());
    if (found.value().empty()) break;
    for (const auto& expired : found.value()) {
      for (bool more = true; more;) {
        const auto asked = Clock::now();
        const auto removed = co_await house.store().remove_expired({.expired = expired});
        times.slices.push_back(millis_between(asked, Clock::now()));
        OSTLER_ASSERT(removed.has_value());
        more = removed.value().more;
      }
    }
  }
  is_over = true;
}

/// What any caller of the hub writes, one after the other, until it is over or so many were.
asio::awaitable<void> write(StoreHouse& house, BuildId build, Times& times, const bool& is_over,
                            std::size_t most) {
  while (!is_over && times.writes.size() < most) {
    const auto begin = Clock::now();
    const auto done = co_await house.store().set_meta_data({build, {{"a", "b"}}, house.now()});
    times.writes.push_back(millis_between(begin, Clock::now()));
    OSTLER_ASSERT(done.has_value());
  }
}

void row_of_tail(const std::string& figure, std::vector<double> millis, const std::string& aim) {
  std::ranges::sort(millis);
  row(figure, number(millis[millis.size() / 2], "ms"),
      number(millis[millis.size() * 99 / 100], "ms"), aim);
}

int run(int builds) {
  const support::TempDirectory directory;
  StoreHouse house(directory.path());
  fill(house, builds);
  house.pass(std::chrono::days(91));
  const BuildId live = house.get(house.store().create_build(build_of_steps(house, 1))).build.id;
  bool is_over = false;
  Times alone;
  Times both;
  asio::io_context io;
  asio::co_spawn(io, write(house, live, alone, is_over, 1'000), asio::detached);
  io.run();
  io.restart();
  asio::co_spawn(io, remove_all(house, both, is_over), asio::detached);
  asio::co_spawn(io, write(house, live, both, is_over, 10'000'000), asio::detached);
  io.run();
  const std::string of = ", of " + std::to_string(builds) + " builds";
  row("figure", "median", "p99", "aim");
  row_of_tail("slice of a removal, with its commit" + of, both.slices, "10 ms each");
  row("  the longest of " + std::to_string(both.slices.size()), "",
      number(std::ranges::max(both.slices), "ms"), "10 ms");
  row_of_tail("finding 100 builds to remove (a reader)", both.finds, "");
  row_of_tail("another write during removals without a pause", both.writes, "");
  row_of_tail("  the same without removals", alone.writes, "");
  return 0;
}

}  // namespace
}  // namespace ostler::bench

int main(int count, char** arguments) {
  return ostler::bench::run(count > 1 ? std::atoi(arguments[1]) : 20'000);
}
