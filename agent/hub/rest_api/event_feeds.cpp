// SPDX-License-Identifier: Apache-2.0
#include "hub/rest_api/event_feeds.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "net/server_events.hpp"
#include "wire/rest_event.hpp"

namespace ostler::rest_api {
namespace {

/// What a feed keeps for listeners that are a little behind.
constexpr std::size_t kMostBatches = 64;
constexpr std::size_t kMostBytes = 256u << 10;
constexpr std::int64_t kEventsPerRead = 200;
/// For so long what was read counts as all there is, unless somebody says that there is more: word
/// of a change may be lost.
constexpr std::chrono::seconds kTrusted{15};
/// Half of the connections that the server takes: agents need the rest.
constexpr int kMostSlots = 10'000;

std::string text_of(const std::vector<model::BuildEvent>& events) {
  std::string text;
  for (const model::BuildEvent& event : events) {
    text += net::encode_server_event({std::to_string(event.number),
                                      std::string(wire::rest_event_name(event)),
                                      wire::encode_rest_event(event)});
  }
  return text;
}

}  // namespace

void EventFeeds::changed(const std::vector<BuildId>& builds) {
  feeds_.with([&](Feeds& feeds) {
    for (const BuildId build : builds) {
      const auto found = feeds.find(build);
      if (found == feeds.end()) continue;
      found->second.is_stale = true;
      wake_one(found->second);
    }
  });
}

Result<EventFeeds::Slot> EventFeeds::take_slot() {
  const bool is_free = slots_taken_->with([](int& taken) {
    if (taken == kMostSlots) return false;
    ++taken;
    return true;
  });
  if (is_free) return Slot(slots_taken_);
  return Error(Errc::Unavailable, "too many streams are open");
}

EventFeeds::Slot::~Slot() {
  if (taken_) taken_->with([](int& taken) { --taken; });
}

/// Enough of them to have the store read: that one wakes the others when there is news.
void EventFeeds::wake_one(Feed& feed) {
  if (!feed.is_stale || feed.is_reading || feed.idle.empty()) return;
  (*feed.idle.begin())->wake();
  feed.idle.erase(feed.idle.begin());
}

void EventFeeds::add(Feed& feed, store::BuildEventSlice slice) {
  const bool was_over = feed.is_over;
  if (!slice.events.empty()) {
    auto text = std::make_shared<const std::string>(text_of(slice.events));
    feed.bytes += text->size();
    feed.end = slice.events.back().number;
    feed.batches.push_back({slice.events.front().number, feed.end, std::move(text)});
  }
  while (feed.batches.size() > kMostBatches || feed.bytes > kMostBytes) {
    feed.bytes -= feed.batches.front().text->size();
    feed.batches.pop_front();
  }
  if (std::ssize(slice.events) == kEventsPerRead) feed.is_stale = true;
  feed.read_at = std::chrono::steady_clock::now();
  feed.state = slice.state;
  feed.is_over = is_terminal(slice.state) && feed.end >= slice.last;
  // Who came while this was read waits for its end, and of a build that is over nothing else comes.
  if (slice.events.empty() && feed.is_over == was_over && !feed.is_over) return;
  for (hub::Waiter* const waiter : feed.idle) waiter->wake();
  feed.idle.clear();
}

EventFeeds::Listener::Listener(EventFeeds& feeds, BuildId build, std::int64_t after,
                               std::int64_t last, const boost::asio::any_io_executor& executor)
    : feeds_(feeds), build_(build), after_(after), waiter_(executor) {
  feeds_.feeds_.with([&](Feeds& all) {
    const auto [at, is_new] = all.try_emplace(build_);
    Feed& feed = at->second;
    if (is_new) feed.end = last;
    if (last > feed.end) feed.is_stale = true;
    ++feed.listeners;
  });
}

EventFeeds::Listener::~Listener() {
  feeds_.feeds_.with([&](Feeds& all) {
    const auto at = all.find(build_);
    Feed& feed = at->second;
    feed.idle.erase(&waiter_);
    if (--feed.listeners == 0) {
      all.erase(at);
    } else {
      wake_one(feed);  // this one may have been woken and have gone before it looked
    }
  });
}

boost::asio::awaitable<Result<EventFeeds::Listener::News>> EventFeeds::Listener::next(
    std::chrono::nanoseconds limit) {
  for (bool has_waited = false;;) {
    Decision decision = decide();
    switch (decision.move) {
      case Move::Deliver:
        after_ = decision.batch.last;
        co_return News{.text = *decision.batch.text};
      case Move::ReadAlone: co_return co_await read_alone();
      case Move::ReadForAll: {
        OSTLER_CO_TRY(co_await read_for_all());
        break;
      }
      case Move::End: co_return News{.text = {}, .is_over = true, .state = decision.state};
      case Move::Wait:
        if (std::exchange(has_waited, true) || co_await hub::is_cancelled()) co_return News{};
        co_await waiter_.wait(limit);
    }
  }
}

EventFeeds::Listener::Decision EventFeeds::Listener::decide() {
  return feeds_.feeds_.with([&](Feeds& all) -> Decision {
    Feed& feed = all.at(build_);
    feed.idle.erase(&waiter_);
    if (after_ < feed.end) {
      const auto batch = std::ranges::find(feed.batches, after_ + 1, &Batch::first);
      if (batch == feed.batches.end()) return {.move = Move::ReadAlone};
      return {.move = Move::Deliver, .batch = *batch};
    }
    if (feed.is_reading) {
      feed.idle.insert(&waiter_);
      return {.move = Move::Wait};
    }
    const bool is_old = std::chrono::steady_clock::now() - feed.read_at >= kTrusted;
    if (std::exchange(feed.is_stale, false) || is_old) {
      feed.is_reading = true;
      return {.move = Move::ReadForAll};
    }
    if (feed.is_over) return {.move = Move::End, .state = feed.state};
    feed.idle.insert(&waiter_);
    return {.move = Move::Wait};
  });
}

boost::asio::awaitable<Result<EventFeeds::Listener::News>> EventFeeds::Listener::read_alone() {
  OSTLER_CO_TRY(const auto slice, co_await feeds_.store_.build_events(
                                      {.build = build_, .after = after_, .limit = kEventsPerRead}));
  if (slice.events.empty()) {
    co_return Error(Errc::Corrupt, "events of build " + build_.str() + " behind number " +
                                       std::to_string(after_) + " are missing");
  }
  after_ = slice.events.back().number;
  co_return News{.text = text_of(slice.events)};
}

/// The right to read for all, given back at its end whatever happens.
class EventFeeds::Listener::Turn {
 public:
  explicit Turn(Listener& listener) : listener_(listener) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    if (!is_done_) end(std::nullopt);
  }

  void end(std::optional<store::BuildEventSlice> slice) {
    is_done_ = true;
    listener_.feeds_.feeds_.with([&](Feeds& all) {
      Feed& feed = all.at(listener_.build_);
      feed.is_reading = false;
      if (slice) {
        add(feed, std::move(*slice));
      } else {
        feed.is_stale = true;
      }
    });
  }

 private:
  Listener& listener_;
  bool is_done_ = false;
};

boost::asio::awaitable<Result<void>> EventFeeds::Listener::read_for_all() {
  Turn turn(*this);
  const std::int64_t end = feeds_.feeds_.with([&](const Feeds& all) { return all.at(build_).end; });
  OSTLER_CO_TRY(auto slice, co_await feeds_.store_.build_events(
                                {.build = build_, .after = end, .limit = kEventsPerRead}));
  turn.end(std::move(slice));
  co_return success();
}

}  // namespace ostler::rest_api
