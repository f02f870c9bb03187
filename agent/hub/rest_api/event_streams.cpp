// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/event_streams.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "net/server_events.hpp"
#include "wire/rest_event.hpp"
#include "wire/rest_json.hpp"

namespace ostler::rest_api {
namespace {

/// Clients come back by themselves. Until then a token that was revoked still has its streams.
constexpr std::chrono::seconds kLeastStreamLife = std::chrono::minutes(25);
constexpr std::chrono::seconds kMostStreamLife = std::chrono::minutes(30);
/// What one event holds of a log; JSON makes up to six bytes of one.
constexpr std::int64_t kLogPiece = 256 << 10;

/// Streams that began together end apart, so that their clients do not come back together.
std::chrono::seconds some_stream_life() {
  static thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::seconds(
      std::uniform_int_distribution(kLeastStreamLife.count(), kMostStreamLife.count())(random));
}

/// How many bytes at the end of a text are the begin of a character of UTF-8.
std::size_t unfinished_bytes(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0) == 0x80) continue;
    const std::size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
    return whole > back ? back : 0;
  }
  return 0;
}

}  // namespace

StreamLife::StreamLife(const Clock& clock)
    : clock_(clock), ends_at_(clock.since_boot() + some_stream_life()) {}

bool StreamLife::is_over() const { return clock_.since_boot() >= ends_at_; }

BuildEventSource::BuildEventSource(const Backend& backend, EventFeeds::Slot slot, From from,
                                   const boost::asio::any_io_executor& executor)
    : slot_(std::move(slot)),
      listener_(backend.events, from.build, from.after, from.last, executor),
      life_(backend.clock) {}

boost::asio::awaitable<Result<std::string>> BuildEventSource::next() {
  if (std::exchange(place_, place_ == Place::Begin ? Place::Events : place_) == Place::Begin) {
    co_return std::string(StreamLife::kBegin);
  }
  if (place_ == Place::Ended || life_.is_over()) co_return std::string();
  OSTLER_CO_TRY(auto news, co_await listener_.next(StreamLife::kSilence));
  if (news.is_over) {
    place_ = Place::Ended;
    co_return net::encode_server_event({"", "end", wire::encode_rest_events_end(news.state)});
  }
  if (!news.text.empty()) co_return std::move(news.text);
  if (co_await hub::is_cancelled()) co_return std::string();
  co_return std::string(StreamLife::kHeartbeat);
}

LogEventSource::LogEventSource(const Backend& backend, EventFeeds::Slot slot, JobId job,
                               std::int64_t offset, const boost::asio::any_io_executor& executor)
    : store_(backend.store),
      slot_(std::move(slot)),
      job_(job),
      at_(offset),
      watch_(backend.logs, job, executor),
      life_(backend.clock) {}

boost::asio::awaitable<Result<std::string>> LogEventSource::next() {
  if (std::exchange(place_, place_ == Place::Begin ? Place::Log : place_) == Place::Begin) {
    co_return std::string(StreamLife::kBegin);
  }
  for (bool has_waited = false; place_ != Place::Ended && !life_.is_over();) {
    OSTLER_CO_TRY(std::string news, co_await read());
    if (!news.empty()) co_return news;
    if (co_await hub::is_cancelled()) break;
    if (std::exchange(has_waited, true)) co_return std::string(StreamLife::kHeartbeat);
    co_await watch_.waiter()->wait(StreamLife::kSilence);
  }
  co_return std::string();
}

/// The next event; empty when there is none yet.
boost::asio::awaitable<Result<std::string>> LogEventSource::read() {
  if (at_ >= known_.size) {
    OSTLER_CO_TRY(known_, co_await store_.log_extent(job_));
  }
  if (at_ >= known_.size && known_.complete) co_return end();
  if (at_ >= known_.size) co_return std::string();
  OSTLER_CO_TRY(std::string piece,
                co_await store_.read_log({.job = job_, .offset = at_, .limit = kLogPiece}));
  const std::int64_t reached = at_ + std::ssize(piece);
  if (piece.empty()) {  // removed meanwhile
    known_ = {};
    co_return end();
  }
  // A character that is not whole waits for its rest, which at the end of a log never comes.
  const bool is_last = known_.complete && reached >= known_.size;
  if (!is_last) piece.resize(piece.size() - unfinished_bytes(piece));
  if (piece.empty()) {
    known_ = {};
    co_return std::string();
  }
  const std::int64_t begin = std::exchange(at_, at_ + std::ssize(piece));
  co_return net::encode_server_event(
      {std::to_string(at_), "log", wire::encode_rest_log_event(begin, wire::json_string(piece))});
}

std::string LogEventSource::end() {
  place_ = Place::Ended;
  return net::encode_server_event(
      {std::to_string(at_), "end", wire::encode_rest_log_end(known_.size)});
}

}  // namespace ostler::rest_api
