// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "hub/rest_api/call.hpp"
#include "hub/rest_api/event_feeds.hpp"
#include "hub/watch.hpp"

// Answers that go on: the events of a build, and a log as it grows.
namespace ostler::rest_api {

/// When a stream must say something, and when it ends for its client to come back.
class StreamLife {
 public:
  explicit StreamLife(const Clock& clock);
  bool is_over() const;
  /// What a stream that has nothing to say sends after so long a silence.
  static constexpr std::chrono::seconds kSilence{15};
  static constexpr std::string_view kHeartbeat = ":\n\n";
  /// The begin of every stream.
  static constexpr std::string_view kBegin = "retry: 1000\n\n";

 private:
  const Clock& clock_;
  std::chrono::nanoseconds ends_at_;
};

/// Ends when the build has finished and all its events are out.
class BuildEventSource final : public net::BodySource {
 public:
  struct From {
    BuildId build;
    std::int64_t after = 0;
    std::int64_t last = 0;  ///< as EventFeeds::Listener says it
  };
  BuildEventSource(const Backend& backend, EventFeeds::Slot slot, From from,
                   const boost::asio::any_io_executor& executor);

  /// Cancel: `total` ends the stream.
  boost::asio::awaitable<Result<std::string>> next() override;
  std::optional<std::uint64_t> size() const override { return std::nullopt; }

 private:
  enum class Place : std::uint8_t { Begin, Events, Ended };

  EventFeeds::Slot slot_;
  EventFeeds::Listener listener_;
  StreamLife life_;
  Place place_ = Place::Begin;
};

/// Ends when the log is complete and all of it is out. No character is cut in two.
class LogEventSource final : public net::BodySource {
 public:
  LogEventSource(const Backend& backend, EventFeeds::Slot slot, JobId job, std::int64_t offset,
                 const boost::asio::any_io_executor& executor);

  /// Cancel: `total` ends the stream.
  boost::asio::awaitable<Result<std::string>> next() override;
  std::optional<std::uint64_t> size() const override { return std::nullopt; }

 private:
  enum class Place : std::uint8_t { Begin, Log, Ended };

  boost::asio::awaitable<Result<std::string>> read();
  std::string end();

  store::Store& store_;
  EventFeeds::Slot slot_;
  JobId job_;
  std::int64_t at_;
  store::LogExtent known_;
  hub::JobWatch::Entry watch_;
  StreamLife life_;
  Place place_ = Place::Begin;
};

}  // namespace ostler::rest_api
