// SPDX-License-Identifier: Apache-2.0
#include "cli/build_feed.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "cli/poll_pace.hpp"
#include "net/task_group.hpp"

namespace ostler::cli {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;

constexpr PollPace::Limits kPollPace{.shortest = 100ms, .longest = 1s};
/// A job that uploads steps brings many jobs at once: the build is got once for all of them.
constexpr auto kGather = 50ms;
/// Before a build is followed again that has gone on behind its end.
constexpr auto kAfterEnd = 500ms;

}  // namespace

asio::awaitable<Result<void>> BuildFeed::run() {
  OSTLER_CO_TRY(co_await refresh());
  while (!build_.finished_at) {
    OSTLER_CO_TRY(const bool has_stream, co_await follow());
    if (!has_stream) co_return co_await poll();
    OSTLER_CO_TRY(co_await refresh());
    if (!build_.finished_at) co_await timers_.sleep(kAfterEnd);
  }
  co_return success();
}

asio::awaitable<Result<bool>> BuildFeed::follow() {
  net::TaskGroup group(wanted_.executor());
  group.spawn(refresh_when_wanted());
  auto followed = co_await streams_.follow(
      {.path = path() + "/events",
       .last_id = last_event_ > 0 ? std::to_string(last_event_) : "",
       .take = [this](const std::vector<net::ServerEvent>& events) { return take(events); },
       .away = away()});
  group.cancel();
  co_await group.join();
  co_return followed;
}

asio::awaitable<Result<void>> BuildFeed::poll() {
  PollPace pace(kPollPace);
  while (!build_.finished_at) {
    if (!co_await timers_.sleep(pace.next())) co_return Error(Errc::Cancelled, "no longer wanted");
    OSTLER_CO_TRY(co_await refresh());
  }
  co_return success();
}

asio::awaitable<void> BuildFeed::refresh_when_wanted() {
  while (!co_await net::is_cancelled()) {
    if (!co_await wanted_.wait()) continue;
    if (!co_await timers_.sleep(kGather)) co_return;
    wanted_.reset();
    // What cannot be got now is got at the end, when its failure counts.
    static_cast<void>((co_await refresh()).has_value());
  }
}

asio::awaitable<Result<void>> BuildFeed::refresh() {
  meanwhile_.clear();
  is_refreshing_ = true;
  const auto answer = co_await streams_.get(path() + "?exclude_pipeline=true", {}, away());
  is_refreshing_ = false;
  if (!answer) co_return answer.error();
  OSTLER_CO_TRY(build_, wire::decode_rest_build(answer.value().body));
  const std::string_view said = answer.value().header("Ostler-Last-Event-Id");
  std::int64_t known = 0;
  std::from_chars(said.data(), said.data() + said.size(), known);
  for (const auto& event : meanwhile_) {
    if (event.id > known && !wire::apply_event(event, build_)) wanted_.set();
  }
  last_event_ = std::max(last_event_, known);
  listener_.build_changed(build_);
  co_return success();
}

Result<void> BuildFeed::take(const std::vector<net::ServerEvent>& events) {
  for (const net::ServerEvent& event : events) {
    if (event.name != "build" && event.name != "job") continue;
    OSTLER_TRY(auto news, wire::decode_rest_event(event.data));
    if (!wire::apply_event(news, build_)) wanted_.set();
    last_event_ = news.id;
    if (is_refreshing_) meanwhile_.push_back(std::move(news));
  }
  listener_.build_changed(build_);
  return success();
}

std::string BuildFeed::path() const {
  return "/pipelines/" + build_.pipeline + "/builds/" + std::to_string(build_.number);
}

}  // namespace ostler::cli
