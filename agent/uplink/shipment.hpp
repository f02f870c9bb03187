// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "agent_client/agent_api.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "diag/agent_metrics.hpp"
#include "journal/reader.hpp"
#include "journal/ship_file.hpp"
#include "journal/verdict.hpp"
#include "net/async_event.hpp"
#include "net/task_group.hpp"
#include "net/work_pool.hpp"
#include "uplink/chunk_plan.hpp"
#include "uplink/event_plan.hpp"

// Ships what a job's journal holds to the server: log chunks as they come, then the finish.
namespace ostler::uplink {

/// What a shipment stands on. Everything outlives it.
struct Surroundings {
  boost::asio::any_io_executor strand;
  net::WorkPool& pool;  ///< for compressing
  agent_client::AgentApi& api;
  const Clock& clock;
  diag::AgentMetrics& metrics;
};

struct ShipmentOptions {
  std::string job;
  agent_client::Peer peer;  ///< with the job's token
  std::filesystem::path directory;
  std::uint64_t chunk_size = 0;
  std::chrono::seconds interval{1};
  Timestamp started_at;                     ///< told to the server
  bool ignore_agent_in_dispatches = false;  ///< told to the server at the finish
  bool takes_events = false;                ///< the server wants to be told of them
};

/// Says when a journal has grown: the keeper's Notify and Wake.
class GrowthSource {
 public:
  virtual ~GrowthSource() = default;
  /// Asks for one call of Shipment::journal_grew as soon as the journal holds more than `records`
  /// records. May be asked again before that.
  virtual void ask(std::uint64_t records) = 0;
};

/// How a job's reports ended.
enum class Delivery {
  Delivered,      ///< the server has acknowledged all of them
  RefusedStart,   ///< the server does not want this job run: nothing more is sent
  RefusedFinish,  ///< the server holds the job for finished by somebody else
  Interrupted,    ///< cancelled before that; the same shipment can be opened again
};

/// The reports of one job: start, log chunks, events, finish, each at least once in its fixed
/// extent, the finish strictly after all of these. Goes on where the ship file of an earlier agent
/// ends. Memory: at most kInFlight chunks. Runs on: `surroundings.strand`.
class Shipment {
 public:
  static constexpr std::size_t kInFlight = 3;
  static constexpr std::uint64_t kLargestChunk = 1u << 20;

  /// Errors: those of Reader::open and ShipFile::open.
  static Result<std::unique_ptr<Shipment>> open(const Surroundings& surroundings,
                                                ShipmentOptions options, GrowthSource& growth);
  /// Requires: run() has ended or was never called.
  ~Shipment() = default;

  /// Ships until the finish is acknowledged or refused, however long that takes.
  /// Cancel: Interrupted; another shipment of the job goes on, also in another process.
  boost::asio::awaitable<Delivery> run();

  /// The journal may have grown.
  void journal_grew() { changed_.set(); }
  /// Nobody writes the journal any more. If it has no verdict then, or cannot be read, the job is
  /// reported as lost.
  void journal_ended();

  /// Happens when the server answers start with a refusal.
  net::AsyncEvent& start_refused() { return start_refused_; }
  /// How many output bytes are in chunks that were cut, sent or not.
  std::uint64_t cut_output() const { return ship_.state().next_offset; }
  /// The verdict, once it was read.
  const std::optional<journal::Verdict>& verdict() const { return verdict_; }

 private:
  Shipment(const Surroundings& surroundings, ShipmentOptions options, GrowthSource& growth,
           journal::Reader reader, journal::ShipFile ship);

  boost::asio::awaitable<void> send_start();
  boost::asio::awaitable<void> ship_log();
  boost::asio::awaitable<Delivery> send_finish();
  boost::asio::awaitable<void> send_chunk(journal::Chunk chunk);
  boost::asio::awaitable<Result<void>> upload(journal::Chunk chunk);
  boost::asio::awaitable<void> send_events(std::vector<wire::JobEvent> events);
  boost::asio::awaitable<void> wait_for_change();

  void resend_unacknowledged();
  void scan();
  void take(const journal::Record& record);
  void take_event(const journal::Record& record);
  void cut_due_chunks();
  void launch_events();
  void launch(const journal::Chunk& chunk);
  void give_up(const journal::Chunk& chunk, const Error& error);
  void drop_shipped_segments();
  void conclude_without_verdict(std::string evidence);
  void must(Result<void> recorded);
  std::uint64_t pending() const;
  std::uint64_t handled() const;
  bool is_log_shipped() const;

  Surroundings around_;
  ShipmentOptions options_;
  GrowthSource& growth_;
  journal::Reader reader_;
  journal::ShipFile ship_;
  ChunkPlan plan_;
  EventPlan events_;
  net::AsyncEvent changed_;
  net::AsyncEvent start_over_;  ///< acknowledged or refused
  net::AsyncEvent start_refused_;
  std::uint64_t output_end_ = 0;  ///< output bytes that next() has passed
  std::uint64_t dropped_to_ = 0;  ///< output offset at the last look for segments to drop
  std::size_t in_flight_ = 0;
  std::optional<journal::Verdict> verdict_;
  Timestamp finished_at_;
  bool journal_ended_ = false;
  bool at_end_ = false;  ///< whether the last scan() read all there was
  bool unreadable_ = false;
  net::TaskGroup tasks_;
};

}  // namespace ostler::uplink
