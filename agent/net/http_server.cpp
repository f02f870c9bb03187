// SPDX-License-Identifier: Apache-2.0
#include "net/http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <unordered_set>
#include <utility>

#include "base/assert.hpp"
#include "net/http_connection.hpp"
#include "net/http_listen.hpp"

namespace ostler::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto kAsTuple = asio::as_tuple(asio::use_awaitable);
/// How long accepting rests after an error such as "no more descriptors".
constexpr std::chrono::milliseconds kAcceptRest{100};

/// A coroutine that throws has a bug: the process ends with the exception's text.
void rethrow(const std::exception_ptr& bug) {
  if (bug) std::rethrow_exception(bug);
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

  void start(Acceptor acceptor, bool same_user_only) {
    ++accept_loops_;
    asio::post(strand_,
               [self = shared_from_this(), same_user_only, socket = std::move(acceptor)]() mutable {
                 self->acceptors_.push_back(std::move(socket));
                 auto& kept = self->acceptors_.back();
                 asio::co_spawn(self->strand_, self->accept_from(kept, same_user_only),
                                [self](const std::exception_ptr& bug) {
                                  rethrow(bug);
                                  --self->accept_loops_;
                                  self->changed_.cancel();
                                });
               });
  }

  asio::awaitable<void> stop(std::chrono::milliseconds grace) {
    stopping_ = true;
    error_code ignored;  // closed already
    for (Acceptor& acceptor : acceptors_) acceptor.close(ignored);
    changed_.cancel();
    for_each_connection(&HttpConnection::begin_stop);
    asio::steady_timer end_of_grace(strand_, grace);
    end_of_grace.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->for_each_connection(&HttpConnection::cut);
    });
    // A cut connection ends when its handler returns; handlers keep deadlines of their own.
    while (!is_idle()) co_await changed_.async_wait(kAsTuple);
  }

  /// Whether nothing of the server runs. Read after `stop`, when no other thread touches it.
  bool is_idle() const { return connections_.empty() && accept_loops_ == 0; }

 private:
  using ConnectionAction = void (HttpConnection::*)();

  asio::awaitable<void> accept_from(Acceptor& acceptor, bool same_user_only) {
    while (!stopping_) {
      if (connections_.size() >= options_.max_connections) {
        co_await changed_.async_wait(kAsTuple);
        continue;
      }
      auto [error, socket] = co_await acceptor.async_accept(asio::make_strand(executor_), kAsTuple);
      if (error && !stopping_) {
        co_await asio::steady_timer(strand_, kAcceptRest).async_wait(kAsTuple);
      } else if (!error && (!same_user_only || is_same_user(socket.native_handle()))) {
        adopt(std::move(socket));
      }
    }
  }

  void adopt(HttpConnection::Socket socket) {
    error_code ignored;  // a unix socket has no such option
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    auto connection = std::make_shared<HttpConnection>(std::move(socket), handler_, options_);
    connections_.insert(connection);
    asio::co_spawn(connection->executor(), connection->run(),
                   asio::bind_cancellation_slot(
                       connection->cancellation_slot(),
                       [self = shared_from_this(), connection](const std::exception_ptr& bug) {
                         rethrow(bug);
                         asio::post(self->strand_, [self, connection] {
                           self->connections_.erase(connection);
                           self->changed_.cancel();
                         });
                       }));
    if (stopping_) tell(connection, &HttpConnection::begin_stop);
  }

  void for_each_connection(ConnectionAction action) {
    for (const auto& connection : connections_) tell(connection, action);
  }

  static void tell(const std::shared_ptr<HttpConnection>& connection, ConnectionAction action) {
    asio::post(connection->executor(), [connection, action] { ((*connection).*action)(); });
  }

  asio::any_io_executor executor_;
  asio::strand<asio::any_io_executor> strand_;
  asio::steady_timer changed_;  ///< never due; cancelled when a connection or accept loop ends
  RequestHandler& handler_;
  HttpServerOptions options_;
  std::list<Acceptor> acceptors_;
  std::unordered_set<std::shared_ptr<HttpConnection>> connections_;
  std::atomic<int> accept_loops_ = 0;
  bool stopping_ = false;
};

HttpServer::HttpServer(const asio::any_io_executor& executor, RequestHandler& handler,
                       HttpServerOptions options)
    : core_(std::make_shared<Core>(executor, handler, options)) {}

HttpServer::~HttpServer() { OSTLER_ASSERT(core_->is_idle()); }

Result<std::uint16_t> HttpServer::listen_tcp(const std::string& host, std::uint16_t port) {
  OSTLER_TRY(auto acceptor, listen_on_tcp(core_->strand(), host, port));
  const std::uint16_t bound = port_of(acceptor);
  core_->start(std::move(acceptor), false);
  return bound;
}

Result<void> HttpServer::listen_unix(const std::filesystem::path& path) {
  OSTLER_TRY(auto acceptor, listen_on_unix(core_->strand(), path));
  core_->start(std::move(acceptor), true);
  return success();
}

asio::awaitable<void> HttpServer::stop(std::chrono::milliseconds grace) {
  const auto core = core_;
  co_await asio::co_spawn(core->strand(), core->stop(grace), asio::use_awaitable);
}

}  // namespace ostler::net
