// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <list>
#include <unordered_set>
#include <utility>

#include "base/assert.hpp"
#include "net/http_connection.hpp"
#include "net/stream_socket.hpp"

namespace ostler::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto kServerAsTuple = asio::as_tuple(asio::use_awaitable);
/// How long accepting rests after an error such as "no more descriptors".
constexpr std::chrono::milliseconds kAcceptRest{100};
/// How long a stop waits for another connection to end before it tells those that are idle again.
constexpr std::chrono::milliseconds kStopAgain{100};

UniqueFd accept_one(int listener) {
  UniqueFd socket(::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  const int on = 1;
  if (socket) ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

/// Who is at the other end; empty when that is not an IP address.
std::string peer_address(int socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  auto* const address = reinterpret_cast<sockaddr*>(&peer);
  if (::getpeername(socket, address, &size) != 0 || peer.ss_family == AF_UNIX) return {};
  std::array<char, 128> text{};
  const bool is_said =
      ::getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0;
  // An address of one link names the interface behind a "%".
  return is_said ? std::string(text.data(), std::strcspn(text.data(), "%")) : std::string();
}

}  // namespace

/// What accept loops, connections and `stop` share; every member is touched on `strand_` only.
class HttpServer::Core final : public std::enable_shared_from_this<Core> {
 public:
  Core(const asio::any_io_executor& executor, RequestHandler& handler, HttpServerOptions options)
      : executor_(executor),
        strand_(asio::make_strand(executor)),
        changed_(strand_, std::chrono::steady_clock::time_point::max()),
        handler_(handler),
        options_(options) {}

  asio::any_io_executor strand() const { return strand_; }

  void serve(Listener listener) {
    ++accept_loops_;
    asio::post(strand_, [self = shared_from_this(), listener = std::move(listener)]() mutable {
      auto& door = self->doors_.emplace_back(
          Door{.socket = asio::posix::stream_descriptor(self->strand_, listener.socket.release()),
               .same_user_only = listener.same_user_only,
               .open_stream = std::move(listener.open_stream)});
      if (self->stopping_) door.socket.close();
      asio::co_spawn(self->strand_, self->accept_from(door), [self](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
        --self->accept_loops_;
        self->changed_.cancel();
      });
    });
  }

  asio::awaitable<void> stop(std::chrono::milliseconds grace) {
    stopping_ = true;
    error_code ignored;  // closed already
    for (Door& door : doors_) door.socket.close(ignored);
    changed_.cancel();
    for_each_connection(&HttpConnection::begin_stop);
    asio::steady_timer end_of_grace(strand_, grace);
    end_of_grace.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->for_each_connection(&HttpConnection::cut);
    });
    // A cut connection ends when its handler returns; handlers keep deadlines of their own.
    while (!is_idle()) {
      changed_.expires_after(kStopAgain);
      const auto [error] = co_await changed_.async_wait(kServerAsTuple);
      if (!error) for_each_connection(&HttpConnection::stop_if_idle);
    }
  }

  /// Whether nothing of the server runs. Read after `stop`, when no other thread touches it.
  bool is_idle() const { return connections_.empty() && accept_loops_ == 0; }

 private:
  struct Door {
    asio::posix::stream_descriptor socket;
    bool same_user_only;
    StreamOpener open_stream;
  };
  using ConnectionAction = void (HttpConnection::*)();

  asio::awaitable<void> accept_from(Door& door) {
    while (!stopping_) {
      if (connections_.size() >= options_.max_connections) {
        co_await changed_.async_wait(kServerAsTuple);
        continue;
      }
      UniqueFd socket = accept_one(door.socket.native_handle());
      if (socket) {
        if (!door.same_user_only || is_same_user(socket.get())) adopt(door, std::move(socket));
      } else if (errno == EAGAIN) {
        co_await door.socket.async_wait(door.socket.wait_read, kServerAsTuple);
      } else if (errno != ECONNABORTED && errno != EINTR) {
        co_await asio::steady_timer(strand_, kAcceptRest).async_wait(kServerAsTuple);
      }
    }
  }

  void adopt(const Door& door, UniqueFd socket) {
    std::string address = peer_address(socket.get());
    const auto connection = std::make_shared<HttpConnection>(
        open_stream(door, std::move(socket)), std::move(address), handler_, options_);
    connections_.insert(connection);
    connection->start([self = shared_from_this(), raw = connection.get()] {
      asio::post(self->strand_, [self, raw] {
        self->connections_.erase(raw->shared_from_this());
        self->changed_.cancel();
      });
    });
    if (stopping_) tell(connection, &HttpConnection::begin_stop);
  }

  std::unique_ptr<Stream> open_stream(const Door& door, UniqueFd socket) {
    const asio::any_io_executor strand = asio::make_strand(executor_);
    if (door.open_stream) return door.open_stream(std::move(socket), strand);
    return std::make_unique<StreamSocket>(std::move(socket), strand);
  }

  void for_each_connection(ConnectionAction action) {
    for (const auto& connection : connections_) tell(connection, action);
  }

  static void tell(const std::shared_ptr<HttpConnection>& connection, ConnectionAction action) {
    asio::post(connection->executor(), [connection, action] { ((*connection).*action)(); });
  }

  asio::any_io_executor executor_;
  asio::strand<asio::any_io_executor> strand_;
  /// Cancelled when a connection or accept loop ends; due in `stop` only.
  asio::steady_timer changed_;
  RequestHandler& handler_;
  HttpServerOptions options_;
  std::list<Door> doors_;
  std::unordered_set<std::shared_ptr<HttpConnection>> connections_;
  std::atomic<int> accept_loops_ = 0;
  bool stopping_ = false;
};

HttpServer::HttpServer(const asio::any_io_executor& executor, RequestHandler& handler,
                       HttpServerOptions options)
    : core_(std::make_shared<Core>(executor, handler, options)) {}

HttpServer::~HttpServer() { OSTLER_ASSERT(core_->is_idle()); }

void HttpServer::serve(Listener listener) { core_->serve(std::move(listener)); }

Result<std::uint16_t> HttpServer::listen_tcp(const std::string& host, std::uint16_t port) {
  OSTLER_TRY(auto listener, listen_on_tcp(host, port));
  const std::uint16_t bound = listener.port;
  serve(std::move(listener));
  return bound;
}

Result<void> HttpServer::listen_unix(const std::filesystem::path& path) {
  OSTLER_TRY(auto listener, listen_on_unix(path));
  serve(std::move(listener));
  return success();
}

asio::awaitable<void> HttpServer::stop(std::chrono::milliseconds grace) {
  const auto core = core_;
  co_await asio::co_spawn(core->strand(), core->stop(grace), asio::use_awaitable);
}

}  // namespace ostler::net
