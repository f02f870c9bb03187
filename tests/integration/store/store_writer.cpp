// SPDX-License-Identifier: Apache-2.0
// store_writer DIRECTORY [BUILDS]
// Four agents run builds of one job with ten chunks of log each, in the store of DIRECTORY; a line
// on standard output for each call that was acknowledged. Without BUILDS they go on until killed.
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <cstdlib>

#include "chunk_text.hpp"
#include "support/store_house.hpp"

namespace ostler::store {
namespace {

using boost::asio::awaitable;
using support::StoreHouse;

constexpr int kChunksPerJob = 10;

/// One write call, so that a line is out whole or not at all.
void acknowledge(const std::string& what) {
  const std::string line = what + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::_Exit(3);
}

template <class T>
T value_of(Result<T> result) {
  if (!result) {
    acknowledge("error " + result.error().message());
    std::_Exit(2);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

CreateBuild build_of_one_job(StoreHouse& house) {
  CreateBuild command;
  command.pipeline = house.pipeline();
  command.plan.steps.resize(1);
  command.plan.steps[0].definition.command = "make";
  command.now = house.now();
  return command;
}

awaitable<void> run_build(StoreHouse& house, support::Worker agent) {
  Store& store = house.store();
  const auto made = value_of(co_await store.create_build(build_of_one_job(house)));
  const JobId job = made.follow_ups.runnable.front();
  acknowledge("build " + made.build.id.str());
  value_of(co_await store.accept_job(house.accept_command(agent, job)));
  acknowledge("accepted " + job.str());
  value_of(co_await store.start_job({agent.id, job, house.now(), house.now()}));
  acknowledge("started " + job.str());
  std::int64_t offset = 0;
  for (int sequence = 1; sequence <= kChunksPerJob; ++sequence) {
    const std::string text = chunk_text(job.str(), sequence);
    value_of(co_await store.append_chunk(house.chunk(agent, job, sequence, offset, text)));
    offset += static_cast<std::int64_t>(text.size());
    acknowledge("chunk " + job.str());
  }
  value_of(co_await store.finish_job(house.finish_command(agent, job, 0)));
  acknowledge("finished " + job.str());
}

awaitable<void> run_builds(StoreHouse& house, support::Worker agent, int count) {
  for (int i = 0; count < 0 || i < count; ++i) co_await run_build(house, agent);
}

}  // namespace
}  // namespace ostler::store

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  ostler::support::StoreHouse house(argv[1]);
  boost::asio::io_context io;
  const int count = argc > 2 ? std::atoi(argv[2]) : -1;
  for (const char* name : {"a", "b", "c", "d"}) {
    boost::asio::co_spawn(io,
                          ostler::store::run_builds(house, house.connect_agent({}, name), count),
                          boost::asio::detached);
  }
  io.run();
  return 0;
}
