// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "store/directory_blob_store.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using boost::asio::awaitable;
using support::StoreHouse;
using support::Worker;

support::OpenStore store_with_roomy_limits() {
  return [](const std::filesystem::path& directory, Timestamp now, BlobStore& blobs) {
    SqliteOptions options;
    options.directory = directory;
    options.now = now;
    options.log_limit = std::int64_t{1} << 40;
    return open_sqlite_store(std::move(options), blobs);
  };
}

void check(bool succeeded) { OSTLER_ASSERT(succeeded); }

std::vector<JobId> make_jobs(StoreHouse& house, std::size_t count,
                             const std::optional<model::Concurrency>& concurrency = {}) {
  CreateBuild command;
  command.pipeline = house.pipeline();
  command.plan.steps.resize(count);
  for (auto& step : command.plan.steps) step.definition.concurrency = concurrency;
  command.now = house.now();
  return house.get(house.store().create_build(std::move(command))).follow_ups.runnable;
}

awaitable<void> run_jobs(StoreHouse& house, Worker agent, std::vector<JobId> jobs) {
  for (const JobId job : jobs) {
    check((co_await house.store().accept_job(house.accept_command(agent, job))).has_value());
    check(
        (co_await house.store().start_job({agent.id, job, house.now(), house.now()})).has_value());
    check((co_await house.store().finish_job(house.finish_command(agent, job, 0))).has_value());
  }
}

/// Accept, start and finish by a number of agents at once.
void BM_JobLife(benchmark::State& state) {
  const auto agents = static_cast<std::size_t>(state.range(0));
  const std::size_t jobs_each = 512 / agents;
  const support::TempDirectory directory;
  StoreHouse house(directory.path());
  std::vector<Worker> workers;
  for (std::size_t i = 0; i < agents; ++i) workers.push_back(house.connect_agent());
  for (auto _ : state) {
    state.PauseTiming();
    const auto jobs = make_jobs(house, agents * jobs_each);
    boost::asio::io_context io;
    for (std::size_t i = 0; i < agents; ++i) {
      const auto begin = jobs.begin() + static_cast<std::ptrdiff_t>(i * jobs_each);
      std::vector<JobId> own(begin, begin + static_cast<std::ptrdiff_t>(jobs_each));
      boost::asio::co_spawn(io, run_jobs(house, workers[i], std::move(own)), boost::asio::detached);
    }
    state.ResumeTiming();
    io.run();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(agents * jobs_each));
}
BENCHMARK(BM_JobLife)->Arg(1)->Arg(8)->Arg(64)->UseRealTime()->Unit(benchmark::kMillisecond);

/// One job's life in a concurrency group in which many others wait for its slot.
void BM_CrowdedGroup(benchmark::State& state) {
  const support::TempDirectory directory;
  StoreHouse house(directory.path());
  const Worker agent = house.connect_agent();
  const auto method = static_cast<model::ConcurrencyMethod>(state.range(1));
  auto next = make_jobs(house, static_cast<std::size_t>(state.range(0)),
                        model::Concurrency{.group = "g", .limit = 10, .method = method});
  for (auto _ : state) {
    house.accept(agent, next.back());
    house.start(agent, next.back());
    next.back() = house.finish(agent, next.back()).follow_ups.runnable.at(0);
  }
}
BENCHMARK(BM_CrowdedGroup)
    ->ArgsProduct({{1'000, 9'900}, {1, 2}})
    ->Iterations(500)
    ->Unit(benchmark::kMillisecond);

/// 100 KB of what compilers print.
std::string log_text() {
  std::string text;
  for (int line = 0; text.size() < 102'400; ++line) {
    text += "[" + std::to_string(line * 7919 % 1000) + "/1000] Building CXX object agent/store/" +
            std::to_string(line * 104'729 % 99'991) + ".cpp.o\r\n";
  }
  text.resize(102'400);
  return text;
}

awaitable<void> send_chunks(StoreHouse& house, AppendChunk next, int count, std::int64_t step) {
  for (int i = 0; i < count; ++i) {
    check((co_await house.store().append_chunk(next)).has_value());
    next.sequence += step;
    next.offset += step * next.size;
  }
}

/// Chunks of a number of jobs, three in flight each, as agents send them.
void BM_ChunkIngest(benchmark::State& state) {
  constexpr int kInFlight = 3;
  constexpr int kChunksEach = 32;
  const support::TempDirectory directory;
  StoreHouse house(directory.path(), store_with_roomy_limits());
  const auto jobs = make_jobs(house, static_cast<std::size_t>(state.range(0)));
  const std::string text = log_text();
  std::vector<AppendChunk> next;
  for (const JobId job : jobs) {
    const Worker agent = house.connect_agent();
    house.accept(agent, job);
    house.start(agent, job);
    next.push_back(house.chunk(agent, job, 0, 0, text));
  }
  for (auto _ : state) {
    boost::asio::io_context io;
    for (auto& chunk : next) {
      for (int lane = 0; lane < kInFlight; ++lane) {
        AppendChunk first = chunk;
        first.sequence += lane;
        first.offset += lane * first.size;
        boost::asio::co_spawn(io, send_chunks(house, std::move(first), kChunksEach, kInFlight),
                              boost::asio::detached);
      }
      chunk.sequence += kInFlight * kChunksEach;
      chunk.offset += kInFlight * kChunksEach * chunk.size;
    }
    io.run();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) * kInFlight * kChunksEach *
                          static_cast<std::int64_t>(text.size()));
}
BENCHMARK(BM_ChunkIngest)->Arg(1)->Arg(8)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace ostler::store
