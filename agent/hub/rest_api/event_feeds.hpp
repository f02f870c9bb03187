// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "hub/waiter.hpp"
#include "store/store.hpp"

namespace ostler::rest_api {

/// The newest events of the builds that somebody follows, as text that all who follow a build
/// share: a change costs one read of the store, however many they are. Who falls behind reads the
/// store for himself; nothing is queued for anybody. Thread-safe.
class EventFeeds {
 public:
  class Listener;
  class Slot;

  /// `store` outlives the feeds.
  explicit EventFeeds(store::Store& store) : store_(store) {}

  /// These builds may have new events.
  void changed(const std::vector<BuildId>& builds);

  /// Leave to keep a connection for long. Errors: Unavailable when too many have one.
  Result<Slot> take_slot();

 private:
  struct Batch {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::shared_ptr<const std::string> text;
  };
  struct Feed {
    std::int64_t end = 0;  ///< the number of the last event that was read
    std::deque<Batch> batches{};
    std::size_t bytes = 0;  ///< of their texts
    model::BuildState state = model::BuildState::Scheduled;
    bool is_over = false;  ///< the build has finished and `end` is its last event
    bool is_stale = true;  ///< the store may have more
    std::chrono::steady_clock::time_point read_at{};
    bool is_reading = false;  ///< a listener reads the store for all
    std::unordered_set<hub::Waiter*> idle{};
    int listeners = 0;
  };
  using Feeds = std::unordered_map<BuildId, Feed>;

  static void wake_one(Feed& feed);
  static void add(Feed& feed, store::BuildEventSlice slice);

  store::Store& store_;
  Guarded<Feeds> feeds_;
  std::shared_ptr<Guarded<int>> slots_taken_ = std::make_shared<Guarded<int>>(0);
};

/// Counts one connection that lasts, while it lives.
class EventFeeds::Slot {
 public:
  explicit Slot(std::shared_ptr<Guarded<int>> taken) : taken_(std::move(taken)) {}
  Slot(Slot&&) noexcept = default;
  Slot& operator=(Slot&&) = delete;
  ~Slot();

 private:
  std::shared_ptr<Guarded<int>> taken_;
};

/// One who follows a build. Used by one coroutine.
class EventFeeds::Listener {
 public:
  /// From the event behind `after` on; `last` is what the store says is the build's last one, which
  /// `after` is not behind. `executor` is that of the coroutine.
  Listener(EventFeeds& feeds, BuildId build, std::int64_t after, std::int64_t last,
           const boost::asio::any_io_executor& executor);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  struct News {
    std::string text;      ///< events in the form of a stream; empty: none came in time
    bool is_over = false;  ///< the build has finished and all its events were returned
    model::BuildState state = model::BuildState::Scheduled;  ///< of a build that is over
  };
  /// Waits at most `limit`. Cancel: `total` ends the wait, without news.
  /// Errors: those of the store; NotFound when the build has been removed.
  boost::asio::awaitable<Result<News>> next(std::chrono::nanoseconds limit);

 private:
  enum class Move : std::uint8_t { Deliver, ReadAlone, ReadForAll, Wait, End };
  struct Decision {
    Move move = Move::Wait;
    Batch batch{};
    model::BuildState state = model::BuildState::Scheduled;
  };
  class Turn;

  Decision decide();
  boost::asio::awaitable<Result<News>> read_alone();
  boost::asio::awaitable<Result<void>> read_for_all();

  EventFeeds& feeds_;
  BuildId build_;
  std::int64_t after_;
  hub::Waiter waiter_;
};

}  // namespace ostler::rest_api
