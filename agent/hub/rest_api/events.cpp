// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>

#include "hub/rest_api/event_streams.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"

namespace ostler::rest_api {
namespace {

Result<std::int64_t> read_count(std::string_view name, const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec == std::errc() && read.ptr == end && number >= 0) return number;
  return bad_request(std::string(name) + " must be a whole number");
}

/// Where a client wants to go on. A browser cannot send the header with its first request.
Result<std::optional<std::int64_t>> read_last_event_id(const Call& call) {
  const auto text = call.last_event_id.empty() ? call.query.value("last_event_id")
                                               : std::optional(call.last_event_id);
  if (!text) return std::optional<std::int64_t>();
  OSTLER_TRY(const std::int64_t id, read_count("Last-Event-ID", *text));
  return std::optional(id);
}

/// What tells a browser not to come back.
net::ServerResponse nothing_more() { return {.status = 204}; }

net::ServerResponse stream_of(std::unique_ptr<net::BodySource> source) {
  net::ServerResponse response;
  response.headers = {{"Content-Type", "text/event-stream"}, {"X-Accel-Buffering", "no"}};
  response.body = std::move(source);
  return response;
}

boost::asio::awaitable<boost::asio::any_io_executor> begin_stream(const Call& call) {
  co_await hub::enable_total_cancellation();
  call.peer->cancel_on_hang_up();
  co_return co_await hub::this_executor();
}

/// Where the last `tail` bytes of a log begin, from the begin of a line on where there is one.
Lookup<std::int64_t> find_tail(const Backend& backend, JobId job, std::int64_t size,
                               std::int64_t tail) {
  constexpr std::int64_t kLongestLine = 64 << 10;
  if (tail >= size) co_return 0;
  const std::int64_t begin = size - tail;
  OSTLER_CO_TRY(const std::string text,
                co_await backend.store.read_log(
                    {.job = job, .offset = begin, .limit = std::min(tail, kLongestLine)}));
  const std::size_t line = text.find('\n');
  co_return line == text.npos ? begin : begin + static_cast<std::int64_t>(line) + 1;
}

/// Errors: UserFault. An id beyond the log is of another log, such as one that a backup did not
/// have yet.
Lookup<std::int64_t> log_begin(const Backend& backend, const Call& call, JobId job,
                               const store::LogExtent& extent) {
  OSTLER_CO_TRY(const auto id, read_last_event_id(call));
  if (id) co_return *id > extent.size && !extent.complete ? 0 : *id;
  const auto tail = call.query.value("tail");
  if (!tail) co_return 0;
  OSTLER_CO_TRY(const std::int64_t bytes, read_count("tail", *tail));
  co_return co_await find_tail(backend, job, extent.size, bytes);
}

}  // namespace

Answer stream_build_events(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundBuild found, co_await find_build(backend, call));
  OSTLER_CO_TRY(const auto id, read_last_event_id(call));
  const model::Build& build = found.build;
  if (id == build.last_event && is_terminal(build.state)) co_return nothing_more();
  // A number that the build has not come to was given out by a store that a backup has replaced.
  const std::int64_t after = id.value_or(0) > build.last_event ? 0 : id.value_or(0);
  OSTLER_CO_TRY(auto slot, backend.events.take_slot());
  const auto executor = co_await begin_stream(call);
  co_return stream_of(std::make_unique<BuildEventSource>(
      backend, std::move(slot), BuildEventSource::From{build.id, after, build.last_event},
      executor));
}

Answer stream_log(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundJob found, co_await find_job(backend, call));
  const JobId job = found.job.id;
  OSTLER_CO_TRY(const auto extent, co_await backend.store.log_extent(job));
  OSTLER_CO_TRY(const std::int64_t begin, co_await log_begin(backend, call, job, extent));
  const bool is_resumed = begin > 0 && !call.query.value("tail");
  if (is_resumed && extent.complete && begin >= extent.size) co_return nothing_more();
  OSTLER_CO_TRY(auto slot, backend.events.take_slot());
  const auto executor = co_await begin_stream(call);
  co_return stream_of(
      std::make_unique<LogEventSource>(backend, std::move(slot), job, begin, executor));
}

}  // namespace ostler::rest_api
