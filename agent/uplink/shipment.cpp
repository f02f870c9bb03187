// SPDX-License-Identifier: Apache-2.0
#include "uplink/shipment.hpp"

#include <algorithm>
#include <charconv>

#include "agent_client/retry.hpp"
#include "base/assert.hpp"
#include "diag/log.hpp"
#include "net/offload.hpp"
#include "net/timers.hpp"
#include "uplink/event_delivery.hpp"
#include "uplink/finish_report.hpp"
#include "uplink/gzip.hpp"

namespace ostler::uplink {
namespace {

namespace asio = boost::asio;
using journal::Milestone;

/// Larger pieces are compressed on the pool: a hop costs less than holding everybody up.
constexpr std::size_t kInlineCompression = 32u * 1024;
/// How much must be acknowledged before it is worth a look for segments to drop.
constexpr std::uint64_t kDropStep = 8u << 20;
/// How long a job's first output is gathered: a short job needs one chunk, and nobody who watches
/// sees the difference.
constexpr std::chrono::milliseconds kGathering{100};
constexpr std::string_view kFailedChunks = "failed-chunks";

asio::awaitable<std::string> compress(net::WorkPool& pool, std::string bytes) {
  if (bytes.size() <= kInlineCompression) co_return gzip(bytes);
  co_return co_await net::offload(pool, [bytes = std::move(bytes)] { return gzip(bytes); });
}

std::int64_t failed_chunks(const journal::ShipState& state) {
  const auto found = state.ids.find(kFailedChunks);
  std::int64_t count = 0;
  if (found != state.ids.end()) {
    const auto& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), count);
  }
  return count;
}

}  // namespace

Result<std::unique_ptr<Shipment>> Shipment::open(const Surroundings& surroundings,
                                                 ShipmentOptions options, GrowthSource& growth) {
  OSTLER_TRY(auto reader, journal::Reader::open(options.directory));
  OSTLER_TRY(auto ship, journal::ShipFile::open(options.directory / "ship"));
  return std::unique_ptr<Shipment>(
      new Shipment(surroundings, std::move(options), growth, std::move(reader), std::move(ship)));
}

Shipment::Shipment(const Surroundings& surroundings, ShipmentOptions options, GrowthSource& growth,
                   journal::Reader reader, journal::ShipFile ship)
    : around_(surroundings),
      options_(std::move(options)),
      growth_(growth),
      reader_(std::move(reader)),
      ship_(std::move(ship)),
      plan_(std::clamp<std::uint64_t>(options_.chunk_size, 1, kLargestChunk), options_.interval,
            around_.clock.since_boot() + kGathering),
      changed_(around_.strand),
      start_over_(around_.strand),
      start_refused_(around_.strand),
      tasks_(around_.strand) {}

asio::awaitable<Delivery> Shipment::run() {
  tasks_.spawn(send_start());
  resend_unacknowledged();
  co_await ship_log();
  co_await start_over_.wait();
  const bool interrupted = co_await net::is_cancelled();
  if (interrupted || start_refused_.is_set()) tasks_.cancel();
  co_await tasks_.join();
  if (interrupted) co_return Delivery::Interrupted;
  if (start_refused_.is_set()) co_return Delivery::RefusedStart;
  co_return co_await send_finish();
}

asio::awaitable<void> Shipment::send_start() {
  if (!ship_.state().has(Milestone::StartAcknowledged)) {
    must(ship_.record(Milestone::StartSent));
    const auto started =
        co_await around_.api.start(options_.peer, options_.job, options_.started_at);
    if (!started && started.error().code() == Errc::Cancelled) co_return;
    if (started) {
      must(ship_.record(Milestone::StartAcknowledged));
    } else if (!started.error().retryable()) {
      diag::warn("the server does not want the job run, it is cancelled",
                 {{"job", options_.job}, {"error", started.error().message()}});
      start_refused_.set();
    }
  }
  start_over_.set();
  changed_.set();
}

void Shipment::resend_unacknowledged() {
  for (const auto& [sequence, chunk] : ship_.state().unacknowledged) launch(chunk);
}

asio::awaitable<void> Shipment::ship_log() {
  for (;;) {
    changed_.reset();
    scan();
    cut_due_chunks();
    launch_events();
    if (is_log_shipped() || start_refused_.is_set() || co_await net::is_cancelled()) co_return;
    co_await wait_for_change();
  }
}

asio::awaitable<void> Shipment::wait_for_change() {
  if (at_end_ && !verdict_ && !journal_ended_) growth_.ask(reader_.position().records);
  const bool has_room = in_flight_ < kInFlight;
  const auto due_at = has_room ? plan_.due_at(pending()) : std::nullopt;
  if (!due_at) {
    co_await changed_.wait();
    co_return;
  }
  const auto wait = *due_at - around_.clock.since_boot();
  co_await changed_.wait(std::max(wait, std::chrono::nanoseconds(0)));
}

/// Reads on until a full chunk can be cut, so that nothing is read long before it is sent.
void Shipment::scan() {
  at_end_ = false;
  while (!verdict_ && !unreadable_ && pending() < kLargestChunk && !events_.is_full()) {
    const auto record = reader_.next();
    if (!record) {
      diag::error("the job's journal cannot be read, the rest of its log is lost",
                  {{"job", options_.job}, {"error", record.error().message()}});
      unreadable_ = true;
      break;
    }
    at_end_ = !record.value();
    if (at_end_) break;
    take(*record.value());
  }
  if (journal_ended_ && !verdict_ && pending() < kLargestChunk) {
    conclude_without_verdict(unreadable_ ? "the job's journal cannot be read"
                                         : "the job's journal has no verdict");
  }
}

void Shipment::take(const journal::Record& record) {
  output_end_ = record.at.output;
  if (record.type == journal::RecordType::Output) output_end_ += record.payload.size();
  if (record.type == journal::RecordType::Event) take_event(record);
  if (record.type != journal::RecordType::Verdict) return;
  auto verdict = journal::decode_verdict(record.payload);
  if (!verdict) return conclude_without_verdict(verdict.error().message());
  verdict_ = std::move(verdict).value();
  finished_at_ = record.time;
}

void Shipment::take_event(const journal::Record& record) {
  const bool is_told = record.at.records < ship_.state().handled;
  if (is_told || !options_.takes_events) return;
  auto note = journal::decode_event(record.payload);
  if (!note) return;  // written by a worker of ours and checked by its sum: not worth a job
  if (note.value().json.size() > wire::kLongestEventData) {
    diag::warn("an event of the job is longer than the server takes, it is left out",
               {{"job", options_.job},
                {"kind", note.value().kind},
                {"bytes", std::to_string(note.value().json.size())}});
    return;
  }
  events_.add({static_cast<std::int64_t>(record.at.records), record.time,
               std::move(note.value().kind), std::move(note.value().json)});
}

void Shipment::conclude_without_verdict(std::string evidence) {
  verdict_ = journal::Verdict{journal::Cause::KeeperLost, -1, 0, std::move(evidence)};
  finished_at_ = around_.clock.now();
}

void Shipment::journal_ended() {
  journal_ended_ = true;
  changed_.set();
}

std::uint64_t Shipment::pending() const {
  const std::uint64_t cut = ship_.state().next_offset;
  return output_end_ > cut ? output_end_ - cut : 0;
}

bool Shipment::is_log_shipped() const {
  return verdict_ && pending() == 0 && in_flight_ == 0 && events_.is_empty() &&
         start_over_.is_set();
}

void Shipment::cut_due_chunks() {
  while (in_flight_ < kInFlight) {
    const auto now = around_.clock.since_boot();
    const std::uint64_t size = plan_.due(pending(), verdict_.has_value(), now);
    if (size == 0) return;
    plan_.cut(now, agent_client::jitter());
    const auto chunk = ship_.record_chunk(size);
    if (!chunk) return must(chunk.error());  // tried again an interval later
    launch(chunk.value());
    scan();
  }
}

void Shipment::launch(const journal::Chunk& chunk) {
  ++in_flight_;
  tasks_.spawn(send_chunk(chunk));
}

asio::awaitable<void> Shipment::send_chunk(journal::Chunk chunk) {
  const auto sent = co_await upload(chunk);
  if (!sent && sent.error().code() == Errc::Cancelled) co_return;
  if (!sent) give_up(chunk, sent.error());
  must(ship_.acknowledge(chunk.sequence));
  --in_flight_;
  changed_.set();
  drop_shipped_segments();
}

void Shipment::launch_events() {
  auto batch = events_.begin_batch();
  if (!batch.empty()) tasks_.spawn(send_events(std::move(batch)));
}

asio::awaitable<void> Shipment::send_events(std::vector<wire::JobEvent> events) {
  if (!co_await start_over_.wait() || start_refused_.is_set()) co_return;
  const auto told =
      co_await deliver_events(around_.api, options_.peer, options_.job, std::move(events));
  if (!told) co_return;
  events_.end_batch();
  must(ship_.record_handled(handled()));
  changed_.set();
}

/// All records before it need nothing more but the shipping of their output.
std::uint64_t Shipment::handled() const {
  return std::max(ship_.state().handled, events_.first_open().value_or(reader_.position().records));
}

asio::awaitable<Result<void>> Shipment::upload(journal::Chunk chunk) {
  OSTLER_CO_TRY(auto bytes, reader_.read_output(chunk.offset, chunk.size));
  std::string packed = co_await compress(around_.pool, std::move(bytes));
  if (!co_await start_over_.wait() || start_refused_.is_set()) {
    co_return Error(Errc::Cancelled, "the job was not started");
  }
  const auto begun = around_.clock.since_boot();
  const std::size_t compressed = packed.size();
  const auto sent = co_await around_.api.send_chunk(
      options_.peer, options_.job, {chunk.sequence, chunk.offset, chunk.size, std::move(packed)});
  if (sent) {
    around_.metrics.chunk_sent(chunk.size, compressed, around_.clock.since_boot() - begun);
  }
  co_return sent;
}

void Shipment::give_up(const journal::Chunk& chunk, const Error& error) {
  around_.metrics.chunk_failed(chunk.size);
  diag::error("a piece of the job's log is lost", {{"job", options_.job},
                                                   {"sequence", std::to_string(chunk.sequence)},
                                                   {"bytes", std::to_string(chunk.size)},
                                                   {"error", error.message()}});
  must(ship_.record_id(kFailedChunks, std::to_string(failed_chunks(ship_.state()) + 1)));
}

void Shipment::drop_shipped_segments() {
  const std::uint64_t done = ship_.state().done().output;
  if (done < dropped_to_ + kDropStep) return;
  dropped_to_ = done;
  must(ship_.record_handled(handled()));
  must(reader_.drop_before(ship_.state().done()));
}

asio::awaitable<Delivery> Shipment::send_finish() {
  wire::FinishRequest report = finish_report(*verdict_, finished_at_);
  report.chunks_failed_count = failed_chunks(ship_.state());
  report.ignore_agent_in_dispatches = options_.ignore_agent_in_dispatches;
  for (;;) {
    if (co_await net::is_cancelled()) co_return Delivery::Interrupted;
    must(ship_.record(Milestone::FinishSent));
    const auto finished = co_await around_.api.finish(options_.peer, options_.job, report);
    if (finished) break;
    if (finished.error().retryable()) continue;
    if (finished.error().code() == Errc::Cancelled) co_return Delivery::Interrupted;
    diag::warn("the server has the job for finished already",
               {{"job", options_.job}, {"error", finished.error().message()}});
    co_return Delivery::RefusedFinish;
  }
  must(ship_.record(Milestone::FinishAcknowledged));
  co_return Delivery::Delivered;
}

/// A ship file that cannot be written (a full disk) costs only repeats after a restart: the server
/// takes those. Shipping goes on.
void Shipment::must(Result<void> recorded) {
  if (recorded) return;
  diag::warn("the ship file cannot be written",
             {{"job", options_.job}, {"error", recorded.error().message()}});
}

}  // namespace ostler::uplink
