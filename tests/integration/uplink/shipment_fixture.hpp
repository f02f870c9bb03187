// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>

#include "journal/writer.hpp"
#include "support/fake_hub.hpp"
#include "support/fake_timers.hpp"
#include "support/temp_directory.hpp"
#include "uplink/shipment.hpp"

namespace ostler::uplink {

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
    ASSERT_TRUE(writer().append_verdict({journal::Cause::Exited, status, 0, ""}));
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
      options.takes_events = test.takes_events_;
      shipment = Shipment::open({io.get_executor(), test.pool_, api, test.clock_, test.metrics_},
                                std::move(options), test)
                     .value();
      tasks.spawn(keep(*shipment, delivery));
    }

    static boost::asio::awaitable<void> keep(Shipment& shipment, std::optional<Delivery>& into) {
      into = co_await shipment.run();
    }

    boost::asio::io_context io;
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
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    bool is_enough = enough();
    while (!is_enough && std::chrono::steady_clock::now() < deadline) {
      attempt.io.run_one_for(std::chrono::milliseconds(10));
      is_enough = enough();
    }
    EXPECT_TRUE(is_enough);
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

  void write_event(const std::string& kind, const std::string& json) {
    ASSERT_TRUE(
        writer().append(journal::RecordType::Event, encode(journal::EventNote{kind, json})));
  }
  /// The data of all events that came, by sequence.
  std::string told() {
    std::string all;
    for (const auto& [sequence, event] : job().events) {
      all += event["kind"].get<std::string>() + " " + event["data"].dump() + "\n";
    }
    return all;
  }

  support::FakeHub hub_;
  std::string job_;
  bool takes_events_ = true;

  void ask(std::uint64_t) override {}

  const support::TempDirectory home_;
  const SystemClock clock_;
  diag::AgentMetrics metrics_{"", "default"};
  support::FakeTimers timers_;
  net::WorkPool pool_;
  std::optional<journal::Writer> writer_;
};

}  // namespace ostler::uplink
