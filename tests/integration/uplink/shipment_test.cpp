// SPDX-License-Identifier: Apache-2.0
#include "uplink/shipment.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "journal/writer.hpp"
#include "support/fake_hub.hpp"
#include "support/fake_timers.hpp"
#include "support/temp_directory.hpp"

namespace ostler::uplink {
namespace {

namespace asio = boost::asio;
using journal::Cause;
using support::ServerReply;

/// A journal that the test writes, shipped to a hub by a shipment that does not really wait.
class ShipmentTest : public testing::Test, public GrowthSource {
 protected:
  ShipmentTest() {
    job_ = hub_.add_job();
    std::filesystem::create_directory(directory());
  }

  std::filesystem::path directory() const { return home_ / "job"; }

  void write(const std::string& output) {
    ASSERT_TRUE(writer().append(journal::RecordType::Output, output));
  }
  void write_verdict(int status = 0) {
    ASSERT_TRUE(writer().append_verdict({Cause::Exited, status, 0, ""}));
  }
  journal::Writer& writer() {
    if (!writer_) writer_.emplace(journal::Writer::open(directory(), clock_).value());
    return *writer_;
  }

  /// A shipment with a loop and a client of its own.
  struct Attempt {
    Attempt(ShipmentTest& test, std::uint64_t chunk_size)
        : client(io.get_executor()),
          api(client, test.timers_, test.clock_),
          tasks(io.get_executor()) {
      ShipmentOptions options;
      options.job = test.job_;
      options.peer = {test.hub_.endpoint(), Secret("job-" + test.job_), {}};
      options.directory = test.directory();
      options.chunk_size = chunk_size;
      options.started_at = test.clock_.now();
      shipment = Shipment::open({io.get_executor(), test.pool_, api, test.clock_, test.metrics_},
                                std::move(options), test)
                     .value();
      tasks.spawn(keep(*shipment, delivery));
    }

    static asio::awaitable<void> keep(Shipment& shipment, std::optional<Delivery>& into) {
      into = co_await shipment.run();
    }

    asio::io_context io;
    net::HttpClient client;
    agent_client::AgentApi api;
    std::optional<Delivery> delivery;
    std::unique_ptr<Shipment> shipment;
    net::TaskGroup tasks;
  };

  /// Ships what the journal holds to the end.
  Delivery ship(std::uint64_t chunk_size = 100) {
    Attempt attempt(*this, chunk_size);
    attempt.io.run();
    return attempt.delivery.value();
  }

  /// Ships until `enough` holds, then goes away as a killed agent does: with everything it was
  /// about to send unsent.
  void ship_until(const std::function<bool()>& enough, std::uint64_t chunk_size = 100) {
    Attempt attempt(*this, chunk_size);
    while (!enough()) attempt.io.run_one_for(std::chrono::milliseconds(10));
    attempt.tasks.cancel();
    attempt.io.run();
    EXPECT_EQ(attempt.delivery, Delivery::Interrupted);
  }

  support::FakeJob job() { return hub_.job(job_); }

  void expect_whole(const std::string& log) {
    EXPECT_TRUE(job().is_contiguous());
    EXPECT_EQ(job().log(), log);
    EXPECT_EQ(job().conflicting_chunks, 0);
    EXPECT_FALSE(job().finished_before_chunks);
    EXPECT_EQ(job().finishes, 1);
  }

  support::FakeHub hub_;
  std::string job_;

  void ask(std::uint64_t) override {}

  const support::TempDirectory home_;
  const SystemClock clock_;
  diag::AgentMetrics metrics_{"", "default"};
  support::FakeTimers timers_;
  net::WorkPool pool_;
  std::optional<journal::Writer> writer_;
};

TEST_F(ShipmentTest, SendsStartChunksAndFinish) {
  write(std::string(250, 'x'));
  write_verdict(7);
  EXPECT_EQ(ship(), Delivery::Delivered);
  expect_whole(std::string(250, 'x'));
  EXPECT_EQ(job().chunks.size(), 3u);
  EXPECT_EQ(job().chunks.at(1).size, 100u);
  EXPECT_EQ(job().starts, 1);
  EXPECT_EQ(job().finish["exit_status"], "7");
}

TEST_F(ShipmentTest, SendsNoChunkForAJobThatSaidNothing) {
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_TRUE(job().chunks.empty());
  EXPECT_EQ(job().finishes, 1);
}

TEST_F(ShipmentTest, CompressesLargeChunksBesideTheLoop) {
  std::string log;
  for (int i = 0; i < 100'000; ++i) log += std::to_string(i) + "\n";
  for (std::size_t at = 0; at < log.size(); at += 30'000) write(log.substr(at, 30'000));
  write_verdict();
  EXPECT_EQ(ship(200'000), Delivery::Delivered);
  expect_whole(log);
}

TEST_F(ShipmentTest, RepeatsTheSameExtentsAfterAKill) {
  hub_.fail("/chunks", support::SilentReply(), 2);
  write(std::string(150, 'a'));
  ship_until([this] { return hub_.count("/chunks") >= 2; });
  write(std::string(500, 'b'));
  write_verdict();
  EXPECT_EQ(ship(300), Delivery::Delivered);
  expect_whole(std::string(150, 'a') + std::string(500, 'b'));
  EXPECT_EQ(job().chunks.at(1).size, 100u);
  EXPECT_EQ(job().chunks.at(2).size, 50u);
}

TEST_F(ShipmentTest, SendsNothingAgainThatWasAcknowledged) {
  write(std::string(100, 'a'));
  ship_until([this] { return !job().chunks.empty() && hub_.count("/start") == 1; });
  const int chunks_before = hub_.count("/chunks");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_LE(hub_.count("/chunks") - chunks_before, 1);  // the answer may have come too late
  expect_whole(std::string(100, 'a'));
}

TEST_F(ShipmentTest, HasAtMostThreeChunksUnderWay) {
  hub_.fail("/chunks", support::SilentReply(), 3);
  write(std::string(1000, 'x'));
  write_verdict();
  ship_until([this] { return hub_.count("/chunks") >= 3; });
  EXPECT_EQ(hub_.count("/chunks"), 3);
  EXPECT_EQ(ship(), Delivery::Delivered);
  expect_whole(std::string(1000, 'x'));
}

TEST_F(ShipmentTest, WaitsForTheStartBeforeAnythingElse) {
  hub_.fail("/start", ServerReply{503, ""}, 3);
  write("hello");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::Delivered);
  const auto requests = hub_.requests();
  const auto chunk = std::find_if(requests.begin(), requests.end(), [](const auto& line) {
    return line.find("/chunks") != std::string::npos;
  });
  EXPECT_EQ(std::count_if(requests.begin(), chunk,
                          [](const auto& line) { return line.ends_with("/start"); }),
            4);
  expect_whole("hello");
}

TEST_F(ShipmentTest, SendsNothingOfAJobWhoseStartIsRefused) {
  hub_.fail("/start", ServerReply{422, ""});
  write("hello");
  write_verdict();
  EXPECT_EQ(ship(), Delivery::RefusedStart);
  EXPECT_EQ(hub_.count("/chunks"), 0);
  EXPECT_EQ(hub_.count("/finish"), 0);
}

TEST_F(ShipmentTest, CountsTheChunksThatWereRefusedAlsoAcrossAKill) {
  hub_.fail("sequence=1", ServerReply{413, ""});
  hub_.fail("/finish", support::SilentReply(), 1);
  write("hello");
  write_verdict();
  ship_until([this] { return hub_.count("/finish") == 1; });
  EXPECT_EQ(ship(), Delivery::Delivered);
  EXPECT_EQ(job().finish["chunks_failed_count"], 1);
  EXPECT_EQ(hub_.count("sequence=1"), 1);
}

TEST_F(ShipmentTest, TakesARefusedFinishForFinal) {
  hub_.fail("/finish", ServerReply{422, ""});
  write_verdict();
  EXPECT_EQ(ship(), Delivery::RefusedFinish);
  EXPECT_EQ(hub_.count("/finish"), 1);
}

TEST_F(ShipmentTest, ReportsAJournalThatEndsWithoutAVerdictAsLost) {
  write("hello");
  Attempt attempt(*this, 100);
  attempt.shipment->journal_ended();
  attempt.io.run();
  EXPECT_EQ(attempt.delivery, Delivery::Delivered);
  expect_whole("hello");
  EXPECT_EQ(job().finish["exit_status"], "-1");
  EXPECT_EQ(job().finish["signal_reason"], "process_run_error");
}

TEST_F(ShipmentTest, RemovesSegmentsThatWereShipped) {
  const std::string piece(1u << 20, 'z');
  for (int i = 0; i < 40; ++i) write(piece);
  write_verdict();
  const auto segments = [this] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory())) {
      if (entry.path().filename().string().starts_with("journal.")) ++count;
    }
    return count;
  };
  ASSERT_GE(segments(), 3u);
  EXPECT_EQ(ship(1u << 20), Delivery::Delivered);
  EXPECT_EQ(segments(), 1u);
  EXPECT_EQ(job().chunks.size(), 40u);
}

}  // namespace
}  // namespace ostler::uplink
