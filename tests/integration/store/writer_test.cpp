// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>
#include <thread>

#include "store/sqlite/sqlite_store.hpp"
#include "support/store_house.hpp"
#include "support/temp_directory.hpp"

namespace ostler::store {
namespace {

using boost::asio::awaitable;

/// How a number of calls that were made at once ended.
struct Tally {
  int succeeded = 0;
  int not_found = 0;
  int unavailable = 0;

  template <class T>
  void add(const Result<T>& result) {
    if (result) ++succeeded;
    if (!result && result.error().code() == Errc::NotFound) ++not_found;
    if (!result && result.error().code() == Errc::Unavailable) ++unavailable;
  }
};

awaitable<void> beat(Store& store, AgentSignal signal, Tally& tally) {
  tally.add(co_await store.heartbeat(signal));
}
awaitable<void> start(Store& store, StartJob command, Tally& tally) {
  tally.add(co_await store.start_job(command));
}

TEST(Writer, FailsOneCommandOfAGroupAndNotTheOthers) {
  const support::TempDirectory directory;
  support::StoreHouse house(directory.path());
  const auto agent = house.connect_agent();
  boost::asio::io_context io;
  Tally tally;
  for (int i = 0; i < 300; ++i) {
    boost::asio::co_spawn(io, beat(house.store(), {agent.id, house.now()}, tally),
                          boost::asio::detached);
    boost::asio::co_spawn(
        io, start(house.store(), {agent.id, JobId::make(), house.now(), house.now()}, tally),
        boost::asio::detached);
  }
  io.run();
  EXPECT_EQ(tally.succeeded, 300);
  EXPECT_EQ(tally.not_found, 300);
}

awaitable<void> append(Store& store, AppendChunk chunk, Tally& tally) {
  tally.add(co_await store.append_chunk(std::move(chunk)));
}

/// Makes a job's log a file that cannot be synced.
void spoil_log(const std::filesystem::path& store, JobId job) {
  const std::string id = job.uuid.str();
  const auto folder = store / "logs" / id.substr(34);
  std::filesystem::create_directories(folder);
  std::filesystem::create_symlink("/dev/null", folder / (id + ".gz"));
}

TEST(Writer, FailsTheChunksOfTheOneLogThatCannotBeSynced) {
  const support::TempDirectory directory;
  support::StoreHouse house(directory.path());
  CreateBuild build;
  build.pipeline = house.pipeline();
  build.plan.steps.resize(8);
  build.now = house.now();
  const auto jobs = house.get(house.store().create_build(std::move(build))).follow_ups.runnable;
  spoil_log(directory.path(), jobs[3]);
  boost::asio::io_context io;
  std::vector<Tally> tallies(jobs.size());
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto agent = house.connect_agent();
    house.accept(agent, jobs[i]);
    house.start(agent, jobs[i]);
    for (int k = 0; k < 3; ++k) {
      boost::asio::co_spawn(
          io, append(house.store(), house.chunk(agent, jobs[i], k, 5 * k, "text\n"), tallies[i]),
          boost::asio::detached);
    }
  }
  io.run();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(tallies[i].succeeded, i == 3 ? 0 : 3) << i;
    if (i != 3) EXPECT_EQ(house.blobs().read(BlobName::of(jobs[i]), 0, 2).value(), "\x1f\x8b");
  }
}

TEST(Writer, RefusesForNowWhatItsQueueCannotHold) {
  const support::TempDirectory directory;
  const auto open = [](const std::filesystem::path& path, Timestamp now, BlobStore& blobs) {
    SqliteOptions options;
    options.directory = path;
    options.now = now;
    options.queued_commands = 4;
    return open_sqlite_store(std::move(options), blobs);
  };
  support::StoreHouse house(directory.path(), open);
  const auto agent = house.connect_agent();
  boost::asio::io_context io;
  Tally tally;
  for (int i = 0; i < 500; ++i) {
    boost::asio::co_spawn(io, beat(house.store(), {agent.id, house.now()}, tally),
                          boost::asio::detached);
  }
  io.run();
  EXPECT_GT(tally.unavailable, 0);
  EXPECT_EQ(tally.succeeded + tally.unavailable, 500);
  EXPECT_TRUE(house.call(house.store().heartbeat({agent.id, house.now()})));
}

awaitable<void> note_thread(Store& store, AgentId agent, std::thread::id& into) {
  static_cast<void>(co_await store.agent(agent));
  into = std::this_thread::get_id();
}

TEST(Writer, CompletesCallsOnTheExecutorOfTheirCaller) {
  const support::TempDirectory directory;
  support::StoreHouse house(directory.path());
  boost::asio::io_context io;
  std::thread::id completed_on;
  boost::asio::co_spawn(io, note_thread(house.store(), AgentId::make(), completed_on),
                        boost::asio::detached);
  io.run();
  EXPECT_EQ(completed_on, std::this_thread::get_id());
}

awaitable<void> run_jobs(support::StoreHouse& house, support::Worker agent, std::vector<JobId> jobs,
                         std::atomic<int>& finished) {
  for (const JobId job : jobs) {
    const auto accepted = co_await house.store().accept_job(house.accept_command(agent, job));
    const auto ended = co_await house.store().finish_job(house.finish_command(agent, job, 0));
    if (accepted && ended) ++finished;
  }
}

TEST(Writer, ServesManyThreadsAtOnce) {
  const support::TempDirectory directory;
  support::StoreHouse house(directory.path());
  std::string yaml = "steps:\n";
  for (int i = 0; i < 80; ++i) yaml += "  - command: a\n";
  const auto made = house.create_build(yaml);
  std::atomic<int> finished = 0;
  std::vector<support::Worker> agents;
  for (int i = 0; i < 8; ++i) agents.push_back(house.connect_agent());
  boost::asio::thread_pool pool(4);
  for (std::size_t i = 0; i < agents.size(); ++i) {
    const auto begin = made.follow_ups.runnable.begin() + static_cast<std::ptrdiff_t>(10 * i);
    boost::asio::co_spawn(
        pool, run_jobs(house, agents[i], std::vector<JobId>(begin, begin + 10), finished),
        boost::asio::detached);
  }
  pool.join();
  EXPECT_EQ(finished, 80);
  EXPECT_EQ(house.state_of(made.build.id), model::BuildState::Passed);
}

}  // namespace
}  // namespace ostler::store
