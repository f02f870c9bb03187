// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_streams.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "cli/exit.hpp"

namespace ostler::cli {

namespace asio = boost::asio;

namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr PollPace::Limits kComeBack{.shortest = 100ms, .longest = 5s};
constexpr auto kLongestOutage = 5min;
/// Three heartbeats of the hub.
constexpr std::chrono::seconds kLongestSilence{45};
constexpr std::chrono::milliseconds kConnectTime{10'000};

constexpr int kTooManyRequests = 429;
/// The longest window in which calls are counted. Source: rest-api, 4.
constexpr std::chrono::seconds kLongestWindow{120};

/// Of a refusal: when to come again, which it says in seconds. Zero: it does not say.
std::chrono::seconds said_pause(const net::HttpResponse& refusal) {
  const std::string_view text = refusal.header("Retry-After");
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::clamp(std::chrono::seconds(seconds), 0s, kLongestWindow);
}

std::string words_for(const Error& error) {
  return error.native() == kTooManyRequests
             ? "the hub takes no more calls of this token for now; waiting for it"
             : "the hub does not answer; waiting for it";
}

bool may_pass(const Error& error) {
  return error.code() == Errc::Unavailable || error.code() == Errc::Timeout;
}

/// Waits before the next attempt, as long as that makes sense.
class Patience {
 public:
  Patience(net::Timers& timers, HubStreams::Away away) : timers_(timers), away_(std::move(away)) {}

  /// The server has answered.
  void renew() {
    pace_.hurry();
    gives_up_at_.reset();
    has_told_ = false;
  }
  /// Whether to try again, after what the hub asked for at least. False when the time is over or
  /// the caller was cancelled.
  asio::awaitable<bool> wait(const Error* why, std::chrono::seconds asked_for) {
    const auto now = std::chrono::steady_clock::now();
    if (!gives_up_at_) gives_up_at_ = now + kLongestOutage;
    if (now >= *gives_up_at_) co_return false;
    if (why != nullptr && !std::exchange(has_told_, true) && away_) away_(words_for(*why));
    const auto pause = std::max<std::chrono::nanoseconds>(pace_.next(), asked_for);
    co_return co_await timers_.sleep(
        std::min<std::chrono::nanoseconds>(pause, *gives_up_at_ - now));
  }

 private:
  net::Timers& timers_;
  HubStreams::Away away_;
  PollPace pace_{kComeBack};
  std::optional<SteadyTime> gives_up_at_;
  bool has_told_ = false;
};

bool is_event_stream(const net::HttpResponse& head) {
  return head.header("Content-Type").starts_with("text/event-stream");
}

}  // namespace

struct HubStreams::Progress {
  std::string last_id;
  net::ServerEventReader reader{};
  bool is_stream = false;   ///< something of it came in this attempt
  bool is_alive = false;    ///< an event came, or a heartbeat
  bool is_refused = false;  ///< by who takes the events
  bool has_ended = false;
  std::chrono::seconds pause{0};  ///< that the hub asked for
};

asio::awaitable<Result<bool>> HubStreams::follow(Stream stream) {
  Patience patience(timers_, stream.away);
  Progress progress{.last_id = stream.last_id};
  for (;;) {
    progress.reader = {};
    progress.is_stream = progress.is_alive = false;
    progress.pause = 0s;
    const auto broken = co_await read_once(stream, progress);
    if (broken && broken.value() != Break::Closed) co_return broken.value() == Break::End;
    if (!broken && (progress.is_refused || !may_pass(broken.error()))) co_return broken.error();
    if (progress.is_alive) patience.renew();
    const bool goes_on = co_await patience.wait(broken ? nullptr : &broken.error(), progress.pause);
    if (co_await net::is_cancelled()) co_return Error(Errc::Cancelled, "no longer wanted");
    if (!goes_on && !broken) co_return broken.error();
    if (!goes_on) co_return Error(Errc::Unavailable, "the hub closes every stream at once");
  }
}

asio::awaitable<Result<HubStreams::Break>> HubStreams::read_once(const Stream& stream,
                                                                 Progress& progress) {
  net::HttpRequest request = hub_.request_to(stream.path);
  request.headers.emplace_back("Accept", "text/event-stream");
  if (!progress.last_id.empty()) request.headers.emplace_back("Last-Event-ID", progress.last_id);
  request.connect_timeout = kConnectTime;
  request.total_timeout = 0ms;
  request.idle_timeout = kLongestSilence;
  request.body_sink = [&](const net::HttpResponse& head, std::string_view piece) -> Result<void> {
    if (!is_event_stream(head)) return Error(Errc::NotFound, "no stream");
    progress.is_stream = true;
    const auto events = progress.reader.feed(piece);
    progress.is_alive = progress.is_alive || !events.empty() || piece.starts_with(':');
    if (events.empty()) return success();
    auto taken = stream.take(events);
    progress.is_refused = !taken;
    if (!taken) return taken;
    if (!events.back().id.empty()) progress.last_id = events.back().id;
    progress.has_ended = progress.has_ended || events.back().name == "end";
    return success();
  };
  const auto answer = co_await http_.send(request);
  if (progress.has_ended) co_return Break::End;
  if (!answer && answer.error().code() == Errc::NotFound) co_return Break::NoStream;
  if (!answer) co_return answer.error();
  constexpr int kNothingMore = 204;
  const int status = answer.value().status;
  if (status == kNothingMore) co_return Break::End;
  const bool has_none = status == 404 || status == 405 || status == 406 || status == 501;
  if (has_none) co_return Break::NoStream;
  progress.pause = said_pause(answer.value());
  if (!answer.value().ok()) co_return hub_.refusal(request, answer.value());
  co_return progress.is_stream ? Break::Closed : Break::NoStream;
}

asio::awaitable<Result<net::HttpResponse>> HubStreams::get(std::string path,
                                                           net::HttpHeaders headers, Away away) {
  Patience patience(timers_, std::move(away));
  net::HttpRequest request = hub_.request_to(path);
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  request.connect_timeout = kConnectTime;
  for (;;) {
    auto answer = co_await http_.send(request);
    const auto pause = answer ? said_pause(answer.value()) : 0s;
    if (!answer) answer = hub_.silence(request, answer.error());
    if (answer && !answer.value().ok()) answer = hub_.refusal(request, answer.value());
    if (answer || !may_pass(answer.error())) co_return answer;
    if (!co_await patience.wait(&answer.error(), pause)) co_return answer;
  }
}

asio::awaitable<Result<void>> HubStreams::put(std::string path, std::string body) {
  net::HttpRequest request = hub_.request_to(path);
  request.method = "PUT";
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  const auto answer = co_await http_.send(request);
  if (!answer) co_return hub_.silence(request, answer.error());
  if (!answer.value().ok()) co_return hub_.refusal(request, answer.value());
  co_return success();
}

namespace {

/// What `call` makes of the streams that it is given.
template <class T, class Call>
Result<T> run_alone(const HubClient& hub, Call call) {
  asio::io_context io(1);
  HubStreams streams(hub, io.get_executor());
  std::optional<Result<T>> outcome;
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { outcome.emplace(co_await call(streams)); },
      [](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
      });
  io.run();
  return std::move(*outcome);
}

}  // namespace

void remark_away(const std::string& words) { remark("ostler: " + words); }

Result<bool> follow_stream(const HubClient& hub, HubStreams::Stream stream) {
  return run_alone<bool>(hub,
                         [&](HubStreams& streams) { return streams.follow(std::move(stream)); });
}

Result<net::HttpResponse> wait_for_answer(const HubClient& hub, const std::string& path,
                                          const HubStreams::Away& away) {
  return run_alone<net::HttpResponse>(
      hub, [&](HubStreams& streams) { return streams.get(path, {}, away); });
}

}  // namespace ostler::cli
