// SPDX-License-Identifier: Apache-2.0
#include "daemon/lock_server.hpp"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <charconv>
#include <utility>

#include "net/async_event.hpp"
#include "wire/lock_api.hpp"

namespace ostler::daemon {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kLargestBody = 16u << 10;

net::ServerResponse refuse(int status, std::string_view why) {
  return net::json_response(status, wire::encode_lock_error(why));
}

net::ServerResponse answer(const lock::Swap& swap) {
  return net::json_response(200, wire::encode_lock_swapped({swap.value, swap.swapped}));
}

std::chrono::seconds wait_of(const net::ServerRequest& request) {
  constexpr int kLongest = 3600;
  const std::string text = request.parameter("wait").value_or("");
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(std::clamp(seconds, 0, kLongest));
}

bool is_at(const net::ServerRequest& request, std::string_view path) {
  std::string_view at = std::string_view(request.target).substr(0, request.target.find('?'));
  while (at.ends_with('/')) at.remove_suffix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return at == path;
}

}  // namespace

asio::awaitable<net::ServerResponse> LockServer::handle(net::ServerRequest& request) {
  if (request.method == "GET" && is_at(request, wire::kLeaderPingPath)) {
    co_return net::json_response(200, wire::encode_leader_ping(clock_.now()));
  }
  if (!is_at(request, wire::kLockPath)) co_return refuse(404, "no such call");
  std::string key = request.parameter("key").value_or("");
  if (key.empty()) co_return refuse(404, "key missing");
  if (request.method == "PATCH") co_return co_await patch(request, std::move(key));
  if (request.method != "GET") co_return refuse(405, "a lock is read and patched");
  co_return net::json_response(200, wire::encode_lock_value(table_.value(key)));
}

asio::awaitable<net::ServerResponse> LockServer::patch(net::ServerRequest& request,
                                                       std::string key) {
  const auto body = co_await net::read_whole(*request.body, kLargestBody);
  if (!body) co_return refuse(400, body.error().message());
  const auto wanted = wire::decode_lock_swap(body.value());
  if (!wanted) co_return refuse(400, wanted.error().message());
  const auto done = table_.compare_and_swap(key, wanted.value().expected, wanted.value().next);
  if (!done) {
    co_return refuse(done.error().code() == Errc::UserFault ? 400 : 503, done.error().message());
  }
  if (done.value().swapped) listener_.changed();
  if (done.value().swapped || wait_of(request).count() == 0) co_return answer(done.value());
  co_return answer(
      co_await wait_in_line(request, std::move(key), wanted.value().expected, wanted.value().next));
}

asio::awaitable<lock::Swap> LockServer::wait_in_line(net::ServerRequest& request, std::string key,
                                                     std::string expected, std::string next) {
  co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
  net::AsyncEvent given(co_await asio::this_coro::executor);
  {
    const lock::LockTable::Place place(table_, key, expected, next, [&] { given.set(); });
    request.peer->cancel_on_hang_up();
    co_await given.wait(wait_of(request));
    if (!place.was_given()) co_return lock::Swap{table_.value(key), false};
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() == asio::cancellation_type::none) co_return lock::Swap{next, true};
  // Who waited has gone: nobody would ever release what it was given.
  const auto undone = table_.compare_and_swap(key, next, expected);
  if (undone) listener_.changed();
  co_return lock::Swap{table_.value(key), false};
}

}  // namespace ostler::daemon
